/** Settings of a database server under which a power cut loses what was answered as done. */
import type { Queryable } from "./database.ts";

/**
 * Returns those of `fsync` and `full_page_writes` that are off. A session can only name them, where it sets
 * `synchronous_commit` for itself; some clouds keep them off because their storage does that work.
 */
export async function unsafeSettings(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ name: string }>(
    `select name from unnest(array['fsync', 'full_page_writes']) as name
      where current_setting(name) = 'off'`,
  );
  return rows.map(({ name }) => name);
}
