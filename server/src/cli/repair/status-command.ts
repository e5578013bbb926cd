import type { Command } from "commander";
import { control, liveRuns } from "../../repair/apply/control-client.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { journalExists, readEvents, type EventRow } from "../../repair/journal/journal-queries.ts";
import { runState, type RunState } from "../../repair/journal/run-state.ts";
import type { Text } from "../../repair/model/text.ts";
import { describeLive } from "./control-command.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type Session,
  type SharedOptions,
} from "./session.ts";

const EXIT_IN_DOUBT = 7;
const EXIT_JOURNAL_BROKEN = 6;

export function registerStatus(parent: Command): void {
  const command = parent
    .command("status")
    .description("what the journal remembers and what the catalogue says; writes nothing");
  withSharedOptions(command).action((options: SharedOptions) => runCommand(options, showStatus));
}

async function showStatus(session: Session): Promise<number> {
  for (const run of await liveRuns()) {
    // A run that ends between the two queries is in the journal by then.
    const reply = await control(run, { verb: "status" }).catch(() => undefined);
    if (reply) session.emit("note", describeLive(reply), { ...reply });
  }
  const events = await withRepairConnection(session.target, "status", (client) =>
    readOnly(client, async () => ((await journalExists(client)) ? readEvents(client) : [])),
  );
  if (events.length === 0) {
    session.emit(
      "note",
      ["no repair is journaled in this database", "该数据库的日志中没有修复记录"],
      {
        runs: 0,
      },
    );
    return EXIT.done;
  }
  const states = runsOf(events).map((run) => runState(run));
  for (const state of states) session.emit("note", describe(state), { ...state });
  const intact = events.every((event) => event.intact);
  session.emit(
    "check",
    intact
      ? [
          `journal intact, ${events.length} entries, head ${events.at(-1)?.hash.slice(0, 12)}`,
          `日志完整，${events.length} 条，头 ${events.at(-1)?.hash.slice(0, 12)}`,
        ]
      : ["the journal was edited: its chain of hashes is broken", "日志被改动：哈希链断裂"],
    { check: "journal", ok: intact },
  );
  if (!intact) return EXIT_JOURNAL_BROKEN;
  return states.at(-1)?.word === "IN_DOUBT" ? EXIT_IN_DOUBT : EXIT.done;
}

function describe({ runId, rollbackOf, repair, word, steps, lastAt }: RunState): Text {
  const list = steps.map(({ step, status }) => `${step} ${status}`);
  const of = rollbackOf?.slice(0, 8);
  const id = runId.slice(0, 8);
  return [
    `run ${id}${of ? ` (rollback of ${of})` : ""} ${repair}: ${word}; steps: ${list.join(", ") || "none"}; last entry ${lastAt}`,
    `运行 ${id}${of ? `（回滚 ${of}）` : ""} ${repair}：${word}；步骤：${list.join("，") || "无"}；最后记录 ${lastAt}`,
  ];
}

function runsOf(events: readonly EventRow[]): EventRow[][] {
  const runs = new Map<string, EventRow[]>();
  for (const event of events) runs.set(event.runId, [...(runs.get(event.runId) ?? []), event]);
  return [...runs.values()];
}
