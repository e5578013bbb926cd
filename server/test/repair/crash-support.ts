/** Killing the real runner at a chosen message, and asking what became of the database. */
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { readStructureDocument } from "../../src/repair/catalogue/structure-document.ts";
import type { TestDatabase } from "../support/database.ts";
import { until } from "../support/until.ts";
import { startWireProxy } from "../support/wire-proxy.ts";
import { factsOf, startNewday } from "./apply-support.ts";

export interface WatchedRun {
  /** Null when it was killed. */
  readonly status: number | null;
  /** Messages that it sent, over all of its connections. */
  readonly messages: number;
  readonly output: string;
}

/**
 * Runs a command of the repair through a watched connection. With `killAt`, the process gets
 * SIGKILL the moment its message of that number (from 0) has arrived: the server still executes it,
 * and the answer is lost.
 */
export async function runWatched(
  database: TestDatabase,
  args: readonly string[],
  killAt?: number,
): Promise<WatchedRun> {
  let messages = 0;
  let kill: () => void = () => undefined;
  const proxy = await startWireProxy({
    server: database.server,
    judge: () => {
      if (messages++ === killAt) kill();
      return "pass";
    },
  });
  try {
    const url = `postgres://${database.server.user}@127.0.0.1:${proxy.port}/${database.name}`;
    const { child, ended, output } = startNewday([...args, "--database-url", url]);
    kill = () => child.kill("SIGKILL");
    return { status: await ended, messages, output: output() };
  } finally {
    await proxy.close();
  }
}

/** A dead runner's backends notice within moments; later commands must start after that. */
export async function untilSessionsEnd({ db }: TestDatabase): Promise<void> {
  await until(async () => {
    const [row] = await db.query<{ n: number }>(
      "select count(*)::int as n from pg_stat_activity where application_name like 'newday-repair%' and datname = current_database()",
    );
    return row?.n === 0;
  });
}

/** State that must be equal after a crash with its resume and after an undisturbed run. */
export async function endStateOf(database: TestDatabase) {
  const { uniqueIndexes, ...facts } = await factsOf(database);
  const { rows } = await readStructureDocument(database.url, findRepair("wallets"));
  const events = await readEvents(database.db);
  return {
    facts: { ...facts, uniqueIndexes: uniqueIndexes.split(",").length },
    structure: rows,
    chain: events.every(({ intact }) => intact),
  };
}

/** Works on every item, a few at a time: each has a database and processes of its own. */
export async function inParallel<T>(
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const workers = Array.from({ length: 3 }, async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
  });
  await Promise.all(workers);
}
