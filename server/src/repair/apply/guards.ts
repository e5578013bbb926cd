/**
 * The last inspection before any effect: is this still the plan's database and state?
 *
 * Another database is refused (exit 3); the same database in another state makes the plan stale
 * (exit 5), with the differences named; a fulfilled plan is success (exit 11).
 */
import type { Queryable } from "../../db/database.ts";
import { refusal } from "../../errors/refusals.ts";
import { joinMessages, verbatim, type Message } from "../../lib/messages.ts";
import { describeChange } from "./describe-change.ts";
import { keyName } from "../model/text.ts";
import { findBlockers } from "../drop/blocker-queries.ts";
import type { ServerRow } from "../catalogue/server-queries.ts";
import type { Inspection } from "../catalogue/inspection.ts";
import { blocking } from "../model/finding.ts";
import type { RepairDefinition } from "../model/definition.ts";
import { isExpired, shortHash, type Fingerprint, type Plan } from "../model/plan.ts";

/** Facts that an operator states to confirm the target. */
export interface Confirmation {
  readonly database?: string | undefined;
  readonly environment?: string | undefined;
  readonly plan?: string | undefined;
}

/** Throws `repair_refused` unless all three facts are stated and true. It has no override. */
export function requireConfirmation(plan: Plan, hash: string, given: Confirmation): void {
  const expected = {
    database: plan.target.database,
    environment: plan.environment,
    plan: shortHash(hash),
  };
  const wrong = (["database", "environment", "plan"] as const).filter(
    (fact) => given[fact] !== expected[fact],
  );
  if (wrong.length === 0) return;
  const options = wrong.map((fact) => confirmed(fact, given[fact]));
  throw refusal(
    "confirmation_differs",
    { wrong: joinMessages(options, ", ") },
    { details: { wrong } },
  );
}

function confirmed(fact: string, given: string | undefined): Message {
  const option = `--confirm-${fact}`;
  if (given !== undefined) return verbatim(`${option} ${given}`);
  return { en: `${option} (missing)`, zh: `${option}（缺少）` };
}

/** Allowed difference between the clocks of the planning and the applying machine. */
const CLOCK_TOLERANCE_MS = 5 * 60 * 1000;

/** Throws `repair_plan_stale` for a plan that is too old, from the future, or made by other rules. */
export function requireCurrent(plan: Plan, repair: RepairDefinition, now: Date): void {
  if (isExpired(plan, now))
    throw refusal(
      "plan_expired",
      { at: plan.expiresAt },
      { details: { expiresAt: plan.expiresAt } },
    );
  // A clock that was set back would revive an expired plan.
  if (Date.parse(plan.createdAt) > now.getTime() + CLOCK_TOLERANCE_MS)
    throw refusal(
      "plan_from_the_future",
      { at: plan.createdAt, now: now.toISOString() },
      { details: { createdAt: plan.createdAt, now: now.toISOString() } },
    );
  if (plan.repair.version !== repair.version)
    throw refusal(
      "plan_rules_changed",
      { repair: repair.id },
      { details: { planned: plan.repair.version, known: repair.version } },
    );
}

/** Throws `repair_refused` that lists the plan's blocking findings without an acceptance. */
export function requireNoBlockingFindings(plan: Plan): void {
  const left = blocking(plan.findings);
  if (left.length === 0) return;
  const findings = left.map(({ id, evidence: { en, zh } }) => ({
    en: `${id}: ${en}`,
    zh: `${id}：${zh}`,
  }));
  throw refusal(
    "plan_has_blocking_findings",
    { findings: joinMessages(findings) },
    { details: { findings: left } },
  );
}

/**
 * Throws `repair_refused` (B62) while a dump reads the tables: it holds its locks as long as it
 * runs. A dump that starts later is waited for.
 */
export async function requireNoDump(db: Queryable, { locks }: Plan): Promise<void> {
  const oids = locks.map(({ oid }) => oid);
  const dump = (await findBlockers(db, oids, [])).find(({ kind }) => kind === "dump");
  if (!dump) return;
  throw refusal(
    "dump_running",
    { pid: dump.pid ?? "?", application: dump.application ?? "?" },
    { details: { finding: "B62", pid: dump.pid } },
  );
}

/** Throws `repair_refused` (B02) on a standby or a server that was set read-only. */
export function requireWritable(server: Pick<ServerRow, "inRecovery" | "readOnly">): void {
  if (!server.inRecovery && !server.readOnly) return;
  throw refusal(
    server.inRecovery ? "server_is_standby" : "database_set_read_only",
    {},
    { details: { finding: "B02" } },
  );
}

/** Throws `repair_refused` (B01) when the connection leads to another database than the plan's. */
export function requireSameDatabase(plan: Plan, present: Fingerprint): void {
  const facts = ["systemIdentifier", "databaseOid", "database", "schema", "timeline"] as const;
  const different = facts.filter((fact) => plan.target[fact] !== present[fact]);
  if (different.length === 0) return;
  const words = different.map((fact): Message => ({
    en: `${fact}: plan ${plan.target[fact]}, here ${present[fact]}`,
    zh: `${fact}：计划 ${plan.target[fact]}，此处 ${present[fact]}`,
  }));
  throw refusal(
    "other_database",
    { different: joinMessages(words) },
    { details: { finding: "B01", different } },
  );
}

/**
 * Changes since the plan was made, one line each, `-` for the plan's and `+` for the present state.
 */
export function stalenessOf(plan: Plan, present: Inspection): string[] {
  const planned = plan.keys.map(({ oid, name, table }) => keyLine({ oid, name, table }));
  const found = present.keys.map(({ oid, name, table }) => keyLine({ oid, name, table }));
  return [
    ...difference(planned, found),
    ...(plan.target.structure === present.digest
      ? []
      : difference(plan.structureLines, present.structure)),
  ];
}

function difference(before: readonly string[], after: readonly string[]): string[] {
  return [
    ...before.filter((line) => !after.includes(line)).map((line) => `- ${line}`),
    ...after.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ];
}

function keyLine({ oid, name, table }: { oid: number; name: string; table: string }): string {
  return `key ${oid} ${keyName({ table, name })}`;
}

function describeChanges(plan: Plan, present: Inspection, moved: readonly string[]): Message[] {
  const names = new Map([
    ...plan.tables.map(({ oid, name }) => [`${oid}`, name] as const),
    ...present.tables.map(({ oid, schema, name }) => [`${oid}`, `${schema}.${name}`] as const),
  ]);
  return moved.map((line) => {
    const { en, zh } = describeChange(line, names);
    return { en: `  ${en}`, zh: `  ${zh}` };
  });
}

/**
 * Throws `repair_plan_stale` with the difference when the present state differs from the plan's.
 */
export function requireFresh(plan: Plan, present: Inspection): void {
  const moved = stalenessOf(plan, present);
  if (moved.length === 0) return;
  throw refusal(
    "database_moved",
    { moved: joinMessages([...describeChanges(plan, present, moved), verbatim("")], "\n") },
    { details: { moved } },
  );
}
