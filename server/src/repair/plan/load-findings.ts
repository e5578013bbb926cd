/** The present load: holders of the tables, and clients that would feel the lock. */
import { findRunner } from "../journal/runner-lock.ts";
import { findBlockers, isMaintenance, type Blocker } from "../drop/blocker-queries.ts";
import { refreshStatistics } from "../connection/refresh-statistics.ts";
import { lockedRelations } from "../catalogue/inspection.ts";
import { queryReplicas, readerWords, type ReplicaView } from "../replicas/replica-gate.ts";
import { findMissingSynchronous, findStandbys } from "../replicas/replica-queries.ts";
import type { Message } from "../../lib/messages.ts";
import { duration } from "../model/text.ts";
import { countSessions, findWaitingMaintenance } from "./environment-queries.ts";
import type { Finding, Severity } from "../model/finding.ts";
import type { PreflightInput } from "./preflight.ts";

/** Older than any ordinary request. */
const LONG_TRANSACTION_MS = 2_000;
/** A report or an abandoned session: it may well outlast the budget of an apply. */
const STUCK_TRANSACTION_MS = 10_000;
const USUAL_DEADLOCK_TIMEOUT_MS = { shortest: 500, longest: 5_000 };

export async function loadFindings(input: PreflightInput): Promise<Finding[]> {
  const { client, inspection, server } = input;
  const relations = lockedRelations(inspection).map(({ oid }) => oid);
  await refreshStatistics(client);
  const blockers = await findBlockers(client, relations, [client.handshakePid]);
  const findings = [
    ...blockers.flatMap(blockerFinding),
    ...(await otherRunners(input, relations)),
    ...liveness(input, await countSessions(client)),
  ];
  findings.push(...(await standbyFindings(input, relations)));
  const timeout = server.deadlockTimeoutMs;
  const { shortest, longest } = USUAL_DEADLOCK_TIMEOUT_MS;
  if (timeout < shortest || timeout > longest)
    findings.push({
      id: "W65",
      severity: "warn",
      evidence: {
        en: `deadlock_timeout is ${timeout} ms`,
        zh: `deadlock_timeout 为 ${timeout} ms`,
      },
      data: { deadlockTimeoutMs: timeout },
    });
  return findings;
}

/** The standbys of this server, and the named ones' own reports. */
async function standbyFindings(
  { client, replicas }: PreflightInput,
  relations: readonly number[],
): Promise<Finding[]> {
  const streaming = await findStandbys(client);
  const views = await queryReplicas(client, replicas, relations);
  const connected = streaming.map((standby) => {
    // The primary's position was read before: a standby may be past it.
    const lag = Math.max(0, Math.round((standby.lagBytes ?? 0) / 1024));
    const unlisted = replicas.length === 0;
    return finding(
      "W64",
      "warn",
      {
        en: `${standby.name}, ${lag} kB behind${unlisted ? "; its readers are not looked at without --replica-url" : ""}`,
        zh: `${standby.name}，落后 ${lag} kB${unlisted ? "；未给出 --replica-url，不检查其读者" : ""}`,
      },
      standby,
    );
  });
  return [...(await missingSynchronous(client)), ...connected, ...views.map(replicaFinding)];
}

async function missingSynchronous(client: PreflightInput["client"]): Promise<Finding[]> {
  const names = await findMissingSynchronous(client);
  if (names === undefined) return [];
  const evidence: Message = {
    en: `synchronous_standby_names is '${names}' and none of them streams: every COMMIT of a client waits for ever. Bring the standby back first; a failover to it would undo the change`,
    zh: `synchronous_standby_names 为“${names}”，但没有对应备库在线：客户端的每个 COMMIT 都会一直等待。请先恢复备库；切换到它会使更改丢失`,
  };
  return [finding("W64", "warn", evidence, { synchronousStandbyNames: names })];
}

function replicaFinding(view: ReplicaView): Finding {
  const { name, readers, maxDelayMs } = view;
  const reader = readers.find(({ ageMs }) => (ageMs ?? 0) > 0);
  const { en, zh } = reader
    ? readerWords(name, reader)
    : { en: `standby ${name}: no reader`, zh: `备库 ${name}：无读者` };
  const delay = maxDelayMs < 0 ? "∞" : duration(maxDelayMs);
  return finding(
    "W64",
    "warn",
    {
      en: `${en}; max_standby_streaming_delay ${delay}`,
      zh: `${zh}；max_standby_streaming_delay ${delay}`,
    },
    view,
  );
}

/**
 * A copy of production has its rows and an idle server. A guessed environment is only warned about:
 * "production" was the default.
 */
function liveness(
  { environment, isNamed, load }: PreflightInput,
  sessions: number | undefined,
): Finding[] {
  if (environment !== "production" || sessions === undefined || sessions > 0 || (load ?? 0) > 0)
    return [];
  return [
    {
      id: "B05",
      severity: isNamed ? "block" : "warn",
      evidence: {
        en: "no other session is connected, and nothing reads or writes the tables",
        zh: "没有其他会话连接，也没有对这些表的读写",
      },
      data: { sessions, heat: load },
    },
  ];
}

async function otherRunners({ client }: PreflightInput, relations: number[]): Promise<Finding[]> {
  const waiting = await findWaitingMaintenance(client, relations);
  const runner = await findRunner(client);
  const found = runner ? [...waiting, { ...runner, mode: "newday repair" }] : waiting;
  return found.map(({ pid, application, mode }) => {
    const text = `pid ${pid}, ${application ?? ""} ${mode}`;
    return finding("B66", "block", { en: text, zh: text }, { pid, application, mode });
  });
}

/** The meaning of a lock holder for the plan; one as short as a request is ignored. */
export function blockerFinding(blocker: Blocker): Finding[] {
  const id = blockerId(blocker);
  const severity = blockerSeverity(id, blocker);
  if (severity === undefined) return [];
  const who = blocker.pid === null ? `"${blocker.preparedName}"` : `pid ${blocker.pid}`;
  const age = blocker.ageMs === null ? "?" : duration(blocker.ageMs);
  const text = `${who}, ${blocker.application ?? ""} ${blocker.mode} ${blocker.relation}, ${age}`;
  return [finding(id, severity, { en: text, zh: text }, { ...blocker })];
}

function blockerId(blocker: Blocker): string {
  if (isMaintenance(blocker)) return "B66";
  return { session: "B60", prepared: "B61", dump: "B62", autovacuum: "W63" }[blocker.kind];
}

function blockerSeverity(id: string, { ageMs, wraparound }: Blocker): Severity | undefined {
  const age = ageMs ?? 0;
  if (id === "B60" && age < LONG_TRANSACTION_MS) return undefined;
  if (id === "B60") return age < STUCK_TRANSACTION_MS ? "warn" : "block";
  // A live application's two-phase commit is over in a moment; an abandoned one stays for ever.
  if (id === "B61") return age < LONG_TRANSACTION_MS ? "warn" : "block";
  if (id === "W63") return wraparound ? "block" : "warn";
  return "block";
}

function finding(id: string, severity: Severity, evidence: Message, data: object): Finding {
  return { id, severity, evidence, data: { ...data } };
}
