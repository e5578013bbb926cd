/** `newday roles`: shows and restricts the rights of the server's database sessions. */
import { exitCodes, helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import { asTyped } from "./usage/invocation.ts";
import { languageOfCommand } from "./usage/usage-error.ts";
import { migrate } from "../db/migrations.ts";
import { prepareRoles, READER_ROLE, SESSION_ROLES, type RoleObstacle } from "../db/roles/roles.ts";
import { openCommandStore } from "./command-store.ts";
import { fillMessage, type Language, type Message } from "../lib/messages.ts";

/** Differs from usage (2) and faults (1): a deployment can insist on restricted sessions. */
const EXIT_UNRESTRICTED = 4;

interface RolesOptions {
  readonly json?: true;
}

export function registerRoles(program: Command): void {
  program
    .command("roles")
    .description(
      helpText({
        en: "make the roles that restrict the server's sessions, and say how to use them",
        zh: "创建限制服务器会话权限的角色，并说明如何使用",
      }),
    )
    .option(...jsonOption("object"))
    .addHelpText(
      "after",
      exitCodes({
        en: "0 restricted, 1 fault, 2 usage, 4 not restricted.",
        zh: "0 已限制，1 故障，2 用法错误，4 未限制。",
      }),
    )
    .action((options: RolesOptions) => roles(options));
}

async function roles({ json }: RolesOptions): Promise<void> {
  const store = await openCommandStore();
  try {
    await migrate(store.db);
    const obstacle = await prepareRoles(store.db);
    if (obstacle) process.exitCode = EXIT_UNRESTRICTED;
    const facts = { restricted: !obstacle, obstacle: obstacle ?? null, roles: SESSION_ROLES };
    const text = json ? JSON.stringify(facts) : describe(obstacle, languageOfCommand());
    process.stdout.write(`${json ? text : asTyped(text)}\n`);
  } finally {
    await store.close();
  }
}

const RESTRICTED: Message = {
  en: `the server runs as ${SESSION_ROLES.pool}, its posting engine as ${SESSION_ROLES.dedicated}: neither may change or remove what was posted`,
  zh: `服务器以 ${SESSION_ROLES.pool} 运行，记账引擎以 ${SESSION_ROLES.dedicated} 运行：二者都不能修改或删除已入账的记录`,
};

const OBSTACLES: Readonly<Record<RoleObstacle, Message>> = {
  roles_missing: {
    en: "the roles are missing, and this login may not make them: run it as one with CREATEROLE",
    zh: "角色不存在，且当前登录无权创建：请用具有 CREATEROLE 的登录运行本命令",
  },
  roles_not_granted: {
    en: "the roles lack rights on some table: run this command as the owner of the tables",
    zh: "角色缺少某些表的权限：请用表的所有者运行本命令",
  },
  login_not_member: {
    en: "this login is not a member of the roles: let a database administrator grant them",
    zh: "当前登录不是这些角色的成员：请数据库管理员授予",
  },
};

const HOW: Message = {
  en: `
A login of its own for the server, which then owns nothing (16 and newer; on 15 leave out "with ..."):

{sql}

With that login in DATABASE_URL the server serves. After an update run \`newday roles\` once as the owner,
which migrates the database. Reports: grant ${READER_ROLE} to their login.`,
  zh: `
为服务器单独建一个登录，它不拥有任何对象（适用于 16 及以上；15 请去掉 with ...）：

{sql}

把该登录写入 DATABASE_URL 即可提供服务。升级后请以所有者身份运行一次 newday roles，它会完成迁移。
报表：把 ${READER_ROLE} 授予其登录。`,
};

const LOGIN_SQL = `  create role newday_server login;
  grant ${SESSION_ROLES.pool} to newday_server;
  grant ${SESSION_ROLES.dedicated} to newday_server with inherit false, set true;`;

function describe(obstacle: RoleObstacle | undefined, language: Language): string {
  const state = obstacle ? OBSTACLES[obstacle][language] : RESTRICTED[language];
  return `${state}\n${fillMessage(HOW, { sql: LOGIN_SQL })[language]}`;
}
