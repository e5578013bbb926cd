/** What is going on right now: who holds the tables, and who would feel the lock. */
import { findBlockers, type Blocker } from "../cut/blocker-queries.ts";
import { lockedRelations } from "../catalogue/inspection.ts";
import { duration } from "../text.ts";
import { readLoad } from "./environment-queries.ts";
import type { Finding } from "./finding.ts";
import type { PreflightInput } from "./preflight.ts";

/** A transaction of this age is no ordinary request any more. */
const LONG_TRANSACTION_MS = 2_000;
const USUAL_DEADLOCK_TIMEOUT_MS = { shortest: 500, longest: 5_000 };

export async function loadFindings(input: PreflightInput): Promise<Finding[]> {
  const { client, inspection, server } = input;
  const relations = lockedRelations(inspection).map(({ oid }) => oid);
  const blockers = await findBlockers(client, relations, [client.handshakePid]);
  const load = await readLoad(client);
  const findings = blockers.flatMap(blockerFinding);
  if (load.standbys > 0)
    findings.push({
      id: "W64",
      severity: "warn",
      evidence: [`${load.standbys} standbys are connected`, `已连接 ${load.standbys} 个备库`],
      data: { standbys: load.standbys },
    });
  if (load.sessions === 0 && input.environment === "production")
    findings.push({
      id: "W05",
      severity: "warn",
      evidence: ["no other session is connected", "没有其他会话连接"],
      data: {},
    });
  const timeout = server.deadlockTimeoutMs;
  const { shortest, longest } = USUAL_DEADLOCK_TIMEOUT_MS;
  if (timeout < shortest || timeout > longest)
    findings.push({
      id: "W65",
      severity: "warn",
      evidence: [`deadlock_timeout is ${timeout} ms`, `deadlock_timeout 为 ${timeout} ms`],
      data: { deadlockTimeoutMs: timeout },
    });
  return findings;
}

const BLOCKER_IDS = { session: "W60", prepared: "W61", dump: "W62", autovacuum: "W63" } as const;

function blockerFinding(blocker: Blocker): Finding[] {
  const old = (blocker.ageMs ?? 0) >= LONG_TRANSACTION_MS;
  if (blocker.kind === "session" && !old) return [];
  const who = blocker.pid === null ? `"${blocker.preparedName}"` : `pid ${blocker.pid}`;
  const age = blocker.ageMs === null ? "?" : duration(blocker.ageMs);
  const text = `${who}, ${blocker.application ?? ""} ${blocker.mode} ${blocker.relation}, ${age}`;
  return [
    {
      id: BLOCKER_IDS[blocker.kind],
      severity: "warn",
      evidence: [text, text],
      data: { ...blocker },
    },
  ];
}
