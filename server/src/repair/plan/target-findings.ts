/** Compares a named target with the database that answers under its name. */
import type { Endpoint } from "../model/endpoint.ts";
import type { Finding } from "../model/finding.ts";
import type { Fingerprint, PlannedKey } from "../model/plan.ts";
import { NONE, verbatim, type Message } from "../../lib/messages.ts";
import type { Target } from "../model/target-file.ts";

/** The database as it answers now. */
export interface Present {
  readonly fingerprint: Fingerprint;
  readonly marker: string | undefined;
  readonly endpoint: Endpoint;
  readonly keys: readonly Pick<PlannedKey, "table" | "name">[];
}

/** The target that this database is. */
export function describeTarget(
  name: string,
  environment: string,
  { fingerprint, endpoint, keys }: Present,
): Target {
  const { database, schema, versionNumber, systemIdentifier, timeline } = fingerprint;
  return {
    name,
    environment,
    database,
    schema,
    serverMajor: Math.floor(versionNumber / 10_000),
    ...(systemIdentifier === undefined ? {} : { systemIdentifier }),
    ...(timeline === undefined ? {} : { timeline }),
    ...(endpoint.certificate === undefined ? {} : { certificate: endpoint.certificate }),
    keys: keyNames(keys),
  };
}

/**
 * Against the target that the operator named: B01 for every fact of identity, B06 for a missing
 * marker, B08 for another certificate, W07 for another timeline. Against all targets: W25, keys of
 * other names.
 */
export function targetFindings(
  present: Present,
  target: Target | undefined,
  others: readonly Target[],
): Finding[] {
  const named = target ? [...identity(present, target), ...line(present, target)] : [];
  return [...named, ...otherNames(present, others)];
}

function identity(present: Present, target: Target): Finding[] {
  const actual = describeTarget(target.name, target.environment, present);
  const facts = ["database", "schema", "serverMajor", "systemIdentifier"] as const;
  const findings = facts
    .filter((fact) => target[fact] !== undefined && target[fact] !== actual[fact])
    .map((fact) =>
      finding("B01", "block", {
        en: `${fact}: target "${target.name}" says ${target[fact]}, here it is ${actual[fact]}`,
        zh: `${fact}：目标“${target.name}”为 ${target[fact]}，此处为 ${actual[fact]}`,
      }),
    );
  if (target.timeline !== undefined && target.timeline !== actual.timeline)
    findings.push(
      finding("W07", "warn", {
        en: `timeline ${actual.timeline}; it was ${target.timeline} when "${target.name}" was pinned`,
        zh: `时间线为 ${actual.timeline}；固定“${target.name}”时为 ${target.timeline}`,
      }),
    );
  if (present.marker === undefined)
    findings.push(
      finding("B06", "block", {
        en: `target "${target.name}" is ${target.environment}; the database says nothing`,
        zh: `目标“${target.name}”为 ${target.environment}；数据库没有标记`,
      }),
    );
  return findings;
}

function line({ endpoint }: Present, { name, certificate }: Target): Finding[] {
  if (certificate === undefined || certificate === endpoint.certificate) return [];
  const shown = endpoint.certificate === undefined ? NONE : verbatim(endpoint.certificate);
  return [
    finding("B08", "block", {
      en: `the certificate of target "${name}" is ${certificate}; here it is ${shown.en}`,
      zh: `目标“${name}”的证书为 ${certificate}；此处为 ${shown.zh}`,
    }),
  ];
}

/**
 * Harmless, because keys are found by structure; but a script that names them breaks in one place.
 */
function otherNames({ keys }: Present, others: readonly Target[]): Finding[] {
  const all = keyNames(keys);
  return others.flatMap((other) => {
    // The other target may have been pinned with another repair: only tables known on both sides
    // count.
    const [here, there] = onSameTables(all, other.keys ?? []);
    if (there.join() === here.join()) return [];
    const words = `${here.join(", ")} / ${other.name}: ${there.join(", ")}`;
    return [finding("W25", "warn", { en: words, zh: words })];
  });
}

function onSameTables(here: readonly string[], there: readonly string[]) {
  const shared = (names: readonly string[], others: readonly string[]) =>
    names.filter((name) => others.some((other) => tableOf(other) === tableOf(name))).toSorted();
  return [shared(here, there), shared(there, here)] as const;
}

/** Of the words of `keyNames`: the part before the quoted name. */
function tableOf(key: string): string {
  return key.slice(0, key.indexOf(' "'));
}

function keyNames(keys: Present["keys"]): string[] {
  return keys.map(({ table, name }) => `${table} "${name}"`).toSorted();
}

function finding(id: string, severity: Finding["severity"], evidence: Message): Finding {
  return { id, severity, evidence, data: {} };
}
