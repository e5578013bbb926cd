import { helpText } from "../usage/help-text.ts";
import { keyNames } from "../../repair/model/text.ts";
import type { Command } from "commander";
import { warnOfAbandonedCopies } from "../../repair/backup/abandoned-copies.ts";
import { control, liveRuns } from "../../repair/apply/control-client.ts";
import { readOnly, withRepairConnection } from "../../repair/connection/connection.ts";
import { readRecordedEvents } from "../../repair/journal/recorded-events.ts";
import { findDroppedKeys } from "../../repair/journal/dropped-keys.ts";
import { findKeyNames } from "../../repair/catalogue/catalogue-queries.ts";
import { runStates, type RunState } from "../../repair/journal/run-state.ts";
import { joinMessages, type Message } from "../../lib/messages.ts";
import { journalWord } from "../../repair/journal/journal-words.ts";
import { LOCAL_JOURNAL_OPTION } from "./list-option.ts";
import { describeLive } from "./control-command.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

const EXIT_IN_DOUBT = 7;
const EXIT_JOURNAL_BROKEN = 6;
const EXIT_KEY_IS_BACK = 10;
/** Final words of a run whose keys must be gone. */
const REPAIRED: ReadonlySet<string> = new Set([
  "VERIFIED_DB",
  "SMOKED",
  "NOTIFIED",
  "CLOSED",
  "KEY_BACK",
  "FIX_FORWARD",
]);

export function registerStatus(parent: Command): void {
  const command = parent.command("status").description(
    helpText({
      en: "what the journal recorded and what the catalogue says; writes nothing",
      zh: "日志的记录与系统目录的现状；不写入任何内容",
    }),
  );
  withSharedOptions(command)
    .option(...LOCAL_JOURNAL_OPTION)
    .action((options: StatusOptions) =>
      runCommand(options, (session) => showStatus(session, options)),
    );
}

interface StatusOptions extends SharedOptions {
  readonly backupDir?: string;
}

async function showStatus(session: RepairSession, { backupDir }: StatusOptions): Promise<number> {
  warnOfAbandonedCopies(session.emit, backupDir);
  for (const run of await liveRuns()) {
    // A run that ends between the two queries is in the journal by then.
    const reply = await control(run, { verb: "status" }).catch(() => undefined);
    if (reply) session.emit("note", describeLive(reply), { ...reply });
  }
  const events = await withRepairConnection(session.target, "status", (client) =>
    readOnly(client, () => readRecordedEvents(client, backupDir)),
  );
  if (events.length === 0) {
    session.emit(
      "note",
      { en: "no repair is journaled in this database", zh: "该数据库的日志中没有修复记录" },
      {
        runs: 0,
      },
    );
    return EXIT.done;
  }
  const states = runStates(events);
  for (const state of states) session.emit("note", describe(state), { ...state });
  const intact = events.every((event) => event.intact);
  session.emit(
    "check",
    intact
      ? {
          en: `journal intact, ${events.length} entries, head ${events.at(-1)?.hash.slice(0, 12)}`,
          zh: `日志完整，${events.length} 条，头 ${events.at(-1)?.hash.slice(0, 12)}`,
        }
      : {
          en: "the journal was edited: its chain of hashes is broken",
          zh: "日志被改动：哈希链断裂",
        },
    { check: "journal", ok: intact },
  );
  if (!intact) return EXIT_JOURNAL_BROKEN;
  if (states.at(-1)?.word === "IN_DOUBT") return EXIT_IN_DOUBT;
  return (await isKeyBack(session, states)) ? EXIT_KEY_IS_BACK : EXIT.done;
}

/** The journal holds a repair, and the catalogue shows its keys again. */
async function isKeyBack(session: RepairSession, states: readonly RunState[]): Promise<boolean> {
  const { target, repair, schema, emit } = session;
  const last = states.findLast((state) => state.repair === repair.id);
  if (!last || !REPAIRED.has(last.word)) return false;
  const { dropped, present } = await withRepairConnection(target, "status", (client) =>
    readOnly(client, async () => ({
      dropped: await findDroppedKeys(client, { repairId: repair.id, schema }),
      present: await findKeyNames(client, repair.keys, schema),
    })),
  );
  if (!dropped || present.length === 0) return false;
  const names = keyNames(present);
  emit("warning", {
    en: `the key is back since the drop of ${dropped.at}: ${names}. Find out which program made it, then make a new plan.`,
    zh: `自 ${dropped.at} 删除后外键再次出现：${names}。请查明由哪个程序创建，然后重新制定计划。`,
  });
  return true;
}

function describe({ runId, rollbackOf, repair, word, steps, lastAt }: RunState): Message {
  const list = joinMessages(
    steps.map(({ step, status }) => joinMessages([journalWord(step), journalWord(status)], " ")),
    ", ",
  );
  const of = rollbackOf?.slice(0, 8);
  const id = runId.slice(0, 8);
  return {
    en: `run ${id}${of ? ` (rollback of ${of})` : ""} ${repair}: ${word}; steps: ${list.en || "none"}; last entry ${lastAt}`,
    zh: `运行 ${id}${of ? `（回滚 ${of}）` : ""} ${repair}：${journalWord(word).zh}；步骤：${list.zh || "无"}；最后记录 ${lastAt}`,
  };
}
