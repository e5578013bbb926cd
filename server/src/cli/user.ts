/** `newday user ...`: finds, shows, freezes, exports and erases a user. */
import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { helpText } from "./usage/help-text.ts";
import { parseTimeArgument } from "./usage/time-argument.ts";
import { Option, type Command } from "commander";
import { createDirectory } from "../ledger/wallets/directory.ts";
import { freezeAct, unfreezeAct } from "../operators/acts/freeze-act.ts";
import { exportPersonAsOperator } from "../operators/users/user-data.ts";
import { NewDayError } from "../errors/errors.ts";
import { operatorName } from "../lib/operator-name.ts";
import { withModel } from "./model-change.ts";
import { registerPolicyLog, withReason, type PolicyOptions } from "./policy-options.ts";
import { actByCommand } from "./act-command.ts";
import { registerErase } from "./user-erasure.ts";
import { registerReads } from "./user-reads.ts";
import { registerUserActs } from "./user-acts.ts";

const ALLOWED = ["pay", "receive", "both"] as const;
type Allowed = (typeof ALLOWED)[number];

interface FreezeOptions extends PolicyOptions {
  readonly until?: Date;
  readonly allow?: Allowed;
}

export function registerUser(program: Command): void {
  const user = program.command("user").description(
    helpText({
      en: "find, show and freeze users (accounts, items, listings and sessions at once); export and erase a person",
      zh: "查找、查看和冻结用户（账户、道具、上架与会话一并冻结）；导出或抹除某人的数据",
    }),
  );
  registerFreeze(user);
  registerUnfreeze(user);
  registerReads(user);
  registerUserActs(user);
  registerExport(user);
  registerErase(user);
  registerPolicyLog(user, "user-freeze");
}

function registerFreeze(user: Command): void {
  withReason(
    user.command("freeze <userId>").description(
      helpText({
        en: "set or replace the operators' freeze; the platform's own stays. The user reads the reason at login",
        zh: "设置或替换运维方的冻结；平台自己的冻结不变。用户登录时会看到原因",
      }),
    ),
  )
    .option(
      "--until <time>",
      helpText({
        en: "when it ends, such as 2026-12-24T18:00:00Z; without it: until it is lifted",
        zh: "结束时间，例如 2026-12-24T18:00:00Z；不填则直到解除",
      }),
      parseTimeArgument,
    )
    .addOption(
      new Option(
        "--allow <direction>",
        helpText({
          en: "money that still moves; by default none",
          zh: "仍允许的资金方向；默认都不允许",
        }),
      ).choices(ALLOWED),
    )
    .action((userId: string, { until, allow, ...options }: FreezeOptions) => {
      const freeze = {
        userId,
        debits: allow !== "pay" && allow !== "both",
        credits: allow !== "receive" && allow !== "both",
        until: until?.toISOString() ?? null,
        reason: options.reason,
      };
      return actByCommand(options, freezeAct, freeze);
    });
}

function registerUnfreeze(user: Command): void {
  withReason(
    user.command("unfreeze <userId>").description(
      helpText({
        en: "lift the operators' freeze; the platform's own stays",
        zh: "解除运维方的冻结；平台自己的冻结不变",
      }),
    ),
  ).action((userId: string, options: PolicyOptions) =>
    actByCommand(options, unfreezeAct, { userId, reason: options.reason }),
  );
}

function registerExport(user: Command): void {
  user
    .command("export <userId>")
    .description(
      helpText({
        en: "everything that New Day holds about a person, as one JSON document",
        zh: "导出某人的全部数据，为一份 JSON 文档",
      }),
    )
    .option(
      "--out <file>",
      helpText({
        en: "a new file, readable by its owner only; by default standard output",
        zh: "写入新文件（仅所有者可读）；默认输出到标准输出",
      }),
    )
    .action((userId: string, { out }: { out?: string }) =>
      withModel(async (db) => {
        const services = { db, directory: createDirectory(db) };
        const context = { operator: operatorName(), dryRun: false };
        const pieces = await exportPersonAsOperator(services, context, userId);
        if (out === undefined) await pipeline(pieces, process.stdout, { end: false });
        else await writeNewFile(out, pieces);
      }),
    );
}

/** Errors: `invalid_field` for a file that exists, and those of the file system. */
async function writeNewFile(path: string, pieces: AsyncIterable<string>): Promise<void> {
  try {
    await pipeline(pieces, createWriteStream(path, { flags: "wx", mode: 0o600 }));
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    const rule = { en: "names a file that exists", zh: "指定的文件已存在" };
    throw new NewDayError("invalid_field", { field: "--out", rule }, { cause: error });
  }
}
