/**
 * The audit of the books: checks every invariant of the ledger in the data itself.
 *
 * It reads one snapshot, takes no lock and ignores every cache. Schema and engine should make each
 * rule hold; the audit shows whether they did.
 */
import type { Database } from "../db/database.ts";
import { AUDIT_RULES, listBreaches, type Breach } from "./audit-queries.ts";
import { CHAIN_RULES, listChainBreaches } from "./chain-rules.ts";
import type { Message } from "../lib/messages.ts";

export interface AuditReport {
  readonly sound: boolean;
  readonly rules: readonly Message[];
  readonly breaches: readonly Breach[];
}

/** Reads every entry once, read-only: seconds for millions of entries. */
export async function audit(db: Database): Promise<AuditReport> {
  const breaches = await db.transaction(
    async (tx) => [...(await listBreaches(tx)), ...(await listChainBreaches(tx))],
    { readOnly: true, isolation: "repeatable read", statementTimeoutMs: 0 },
  );
  const rules = [...AUDIT_RULES, ...CHAIN_RULES];
  return { sound: breaches.length === 0, rules, breaches };
}
