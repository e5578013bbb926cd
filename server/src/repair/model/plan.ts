/**
 * A plan: everything that an apply will do, decided beforehand by a read-only inspection.
 *
 * It is a file. Its hash is typed to confirm it; it expires; and `apply` refuses it when the
 * database has changed, with a list of the changes. It contains no secret.
 */
import { createHash, randomUUID } from "node:crypto";
import type { KeyRule, ProbeValue, RequiredRow } from "./definition.ts";
import type { Endpoint } from "./endpoint.ts";
import type { Finding } from "./finding.ts";
import type { Message } from "../../lib/messages.ts";
import { toStoredJson } from "./stored-text.ts";

export const PLAN_FORMAT = 2;
/** A day: long enough to be read and approved, short enough that load and sizes still hold. */
export const PLAN_LIFETIME_MS = 24 * 60 * 60 * 1000;
const SHORT_HASH_LENGTH = 8;

export interface RiskTerm {
  readonly name: "locks" | "heat" | "blockers" | "reversibility";
  readonly factor: number;
  readonly text: Message;
}

export interface Risk {
  readonly score: number;
  readonly band: "low" | "medium" | "high";
  readonly terms: readonly RiskTerm[];
}

/** The database of the plan; compared by `apply` before anything else (docs/repair/design.md 3). */
export interface Fingerprint {
  readonly database: string;
  readonly databaseOid: number;
  readonly schema: string;
  readonly versionNumber: number;
  /** Undefined when the provider has revoked `pg_control_system`: a weaker fingerprint. */
  readonly systemIdentifier?: string | undefined;
  readonly timeline?: number | undefined;
  readonly address: string | null;
  readonly port: number;
  /** Digest of everything about the tables that the repair leaves as it is. */
  readonly structure: string;
}

export interface PlannedKey {
  readonly oid: number;
  readonly name: string;
  readonly table: string;
  readonly tableOid: number;
  readonly columns: readonly string[];
  readonly references: string;
  readonly referencesOid: number;
  readonly referencedColumns: readonly string[];
  readonly definition: string;
  readonly comment: string | null;
  readonly validated: boolean;
  readonly onDelete: string;
  readonly orphans: number | null;
  /** Its consequence for a user without a player row. */
  readonly blocks: Message;
  /** The statement that drops it, and the one that would restore it exactly. */
  readonly dropSql: string;
  readonly restoreSql: string;
}

export interface PlannedTable {
  readonly oid: number;
  readonly name: string;
  readonly estimatedRows: number;
  readonly bytes: number;
}

export interface PlannedRule {
  readonly tableOid: number;
  readonly columnNumber: number;
  readonly referencesOid: number;
}

export interface PlannedLock {
  readonly oid: number;
  readonly name: string;
  readonly mayLock: boolean;
}

/** An INSERT of a foreign row, rolled back: the behaviour that the repair enables. */
export interface PlannedProbe {
  readonly table: string;
  readonly sql: string;
}

/** A probe's time on the copy, and that of the table's triggers in it. */
export interface MeasuredProbe {
  readonly table: string;
  readonly ms: number;
  readonly triggers: readonly {
    readonly relation: string;
    readonly name: string;
    readonly ms: number;
  }[];
}

export interface PlannedIndex {
  readonly oid: number;
  readonly name: string;
  readonly definition: string;
}

/** Numbers with their basis: which server, how many rows, when. */
export interface Estimates {
  readonly rehearsedAt: string;
  readonly server: string;
  readonly rows: number;
  readonly locks: readonly { readonly relation: string; readonly mode: string }[];
  readonly dropMs: number;
  /** Absent in the result of a release that did not measure them. */
  readonly probes?: readonly MeasuredProbe[];
  readonly antiJoinMs: number;
  readonly validateMs: number | null;
  readonly rollbacks: readonly {
    readonly option: string;
    readonly strangers: number;
    readonly outcome: string;
  }[];
}

/** All that happened on the copy under the locks of the change. */
export function lockedMsOf({ dropMs, probes = [] }: Pick<Estimates, "dropMs" | "probes">): number {
  return Math.round(probes.reduce((sum, { ms }) => sum + ms, dropMs));
}

export interface Plan {
  readonly format: typeof PLAN_FORMAT;
  readonly id: string;
  readonly tool: string;
  readonly repair: { readonly id: string; readonly version: number };
  readonly environment: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly target: Fingerprint;
  /** The path to the server. */
  readonly endpoint: Endpoint;
  readonly tables: readonly PlannedTable[];
  readonly rules: readonly PlannedRule[];
  readonly absentRules: readonly KeyRule[];
  readonly keys: readonly PlannedKey[];
  readonly keptKeys: readonly {
    readonly name: string;
    readonly table: string;
    readonly definition: string;
  }[];
  readonly keptIndexes: readonly PlannedIndex[];
  readonly rows: readonly RequiredRow[];
  readonly locks: readonly PlannedLock[];
  readonly probes: readonly PlannedProbe[];
  /** Values that the operator gave for them. */
  readonly probeValues?: readonly ProbeValue[] | undefined;
  readonly deadlockTimeoutMs: number;
  readonly risk: Risk;
  /** The facts behind `target.structure`, so that a stale plan can name the change. */
  readonly structureLines: readonly string[];
  readonly findings: readonly Finding[];
  /** Measurements of a rehearsal on a restored copy; undefined without one. */
  readonly estimates?: Estimates | undefined;
}

/** How the proof of a run is made; a run of an older release journaled none. */
export interface PlannedProof {
  /** False where the operator accepted (B35) that no row is inserted. */
  readonly isProbed: boolean;
  readonly probeValues: readonly ProbeValue[];
}

export function proofOf(plan: Pick<Plan, "findings" | "probeValues">): PlannedProof {
  return { isProbed: !isProbeLeftOut(plan), probeValues: plan.probeValues ?? [] };
}

/** The operator accepted that no row is inserted for the proof. */
export function isProbeLeftOut({ findings }: Pick<Plan, "findings">): boolean {
  return findings.some(({ id, accepted }) => id === "B35" && accepted !== undefined);
}

export function newPlanId(): string {
  return randomUUID();
}

/** SHA-256 over the canonical text of the plan: keys sorted, no white space. */
export function planHash(plan: Plan): string {
  return createHash("sha256")
    .update(canonicalJson(JSON.parse(toStoredJson(plan))))
    .digest("hex");
}

/** The short hash that a person types to confirm the plan. */
export function shortHash(hash: string): string {
  return hash.slice(0, SHORT_HASH_LENGTH);
}

export function isExpired(plan: Plan, now: Date): boolean {
  return now.getTime() >= Date.parse(plan.expiresAt);
}

/** JSON whose text depends on the content only: members sorted by name, `undefined` left out. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value))
    return `[${value.map((item) => canonicalJson(item ?? null)).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(",")}}`;
}
