/**
 * Removes a smoke test's rows, of this run or a killed one: by exact id and only when untouched.
 */
import { sqlStateOf } from "../../db/sql-state.ts";
import type { Inspection } from "../catalogue/inspection.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import type { Journal } from "../journal/journal.ts";
import type { StoryEvent } from "../journal/run-story.ts";
import type { Message } from "../../lib/messages.ts";
import {
  findTraceColumns,
  removeUntouched,
  walletsAmong,
  type WalletTable,
} from "./smoke-queries.ts";

/** A synthetic user: the time of its announced call, and the row once it was seen. */
export interface Intent {
  readonly since: string;
  readonly content: string | undefined;
}

export type Intents = Map<string, Intent>;

export interface CleanUpContext {
  readonly client: DirectClient;
  readonly journal: Journal;
  readonly inspection: Inspection;
  readonly table: WalletTable;
}

/** The announced ids without a recorded removal, from the journal of the run. */
export function openIntents(past: readonly StoryEvent[]): Intents {
  const intents: Intents = new Map();
  for (const { kind, body } of past) {
    const fact = body as { kind?: string; userId?: string; since?: string };
    if (kind !== "artefact" || fact.userId === undefined) continue;
    if (fact.kind === "smoke-intent")
      intents.set(fact.userId, { since: fact.since ?? "infinity", content: undefined });
    if (fact.kind === "smoke-closed") intents.delete(fact.userId);
  }
  return intents;
}

/** Removes the removable rows, empties `intents`, and returns why a row was left. */
export async function cleanUp(context: CleanUpContext, intents: Intents): Promise<Message[]> {
  const { client, journal, table } = context;
  const present = await walletsAmong(client, table, [...intents.keys()]);
  const left: Message[] = [];
  for (const [userId, intent] of intents) {
    const reason = present.includes(userId) ? await tryRemove(context, userId, intent) : undefined;
    if (reason) left.push({ en: `${userId}: ${reason.en}`, zh: `${userId}：${reason.zh}` });
    const outcome = reason?.en ?? (present.includes(userId) ? "removed" : "never made");
    await journal.append("artefact", { kind: "smoke-closed", userId, outcome });
  }
  intents.clear();
  return left;
}

async function tryRemove(
  { client, inspection, table }: CleanUpContext,
  userId: string,
  intent: Intent,
): Promise<Message | undefined> {
  if (inspection.adopted)
    return {
      en: "New Day's ledger keeps every wallet; it is marked by its prefix",
      zh: "New Day 的账本保留所有钱包；它以前缀标明",
    };
  const shown = inspection.tables.find(({ name }) => name === table.table);
  const columns = inspection.columns.filter(({ tableOid }) => tableOid === shown?.oid);
  const traces = await findTraceColumns(client, inspection.schema, table.table);
  await client.query("begin");
  try {
    const reason = await removeUntouched(client, { table, columns, traces }, { userId, ...intent });
    await client.query(reason === undefined ? "commit" : "rollback");
    return reason;
  } catch (error) {
    if (client.isLost() || sqlStateOf(error) === undefined) throw error;
    await client.query("rollback");
    const words = error instanceof Error ? error.message : String(error);
    return { en: words, zh: words };
  }
}
