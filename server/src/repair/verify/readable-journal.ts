/** Reads the journal where the role may: a role that repairs may lack the right to read another role's rows. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { isNewDayError } from "../../errors/errors.ts";

/** Runs `work` in the caller's transaction; undefined for a journal out of reach. */
export async function readJournalIfAllowed<T>(
  client: DirectClient,
  work: () => Promise<T>,
): Promise<T | undefined> {
  await client.query("savepoint journal");
  try {
    return await work();
  } catch (error) {
    if (client.isLost() || (!isNewDayError(error) && sqlStateOf(error) === undefined)) throw error;
    return undefined;
  } finally {
    if (!client.isLost()) await client.query("rollback to savepoint journal");
  }
}
