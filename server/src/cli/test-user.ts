/** `newday test-user list | add | remove`: the fixed users of a partner's test pages. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import { listTestUsers, type TestUserRow } from "../identity/test-users.ts";
import { nameTestUser, unnameTestUser } from "../ledger/test-users/name-test-user.ts";
import {
  makeChange,
  parseMinorUnits,
  withChangeOptions,
  withModel,
  type ChangeOptions,
} from "./model-change.ts";
import { withEngine } from "./with-engine.ts";

interface NameOptions extends ChangeOptions {
  readonly dailyBudget: bigint;
}

export function registerTestUser(program: Command): void {
  const testUser = program.command("test-user").description(
    helpText({
      en: "name the users of a partner's test pages, with a daily budget",
      zh: "指定合作方测试页的用户及其每日预算",
    }),
  );

  testUser
    .command("list")
    .description(helpText({ en: "every test user, with its budget", zh: "所有测试用户及其预算" }))
    .option(...jsonOption("array"))
    .action(({ json }: { json?: true }) => list(json));

  withChangeOptions(
    testUser
      .command("add <userId>")
      .description(
        helpText({
          en: "name one: anybody may log in as it, and it trades with test users and the shop only",
          zh: "指定一个测试用户：任何人都可以它登录，且它只能与测试用户及官方商店交易",
        }),
      )
      .requiredOption(
        "--daily-budget <coins>",
        helpText({ en: "coins a day that refill it", zh: "每日用于补足的游戏币" }),
        parseMinorUnits,
      ),
  ).action((userId: string, { dailyBudget, ...options }: NameOptions) =>
    makeChange(options, (db, context) =>
      withEngine(db, "newday-test-user", (services) =>
        nameTestUser(services, context, { userId, dailyBudget }),
      ),
    ),
  );

  withChangeOptions(
    testUser.command("remove <userId>").description(
      helpText({
        en: "end its login and its budget; its money stays apart",
        zh: "结束其登录与预算；其资金仍与他人隔离",
      }),
    ),
  ).action((userId: string, options: ChangeOptions) =>
    makeChange(options, (db, context) => unnameTestUser(db, context, userId)),
  );
}

function list(json: true | undefined): Promise<void> {
  return withModel(async (db) => {
    const users = await listTestUsers(db);
    const text = json
      ? JSON.stringify(users.map((user) => ({ ...user, dailyBudget: `${user.dailyBudget}` })))
      : users.map(describe).join("\n") || "-";
    process.stdout.write(`${text}\n`);
  });
}

function describe({ userId, dailyBudget, namedBy, namedAt }: TestUserRow): string {
  return `${userId.padEnd(28)} ${dailyBudget}/day  ${namedBy}  ${namedAt.toISOString()}`;
}
