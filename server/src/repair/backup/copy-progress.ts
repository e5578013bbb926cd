/**
 * How far pg_dump or pg_restore is: the server counts the rows of a COPY (14 and newer). A server that does not tell
 * leaves the step without a bar, and the step as it is.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import { withRepairConnection } from "../connection/connection.ts";
import type { TableContents } from "./table-contents.ts";

const INTERVAL_MS = 500;

const COPIED = `select t.name as "table", p.tuples_processed::float8 as rows
  from unnest($1::text[]) t(name)
  join pg_catalog.pg_stat_progress_copy p
    on p.relid = to_regclass(t.name) and p.datname = current_database()`;

export interface CopyWatch {
  readonly target: ConnectionTarget;
  readonly tables: readonly TableContents[];
  readonly report: (rows: number) => void;
}

/** Runs `work` and reports the rows copied meanwhile. */
export async function withCopyProgress<T>(watch: CopyWatch, work: () => Promise<T>): Promise<T> {
  const ended = new AbortController();
  const watching = watchCopies(watch, ended.signal).catch(() => undefined);
  try {
    return await work();
  } finally {
    ended.abort();
    await watching;
  }
}

function watchCopies({ target, tables, report }: CopyWatch, signal: AbortSignal): Promise<void> {
  const sizes = new Map(tables.map(({ table, rows }) => [table, rows]));
  const seen = new Set<string>();
  const names = [...sizes.keys()];
  return withRepairConnection(target, "progress", async (client) => {
    while (!signal.aborted) {
      const copying = await client.query<{ table: string; rows: number }>(COPIED, [names]);
      const current = new Set(copying.map(({ table }) => table));
      // A table that was copied before is complete.
      const finished = [...seen].filter((table) => !current.has(table));
      const done = finished.reduce((sum, table) => sum + (sizes.get(table) ?? 0), 0);
      if (seen.size + current.size > 0) report(copying.reduce((sum, { rows }) => sum + rows, done));
      for (const table of current) seen.add(table);
      await sleep(INTERVAL_MS, undefined, { signal }).catch(() => undefined);
    }
  });
}
