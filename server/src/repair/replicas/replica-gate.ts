/**
 * Readers on standbys feel the change, too: the exclusive lock is replayed there, waits for readers
 * of the table, and every new reader waits behind it. `lock_timeout` on the primary leaves that
 * unbounded. So the attempts pause while a named standby has a long reader or lags.
 */
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { findBlockers, type Blocker } from "../drop/blocker-queries.ts";
import { OLD_BLOCKER_MS } from "../drop/lock-timeout-backoff.ts";
import type { Message } from "../../lib/messages.ts";
import { duration } from "../model/text.ts";
import type { ReplicaLink } from "./replica-link.ts";
import { readWalPosition } from "../catalogue/server-queries.ts";
import { readReplica } from "./replica-queries.ts";

/** One segment of the log: a standby further behind meets our lock among much older work. */
const MAX_LAG_BYTES = 16 * 1024 * 1024;

export interface ReplicaView {
  readonly name: string;
  readonly readers: readonly Blocker[];
  readonly lagBytes: number;
  readonly isPaused: boolean;
  readonly maxDelayMs: number;
}

/** The named standbys' present state; relations have the same oids there. */
export async function queryReplicas(
  primary: DirectClient,
  links: readonly ReplicaLink[],
  relations: readonly number[],
): Promise<ReplicaView[]> {
  const lsn = await readWalPosition(primary);
  return Promise.all(
    links.map(async (link) => {
      const client = await link.client();
      const { lagBytes, isPaused, maxDelayMs } = await readReplica(client, lsn);
      const readers = await findBlockers(client, relations, [client.handshakePid]);
      return { name: link.name, readers, lagBytes: lagBytes ?? 0, isPaused, maxDelayMs };
    }),
  );
}

/** The reason to delay the lock; undefined when standbys are free. */
export async function replicaInTheWay(
  primary: DirectClient,
  links: readonly ReplicaLink[],
  relations: readonly number[],
): Promise<Message | undefined> {
  if (links.length === 0) return undefined;
  const views = await queryReplicas(primary, links, relations).catch((error: unknown) => {
    if (primary.isLost()) throw error;
    return error instanceof Error ? error.message : String(error);
  });
  if (typeof views === "string")
    return { en: `a standby cannot be asked: ${views}`, zh: `无法询问备库：${views}` };
  return views.map(obstacleOf).find((obstacle) => obstacle !== undefined);
}

function obstacleOf({ name, readers, lagBytes, isPaused }: ReplicaView): Message | undefined {
  const reader = readers.find(({ ageMs }) => (ageMs ?? 0) >= OLD_BLOCKER_MS);
  if (reader) return readerWords(name, reader);
  if (lagBytes <= MAX_LAG_BYTES) return undefined;
  const megabytes = Math.round(lagBytes / (1024 * 1024));
  return {
    en: `standby ${name} is ${megabytes} MB behind${isPaused ? ", its replay is paused" : ""}`,
    zh: `备库 ${name} 落后 ${megabytes} MB${isPaused ? "，重放已暂停" : ""}`,
  };
}

export function readerWords(name: string, { pid, application, ageMs, relation }: Blocker): Message {
  const age = ageMs === null ? "?" : duration(ageMs);
  return {
    en: `standby ${name}: pid ${pid} (${application ?? "?"}) has read ${relation} for ${age}`,
    zh: `备库 ${name}：pid ${pid}（${application ?? "?"}）读取 ${relation} 已 ${age}`,
  };
}
