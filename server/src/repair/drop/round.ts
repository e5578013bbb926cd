/** Opens a round: the transaction, its own safety limits, and the pre-lock on the tables. */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import type { Message } from "../../lib/messages.ts";
import type { LockedWork } from "./locked-work.ts";
import { DROP_SAVEPOINT } from "./drop-batch.ts";

/** Our backend's identity, for a later query of its outcome. */
export interface Backend {
  readonly pid: number;
  readonly backendStart: string | null;
  readonly transactionId: string;
}

/** PostgreSQL cancels autovacuum after `deadlock_timeout`; we must wait a little longer than that. */
const FENCE_MARGIN_MS = 500;
/** After so long without a client the server ends the transaction. */
const IDLE_TIMEOUT_MS = 15_000;
/** Longer than any attempt: the waits are a fraction of a second, the batch milliseconds. */
export const STATEMENT_TIMEOUT_MS = 10_000;
const TRANSACTION_TIMEOUT_MS = 60_000;
const FIRST_VERSION_WITH_TRANSACTION_TIMEOUT = 170_000;

/**
 * Begins the transaction and takes the pre-lock on every table that the role may lock. Rejects with
 * 55P03 or 40P01 while another session holds it; the caller rolls back.
 */
export async function openRound(client: DirectClient, work: LockedWork): Promise<Backend> {
  await client.script(limits(work));
  const [session] = await client.query<Omit<Backend, "backendStart">>(
    `select pg_backend_pid() as pid, pg_current_xact_id()::text as "transactionId"`,
  );
  const backend = session && { ...session, backendStart: await readBackendStart(client) };
  if (!backend) throw new Error("the server did not say which transaction this is");
  const preLocks = work.locks
    .filter(({ mayLock }) => mayLock)
    .map(({ name }) => `lock table only ${name} in share update exclusive mode;`);
  await client.script(
    `${preLocks.join(" ")} ${work.precheckSql ?? ""} savepoint ${DROP_SAVEPOINT}`,
  );
  return backend;
}

const BACKEND_START: Message = { en: "the start of this session", zh: "本会话的开始时间" };

/** Null when the server refuses the query: the transaction's status then decides alone. */
async function readBackendStart(client: DirectClient): Promise<string | null> {
  const [row] = await queryIfAllowed(client, BACKEND_START, [], () =>
    client.query<{ start: string }>(
      `select backend_start::text as start from pg_catalog.pg_stat_activity
        where pid = pg_backend_pid()`,
    ),
  );
  return row?.start ?? null;
}

/** The server's limit for one statement of a round, plus the connection's delay. */
const LINE_MS = 20_000;

/** After so long a silence the peer is gone: the server's own limits are shorter. */
export function longestAnswer(work: Pick<LockedWork, "deadlockTimeoutMs">): number {
  return longestStatement(work) + LINE_MS;
}

function longestStatement({ deadlockTimeoutMs }: Pick<LockedWork, "deadlockTimeoutMs">): number {
  return Math.max(STATEMENT_TIMEOUT_MS, (deadlockTimeoutMs + FENCE_MARGIN_MS) * 2);
}

function limits(work: LockedWork): string {
  const fenceWait = work.deadlockTimeoutMs + FENCE_MARGIN_MS;
  const settings = [
    "begin isolation level read committed read write",
    `set local lock_timeout = ${fenceWait}`,
    `set local statement_timeout = ${longestStatement(work)}`,
    `set local idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`,
  ];
  if (work.versionNumber >= FIRST_VERSION_WITH_TRANSACTION_TIMEOUT)
    settings.push(`set local transaction_timeout = ${TRANSACTION_TIMEOUT_MS}`);
  return settings.join("; ");
}
