/** One runner at a time per database: a session lock that dies with the process that holds it. */
import type { Queryable } from "../../db/database.ts";
import type { DirectClient } from "../../db/direct-client.ts";
import { NewDayError } from "../../errors.ts";

/** Arbitrary but fixed: the same number in every version, or two versions would not exclude. */
const RUNNER_LOCK = 7_301_027;

/** Throws `repair_blocked` that names the other runner. */
export async function lockRunner(client: DirectClient): Promise<void> {
  const [row] = await client.query<{ locked: boolean }>(
    "select pg_try_advisory_lock($1) as locked",
    [RUNNER_LOCK],
  );
  if (row?.locked) return;
  const other = await findRunner(client);
  throw new NewDayError(
    "repair_blocked",
    { pid: other?.pid, application: other?.application },
    {
      message: `Another repair runs on this database (pid ${other?.pid ?? "?"}, ${other?.application ?? "?"}); nothing was changed.`,
    },
  );
}

export interface Runner {
  readonly pid: number;
  readonly application: string | null;
}

/** Who runs a repair on this database now. */
export async function findRunner(db: Queryable): Promise<Runner | undefined> {
  const [runner] = await db.query<Runner>(
    `select l.pid, a.application_name as application
       from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = $1
        and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
    [RUNNER_LOCK],
  );
  return runner;
}

/** Waits until the other runner has ended. Throws `repair_blocked` when that takes too long. */
export async function waitForRunner(client: DirectClient, budgetMs: number): Promise<void> {
  await client.query(`set lock_timeout = ${budgetMs}`);
  try {
    await client.query("select pg_advisory_lock($1)", [RUNNER_LOCK]);
  } catch (cause) {
    throw new NewDayError("repair_blocked", { budgetMs }, { cause });
  } finally {
    if (!client.isLost()) await client.query("set lock_timeout = 0");
  }
}
