/**
 * The audit of the books: every invariant of the ledger, looked up in the data itself.
 *
 * It reads one snapshot, takes no lock and trusts nothing that the engine remembers. The schema and
 * the engine should make every rule hold; this says whether they did.
 */
import type { Database } from "../db/database.ts";
import { AUDIT_RULES, listBreaches, type Breach } from "./audit-queries.ts";

export interface AuditReport {
  readonly sound: boolean;
  readonly rules: readonly string[];
  readonly breaches: readonly Breach[];
}

/** Reads every entry once: seconds for millions of entries. Never writes. */
export async function audit(db: Database): Promise<AuditReport> {
  const breaches = await db.transaction((tx) => listBreaches(tx), {
    readOnly: true,
    isolation: "repeatable read",
    statementTimeoutMs: 0,
  });
  return { sound: breaches.length === 0, rules: AUDIT_RULES, breaches };
}
