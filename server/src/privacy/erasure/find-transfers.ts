/**
 * Finds the transfers that may hold a person, page by page, before the transaction that replaces the person. So the work
 * of that transaction is the person's own rows and a page of the newest ones, however long the journal is.
 */
import type { Database } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { readJournalEnd } from "../../ledger/transfers/journal-end.ts";
import type { Person } from "../inventory/personal-column.ts";
import { findTransfersOfPerson, findUnnumberedOfPerson } from "./erasure-queries.ts";

/** A tenth of a second, and as much is left for the last transaction. */
const PAGE_NUMBERS = 50_000n;
/** Reading is many times as fast as posting, so a few rounds reach the end. */
const ROUNDS_MAX = 20;

/** Returns the number up to which all are found. Errors: `database_busy`. */
export async function findTransfers(db: Database, person: Person): Promise<bigint> {
  await findUnnumberedOfPerson(db, person);
  let behind = 0n;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const end = await readJournalEnd(db);
    if (!end) continue; // It has waited for a writer already.
    const pages = pagesOf(behind, end.sequence);
    for (const page of pages) await findTransfersOfPerson(db, person, page);
    behind = end.sequence;
    if (pages.length <= 1) return behind;
  }
  throw new NewDayError("database_busy");
}

function pagesOf(behind: bigint, end: bigint): { behind: bigint; upTo: bigint }[] {
  const pages = [];
  for (let at = behind; at < end; at += PAGE_NUMBERS)
    pages.push({ behind: at, upTo: at + PAGE_NUMBERS < end ? at + PAGE_NUMBERS : end });
  return pages;
}
