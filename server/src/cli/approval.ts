/** `newday approval list | approve | reject`: acts that wait for a second person (docs/operators.md). */
import { Option, type Command } from "commander";
import type { Database } from "../db/database.ts";
import { operatorName } from "../lib/operator-name.ts";
import type { Message } from "../lib/messages.ts";
import type { ActContext } from "../operators/acts/act.ts";
import { listApprovals } from "../operators/acts/approval-queries.ts";
import { APPROVAL_STATUSES } from "../operators/acts/approval-rows.ts";
import { approveAct, rejectAct } from "../operators/approvals/decide-approval.ts";
import { showApproval } from "../operators/approvals/show-approval.ts";
import { readOperatorKey } from "../operators/operator-sessions.ts";
import { personOf } from "../operators/person-of.ts";
import { changeOfOutcome, machineContext, settingServicesOf } from "./act-command.ts";
import { makeChange, withModel, type ChangeOptions } from "./model-change.ts";
import { withReason, type PolicyOptions } from "./policy-options.ts";
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { readFileOption } from "./usage/read-file-option.ts";
import { languageOfCommand } from "./usage/usage-error.ts";
import { withEngine } from "./with-engine.ts";

interface ListOptions {
  readonly status?: string;
  readonly json?: true;
}

type ApproveOptions = Pick<ChangeOptions, "dryRun" | "json"> & { readonly keyFile: string };

/** As many as a person reads. */
const LISTED_MAX = 200;
const NONE: Message = { en: "no approvals", zh: "没有批准请求" };

export function registerApproval(program: Command): void {
  const approval = program.command("approval").description(
    helpText({
      en: "list and decide acts that wait for a second person",
      zh: "列出和处理等待第二人批准的操作",
    }),
  );
  registerList(approval);
  registerApprove(approval);
  withReason(
    approval.command("reject <id>").description(
      helpText({
        en: "end it without the act; who asked takes it back so",
        zh: "不执行操作并结束请求；申请人也可以此撤回",
      }),
    ),
  ).action((id: string, options: PolicyOptions) =>
    makeChange(options, (db, context) =>
      withEngine(db, "newday-approval", async (services) => {
        const rejected = { id, reason: options.reason };
        return changeOfOutcome(await rejectAct(services, machineContext(context), rejected));
      }),
    ),
  );
}

function registerList(approval: Command): void {
  approval
    .command("list")
    .description(
      helpText({
        en: "acts that wait or waited for a second person, newest first",
        zh: "等待或曾等待第二人的操作，最新在前",
      }),
    )
    .addOption(
      new Option("--status <status>", helpText({ en: "of one status", zh: "仅某一状态" })).choices(
        APPROVAL_STATUSES,
      ),
    )
    .option(...jsonOption("array"))
    .action(({ status, json }: ListOptions) =>
      withModel(async (db) => {
        const person = `machine:${operatorName()}`;
        const rows = await listApprovals(db, { status, limit: LISTED_MAX });
        const shown = rows.map((row) => showApproval(row, person));
        const lines = shown.map(describe).join("\n") || NONE[languageOfCommand()];
        process.stdout.write(`${json ? JSON.stringify(shown) : lines}\n`);
      }),
    );
}

function describe(approval: ReturnType<typeof showApproval>): string {
  const { id, status, what, subject, askedBy, askedAt, reason } = approval;
  return `${id}  ${status.padEnd(8)}  ${what}: ${subject ?? "-"}  ${askedBy} ${askedAt}  ${reason ?? "-"}`;
}

/** A user of the machine is no second person: a key says which operator approves. */
function registerApprove(approval: Command): void {
  approval
    .command("approve <id>")
    .description(
      helpText({
        en: "do the act, as the operator who made the key; a secret that it makes is shown once",
        zh: "以密钥创建者的身份批准并执行操作；产生的密钥仅显示一次",
      }),
    )
    .requiredOption(
      "--key-file <path>",
      helpText({
        en: "a key of an operator who did not ask, nd_admin_...; - reads it from the input",
        zh: "非申请人的运维密钥（nd_admin_...）文件；- 表示从标准输入读取",
      }),
    )
    .option(
      "--dry-run",
      helpText({ en: "say what would change, and change nothing", zh: "只预览，不更改" }),
    )
    .option(...jsonOption("object"))
    .action((id: string, { keyFile, ...options }: ApproveOptions) =>
      makeChange(options, (db, { dryRun }) =>
        withEngine(db, "newday-approval", async (services) => {
          const context = await contextOfKey(db, keyFile, dryRun);
          const outcome = await approveAct(settingServicesOf(services), context, id);
          return { ...changeOfOutcome(outcome), operator: context.operator };
        }),
      ),
    );
}

/** Errors: `operator_session_invalid`. */
async function contextOfKey(db: Database, path: string, dryRun: boolean): Promise<ActContext> {
  const { name, role } = await readOperatorKey(db, readFileOption(path, "key-file").trim());
  return { operator: name, person: await personOf(db, name), role, dryRun };
}
