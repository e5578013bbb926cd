/** Checks one page of one invariant: looks twice, keeps what both looks saw, and freezes its users. */
import type { Database, Queryable } from "../../db/database.ts";
import { readJournalEnd } from "../../ledger/transfers/journal-end.ts";
import { keepFinding, type Offender } from "./audit-store.ts";
import { freezeForFinding, type FindingServices } from "./freeze-finding.ts";
import type { Invariant } from "./invariants.ts";
import { WALKS, type WalkPage, type WalkPosition } from "./walks.ts";

export interface CheckedPage {
  readonly position: WalkPosition | null;
  readonly checked: bigint;
  readonly findings: number;
  /** Nothing is behind it. */
  readonly ended: boolean;
}

/** A page is short; a plan gone wrong ends here. */
const STATEMENT_TIMEOUT_MS = 5_000;
/** A damaged table has as many offenders as rows: so many are findings, the next page has others. */
const OFFENDERS_MAX = 100;

const READ_ONLY = {
  readOnly: true,
  isolation: "repeatable read",
  statementTimeoutMs: STATEMENT_TIMEOUT_MS,
} as const;

/** Undefined while a writer keeps the journal's end open. */
export async function checkPage(
  services: FindingServices,
  invariant: Invariant,
  position: WalkPosition | null,
  rowsMax: number,
): Promise<CheckedPage | undefined> {
  const { db } = services;
  const walk = WALKS[invariant.walk];
  const end = invariant.walk === "journal" ? await readJournalEnd(db) : { sequence: 0n };
  if (!end) return undefined;
  const bounds = { rowsMax, journalEnd: end.sequence };
  const page = await walk.nextPage(db, position, bounds);
  if (!page) return { position, checked: 0n, findings: 0, ended: true };
  const offenders = await listTwice(db, invariant, page);
  for (const offender of offenders) {
    const { id, severity } = invariant;
    const kept = await keepFinding(db, { ...offender, invariant: id, severity });
    await freezeForFinding(services, { id: kept.id, wallet: offender.wallet, invariant: id });
  }
  const { position: reached, count, last } = page;
  return { position: reached, checked: count, findings: offenders.length, ended: last };
}

/** The second look is on a snapshot of its own: a fault of the first, or a row under repair, is gone by then. */
async function listTwice(db: Database, invariant: Invariant, page: WalkPage): Promise<Offender[]> {
  const look = () => db.transaction((tx) => listOffenders(tx, invariant, page), READ_ONLY);
  const first = await look();
  if (first.length === 0) return first;
  const seen = new Set(first.map(({ subject }) => subject));
  return (await look()).filter(({ subject }) => seen.has(subject));
}

async function listOffenders(
  tx: Queryable,
  invariant: Invariant,
  { rows, values }: WalkPage,
): Promise<Offender[]> {
  // Statistics of the newest rows lag; a page is never read by a scan of its whole table.
  await tx.query("set local enable_seqscan = off");
  return tx.query(
    `select subject, wallet, evidence from (${invariant.offenders(rows)}) as o (subject, wallet, evidence)
      limit ${OFFENDERS_MAX}`,
    values,
  );
}
