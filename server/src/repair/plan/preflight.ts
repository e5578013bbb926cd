/** The preflight: runs every probe, read-only; each answers with findings. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { listRefusedQueries } from "../connection/optional-query.ts";
import type { Inspection } from "../catalogue/inspection.ts";
import type { FoundProbes } from "../catalogue/probe-search.ts";
import type { ServerRow } from "../catalogue/server-queries.ts";
import type { RepairDefinition } from "../model/definition.ts";
import type { Estimates, Fingerprint, PlannedKey } from "../model/plan.ts";
import type { Endpoint } from "../model/endpoint.ts";
import { consumerFindings } from "./consumer-findings.ts";
import type { Finding } from "../model/finding.ts";
import { isAcceptable } from "./finding-catalogue.ts";
import type { ReplicaLink } from "../replicas/replica-link.ts";
import { identityFindings } from "./identity-findings.ts";
import { loadFindings } from "./load-findings.ts";
import { probeFindings } from "./probe-findings.ts";
import { rightsFindings } from "./rights-findings.ts";
import { structureFindings } from "./structure-findings.ts";
import { triggerFindings } from "./trigger-findings.ts";

export interface PreflightInput {
  readonly client: DirectClient;
  readonly server: ServerRow;
  readonly repair: RepairDefinition;
  readonly inspection: Inspection;
  readonly target: Fingerprint;
  readonly endpoint: Endpoint;
  readonly marker: string | undefined;
  readonly environment: string;
  /** False when the environment is a guess and the strictest was taken. */
  readonly isNamed: boolean;
  /** Reads and writes a second on the tables; undefined when they were not sampled. */
  readonly load: number | undefined;
  readonly keys: readonly PlannedKey[];
  /** The rows of the proof, and the columns without a known value. */
  readonly probes: FoundProbes;
  /** Reasons by finding id, as the operator gave them. */
  readonly accepted: ReadonlyMap<string, string>;
  /** The target file's findings about this database. */
  readonly expected: readonly Finding[];
  /** Measurements of a rehearsal, if the operator gave one. */
  readonly estimates: Estimates | undefined;
  /** The standbys that the operator named. */
  readonly replicas: readonly ReplicaLink[];
}

/** Runs every probe in the caller's read-only transaction; blocking findings come first. */
export async function preflight(input: PreflightInput): Promise<Finding[]> {
  const findings = [
    ...input.expected,
    ...identityFindings(input),
    ...(await structureFindings(input)),
    ...probeFindings(input.probes),
    ...(await rightsFindings(input)),
    ...(await consumerFindings(input)),
    ...(await loadFindings(input)),
    ...(await triggerFindings(input)),
    ...refusedQueryFindings(input),
  ];
  const weight = { block: 0, warn: 1, info: 2 };
  return findings
    .map((finding) => accept(finding, input.accepted))
    .toSorted((a, b) => weight[a.severity] - weight[b.severity] || (a.id < b.id ? -1 : 1));
}

/** Everything that this server did not answer: unknown is different from absent. */
function refusedQueryFindings({ client }: PreflightInput): Finding[] {
  return listRefusedQueries(client).map(({ subject: { en, zh }, words }) => ({
    id: "W11",
    severity: "warn",
    evidence: { en: `unknown: ${en} (${words})`, zh: `未知：${zh}（${words}）` },
    data: { subject: en, words },
  }));
}

function accept(finding: Finding, accepted: ReadonlyMap<string, string>): Finding {
  const reason = accepted.get(finding.id);
  return reason && isAcceptable(finding.id) ? { ...finding, accepted: reason } : finding;
}
