/** `newday operator ...`: the people who sign in at /api/admin (docs/operators.md). */
import { Option, type Command } from "commander";
import { NewDayError } from "../errors/errors.ts";
import type { Message } from "../lib/messages.ts";
import {
  inviteOperator,
  renewOperatorCode,
  resetSecondFactor,
  setOperator,
} from "../operators/accounts.ts";
import { createFirstOwnerCode } from "../operators/operator-codes.ts";
import { listOperators, type OperatorRow } from "../operators/operator-queries.ts";
import { OPERATOR_ROLES, type OperatorRole } from "../operators/roles.ts";
import { makeChange, withChangeOptions, withModel, type ChangeOptions } from "./model-change.ts";
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { languageOfCommand } from "./usage/usage-error.ts";

type ActOptions = ChangeOptions & { readonly reason: string };

const NO_OPERATORS: Message = {
  en: "no operators; `newday operator first-owner` prints the code of the first one",
  zh: "没有运维人员；newday operator first-owner 可输出首位所有者的代码",
};
const FACTOR = {
  true: { en: "second factor", zh: "已启用第二因素" },
  false: { en: "password only", zh: "仅密码" },
} as const;
const STATUS: Readonly<Record<OperatorRow["status"], Message>> = {
  active: { en: "active", zh: "有效" },
  invited: { en: "invited", zh: "已邀请" },
  suspended: { en: "suspended", zh: "已停用" },
};

export function registerOperator(program: Command): void {
  const operator = program.command("operator").description(
    helpText({
      en: "invite, list and change the people who sign in at /api/admin",
      zh: "邀请、列出和更改可登录 /api/admin 的运维人员",
    }),
  );
  registerReads(operator);
  registerInvite(operator);
  registerCodes(operator);
  registerStatus(operator);
}

function registerReads(operator: Command): void {
  operator
    .command("list")
    .description(helpText({ en: "every operator", zh: "所有运维人员" }))
    .option(...jsonOption("array"))
    .action(({ json }: { json?: true }) =>
      withModel(async (db) => {
        const rows = await listOperators(db);
        if (json) process.stdout.write(`${JSON.stringify(rows)}\n`);
        else if (rows.length === 0) process.stdout.write(`${NO_OPERATORS[languageOfCommand()]}\n`);
        else process.stdout.write(rows.map(describe).join(""));
      }),
    );
}

function describe({ login, role, status, hasSecondFactor, displayName }: OperatorRow): string {
  const language = languageOfCommand();
  const factor = FACTOR[`${hasSecondFactor}`][language];
  return `${login}  ${role}  ${STATUS[status][language]}  ${factor}  ${displayName}\n`;
}

function registerInvite(operator: Command): void {
  withChangeOptions(
    operator.command("invite <login>").description(
      helpText({
        en: "add a person; the code that is shown once sets the password within a day",
        zh: "添加人员；仅显示一次的代码可在一天内设置密码",
      }),
    ),
  )
    .addOption(roleOption().makeOptionMandatory())
    .requiredOption("--name <text>", helpText({ en: "the name that others see", zh: "显示名称" }))
    .action(
      (login: string, options: ChangeOptions & { readonly role: OperatorRole; name: string }) =>
        makeChange(options, (db, context) =>
          inviteOperator(db, context, { login, role: options.role, displayName: options.name }),
        ),
    );
}

function registerCodes(operator: Command): void {
  operator
    .command("first-owner")
    .description(
      helpText({
        en: "print the one-time code of the first owner, as a server prints it at its start",
        zh: "输出首位所有者的一次性代码，与服务器启动时显示的相同",
      }),
    )
    .action(() =>
      withModel(async (db) => {
        const code = await createFirstOwnerCode(db);
        if (code === undefined)
          throw new NewDayError("operator_code_invalid", {
            rule: { en: "there is an active owner already", zh: "已有有效的所有者" },
          });
        process.stdout.write(`${code}\n`);
      }),
    );
  withChangeOptions(
    operator.command("code <login>").description(
      helpText({
        en: "a new one-time code for a person who was invited or forgot the password",
        zh: "为受邀或忘记密码的人员生成新的一次性代码",
      }),
    ),
    "required",
  ).action((login: string, options: ActOptions) =>
    makeChange(options, (db, context) => renewOperatorCode(db, context, login)),
  );
  withChangeOptions(
    operator.command("reset-second-factor <login>").description(
      helpText({
        en: "take the second factor of a person who lost it, also of the last owner; sessions end",
        zh: "移除丢失的第二因素（最后一位所有者亦可），其会话随之结束",
      }),
    ),
    "required",
  ).action((login: string, options: ActOptions) =>
    makeChange(options, (db, context) => resetSecondFactor(db, context, login)),
  );
}

function registerStatus(operator: Command): void {
  withChangeOptions(
    operator
      .command("set <login>")
      .description(helpText({ en: "change role or name", zh: "更改角色或名称" })),
    "required",
  )
    .addOption(roleOption())
    .option("--name <text>", helpText({ en: "the name that others see", zh: "显示名称" }))
    .action(
      (login: string, options: ActOptions & { readonly role?: OperatorRole; name?: string }) =>
        makeChange(options, (db, context) =>
          setOperator(db, context, {
            login,
            ...(options.role === undefined ? {} : { role: options.role }),
            ...(options.name === undefined ? {} : { displayName: options.name }),
          }),
        ),
    );
  for (const [verb, status, said] of [
    ["suspend", "suspended", { en: "end sessions and refuse sign-ins", zh: "结束会话并拒绝登录" }],
    ["resume", "active", { en: "end the suspension", zh: "恢复" }],
  ] as const)
    withChangeOptions(
      operator.command(`${verb} <login>`).description(helpText(said)),
      "required",
    ).action((login: string, options: ActOptions) =>
      makeChange(options, (db, context) => setOperator(db, context, { login, status })),
    );
}

function roleOption(): Option {
  const roles = Object.keys(OPERATOR_ROLES);
  return new Option(
    "--role <role>",
    helpText({
      en: `what the person may do, each includes the ones before: ${roles.join(", ")}`,
      zh: `权限，后者包含前者：${roles.join("、")}`,
    }),
  ).choices(roles);
}
