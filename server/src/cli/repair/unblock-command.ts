import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { quoteLiteral } from "../../db/driver/direct-client.ts";
import { refusal } from "../../errors/refusals.ts";
import { withRepairConnection } from "../../repair/connection/connection.ts";
import type { Blocker } from "../../repair/drop/blocker-queries.ts";
import { duration } from "../../repair/model/text.ts";
import { listBlockers, unblock } from "../../repair/apply/unblock.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";
import { type Message, verbatim } from "../../lib/messages.ts";

interface UnblockOptions extends SharedOptions {
  readonly pid?: string;
  readonly started?: string;
  readonly reason?: string;
  readonly terminate?: boolean;
}

export function registerUnblock(parent: Command): void {
  const command = parent.command("unblock").description(
    helpText({
      en: "list who holds the tables; with --pid, --started and --reason, end that one session's statement",
      zh: "列出占用这些表的会话；加 --pid、--started 和 --reason 结束该会话的语句",
    }),
  );
  withSharedOptions(command)
    .option("--pid <number>", helpText({ en: "the session", zh: "会话" }))
    .option(
      "--started <time>",
      helpText({
        en: "its start, as the list shows it: a pid alone may be used again",
        zh: "会话的开始时间（以列表所示为准）：pid 可能被重用",
      }),
    )
    .option(
      "--reason <text>",
      helpText({
        en: "why; goes into the journal before the signal",
        zh: "原因；在发送信号之前写入日志",
      }),
    )
    .option(
      "--terminate",
      helpText({
        en: "end the session, not only its statement",
        zh: "结束整个会话，而不只是其语句",
      }),
    )
    .action((options: UnblockOptions) => runCommand(options, (session) => run(session, options)));
}

function run(session: RepairSession, options: UnblockOptions): Promise<number> {
  return options.pid === undefined ? list(session) : end(session, options);
}

async function list(session: RepairSession): Promise<number> {
  const blockers = await withRepairConnection(session.target, "blockers", (client) =>
    listBlockers(client, session.repair, session.schema),
  );
  if (blockers.length === 0)
    session.emit(
      "note",
      { en: "no session holds the tables right now", zh: "当前无人占用这些表" },
      {
        blockers: 0,
      },
    );
  for (const blocker of blockers) session.emit("note", describe(blocker), { ...blocker });
  return EXIT.done;
}

async function end(session: RepairSession, options: UnblockOptions): Promise<number> {
  const { pid, started, reason } = options;
  if (!started || !reason || !/^\d+$/.test(pid ?? ""))
    throw refusal(
      "unblock_options_missing",
      {},
      { details: { options: ["--pid", "--started", "--reason"] } },
    );
  const blocker = await withRepairConnection(session.target, "unblock", (client) =>
    unblock(client, {
      repair: session.repair,
      schema: session.schema,
      pid: Number(pid),
      started,
      reason,
      operator: session.operator,
      terminate: options.terminate ?? false,
    }),
  );
  session.emit(
    "step",
    { en: `pid ${pid} no longer holds the tables`, zh: `pid ${pid} 已不再占用这些表` },
    {
      status: "done",
      ...blocker,
    },
  );
  return EXIT.done;
}

function describe(blocker: Blocker): Message {
  if (blocker.pid === null) {
    const name = blocker.preparedName ?? "?";
    const literal = quoteLiteral(name);
    return {
      en: `prepared transaction "${name}" ${blocker.mode} ${blocker.relation}: commit prepared ${literal} or rollback prepared ${literal}`,
      zh: `预备事务 "${name}" ${blocker.mode} ${blocker.relation}：请执行 commit prepared ${literal} 或 rollback prepared ${literal}`,
    };
  }
  const { pid, backendStart } = blocker;
  const name: Message =
    backendStart === null ? startHidden(pid) : verbatim(`--pid ${pid} --started '${backendStart}'`);
  const age = blocker.ageMs === null ? AGE_UNKNOWN : verbatim(duration(blocker.ageMs));
  const query = blocker.query === null ? QUERY_HIDDEN : verbatim(blocker.query);
  const text = (shownName: string, shownAge: string, shownQuery: string) =>
    `${shownName}  ${blocker.application ?? ""} ${blocker.role ?? ""} ${shownAge} ${blocker.mode} ${blocker.relation} ${blocker.state ?? ""} ${shownQuery}`;
  return { en: text(name.en, age.en, query.en), zh: text(name.zh, age.zh, query.zh) };
}

/** Without its start a session cannot be named: its pid alone may be another one's by then. */
function startHidden(pid: number): Message {
  return {
    en: `pid ${pid} (its start is hidden from this role; list again as its own role or a member of pg_read_all_stats)`,
    zh: `pid ${pid}（该角色看不到其开始时间；请以该会话的角色或 pg_read_all_stats 成员重新列出）`,
  };
}

const AGE_UNKNOWN: Message = { en: "age unknown", zh: "时长未知" };
const QUERY_HIDDEN: Message = { en: "(query hidden)", zh: "（查询不可见）" };
