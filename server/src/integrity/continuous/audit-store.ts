/** SQL of the continuous audit's own tables: positions, findings and runs. */
import type { Queryable } from "../../db/database.ts";
import type { JsonObject } from "../../engine/operation.ts";
import type { FindingSeverity } from "./invariants.ts";
import type { WalkPosition } from "./walks.ts";

export type Lane = "new" | "again";

export interface AuditPosition {
  readonly invariant: string;
  readonly lane: Lane;
  readonly position: WalkPosition | null;
  /** Complete readings so far. */
  readonly pass: bigint;
  readonly checked: bigint;
  readonly changedAt: Date;
  readonly reachedAt: Date | null;
}

export function listPositions(db: Queryable): Promise<AuditPosition[]> {
  return db.query(
    `select invariant, lane, position, pass, checked, changed_at as "changedAt",
        reached_at as "reachedAt" from newday.audit_positions order by invariant, lane`,
  );
}

/** `ended`: the walk reached its end; a position of null begins it anew. */
export async function storeAuditPosition(
  db: Queryable,
  {
    invariant,
    lane,
    position,
    checked,
    ended,
  }: {
    readonly invariant: string;
    readonly lane: Lane;
    readonly position: WalkPosition | null;
    readonly checked: bigint;
    readonly ended: boolean;
  },
): Promise<void> {
  await db.query(
    `insert into newday.audit_positions as p (invariant, lane, position, checked, pass, reached_at)
      values ($1, $2, $3::jsonb, $4, $5::int, case when $5::int = 1 then now() end)
      on conflict (invariant, lane) do update set position = excluded.position, changed_at = now(),
        checked = p.checked + excluded.checked, pass = p.pass + excluded.pass,
        reached_at = coalesce(excluded.reached_at, p.reached_at)`,
    [invariant, lane, position && JSON.stringify(position), checked, ended ? 1 : 0],
  );
}

/** A row that breaks an invariant, as it was seen twice. */
export interface Offender {
  readonly subject: string;
  readonly wallet: bigint | null;
  readonly evidence: JsonObject;
}

export interface AuditFinding extends Offender {
  readonly id: string;
  readonly invariant: string;
  readonly severity: FindingSeverity;
  readonly foundAt: Date;
  readonly seenAt: Date;
  readonly froze: boolean;
  readonly userId: string | null;
  readonly closedAt: Date | null;
  readonly closedBy: string | null;
  readonly closedReason: string | null;
}

/** Keeps the finding, or notes that it is seen again. `isNew`: it was not open before. */
export async function keepFinding(
  db: Queryable,
  finding: Offender & { readonly invariant: string; readonly severity: FindingSeverity },
): Promise<{ readonly id: string; readonly isNew: boolean }> {
  const { invariant, subject, severity, wallet, evidence } = finding;
  const [row] = await db.query<{ id: string; isNew: boolean }>(
    `insert into newday.audit_findings as f (invariant, subject, severity, wallet, evidence)
      values ($1, $2, $3, $4, $5::jsonb)
      on conflict (invariant, subject) where closed_at is null
        do update set seen_at = now(), evidence = excluded.evidence
      returning id, xmax = 0 as "isNew"`,
    [invariant, subject, severity, wallet, JSON.stringify(evidence)],
  );
  if (!row) throw new Error("a finding that was not kept");
  return row;
}

const FINDING = `f.id, f.invariant, f.subject, f.severity, f.wallet, f.evidence, f.found_at as "foundAt",
  f.seen_at as "seenAt", f.froze, f.closed_at as "closedAt", f.closed_by as "closedBy",
  f.closed_reason as "closedReason", case when w.role is null then w.user_id end as "userId"`;

const FINDINGS = `newday.audit_findings f left join newday.ledger_wallets w on w.number = f.wallet`;

/** Newest first. */
export function listFindings(
  db: Queryable,
  wanted: {
    readonly open: boolean | undefined;
    readonly before: { readonly at: string; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<AuditFinding[]> {
  const { open, before, limit } = wanted;
  return db.query(
    `select ${FINDING} from ${FINDINGS}
      where ($1::boolean is null or (f.closed_at is null) = $1)
        and ($2::timestamptz is null or (f.found_at, f.id) < ($2, $3::uuid))
      order by f.found_at desc, f.id desc limit $4`,
    [open ?? null, before?.at ?? null, before?.id ?? null, limit],
  );
}

export async function findFinding(db: Queryable, id: string): Promise<AuditFinding | undefined> {
  const [row] = await db.query<AuditFinding>(`select ${FINDING} from ${FINDINGS} where f.id = $1`, [
    id,
  ]);
  return row;
}

/** Open findings by invariant and severity, for the metrics. */
export function countOpenFindings(
  db: Queryable,
): Promise<
  { readonly invariant: string; readonly severity: FindingSeverity; readonly count: bigint }[]
> {
  return db.query(
    `select invariant, severity, count(*) as count from newday.audit_findings
      where closed_at is null group by 1, 2`,
  );
}

export async function markFrozen(db: Queryable, id: string): Promise<void> {
  await db.query("update newday.audit_findings set froze = true where id = $1", [id]);
}

/** Another open finding for which the audit keeps the user frozen. */
export async function hasOtherFreeze(
  db: Queryable,
  { id, wallet }: AuditFinding,
): Promise<boolean> {
  const rows = await db.query(
    `select from newday.audit_findings
      where wallet = $1 and id <> $2 and closed_at is null and froze limit 1`,
    [wallet, id],
  );
  return rows.length > 0;
}

export interface AuditRun {
  readonly id: string;
  readonly askedBy: string;
  readonly askedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly step: number;
  readonly steps: number;
  readonly position: WalkPosition | null;
  readonly checked: bigint;
  readonly findings: bigint;
  readonly unfinished: readonly string[];
}

const RUN = `id, asked_by as "askedBy", asked_at as "askedAt", started_at as "startedAt",
  ended_at as "endedAt", step, steps, position, checked, findings, unfinished`;

export async function insertRun(
  db: Queryable,
  { askedBy, steps }: { readonly askedBy: string; readonly steps: number },
): Promise<AuditRun> {
  const [run] = await db.query<AuditRun>(
    `insert into newday.audit_runs (asked_by, steps) values ($1, $2) returning ${RUN}`,
    [askedBy, steps],
  );
  if (!run) throw new Error("a run that was not kept");
  return run;
}

export async function findAuditRun(db: Queryable, id: string): Promise<AuditRun | undefined> {
  const [run] = await db.query<AuditRun>(`select ${RUN} from newday.audit_runs where id = $1`, [
    id,
  ]);
  return run;
}

/** The run that was asked for last. */
export async function findLatestRun(db: Queryable): Promise<AuditRun | undefined> {
  const [run] = await db.query<AuditRun>(
    `select ${RUN} from newday.audit_runs order by asked_at desc, id limit 1`,
  );
  return run;
}

/** The oldest run that has not ended. */
export async function findOpenRun(db: Queryable): Promise<AuditRun | undefined> {
  const [run] = await db.query<AuditRun>(
    `select ${RUN} from newday.audit_runs where ended_at is null order by asked_at limit 1`,
  );
  return run;
}

/** After one page, or one rule. */
export async function storeRun(
  db: Queryable,
  run: Pick<AuditRun, "id" | "step" | "position"> & {
    readonly checked: bigint;
    readonly findings: bigint;
    readonly unfinished: string | undefined;
  },
): Promise<void> {
  const { id, step, position, checked, findings, unfinished } = run;
  await db.query(
    `update newday.audit_runs set step = $2, position = $3::jsonb, checked = checked + $4,
        findings = findings + $5, started_at = coalesce(started_at, now()),
        unfinished = case when $6::text is null then unfinished else unfinished || $6::text end,
        ended_at = case when $2 >= steps then now() end
      where id = $1`,
    [id, step, position && JSON.stringify(position), checked, findings, unfinished ?? null],
  );
}
