/**
 * Cache: live sessions and keys, by hash. Evicted by notification, after a minute, and oldest
 * first.
 *
 * PostgreSQL notifies every process of a revocation (migration 0052), and the process evicts the
 * credential: the revoking process before its call answers, others within the time of a
 * notification. The cache is used only while its listening connection has proved within
 * `TRUSTED_FOR_MS` that it works. So a revocation counts everywhere after that time, whatever
 * fails.
 */
import { randomUUID } from "node:crypto";
import { BoundedMap } from "../lib/bounded-map.ts";
import type { ChannelListener, Connection, Database } from "../db/database.ts";

/** The longest delay of a revocation when a network fails silently. */
const TRUSTED_FOR_MS = 5_000;
/** Leaves time for an answer before the trust of the last proof ends. */
const HEARTBEAT_AFTER_MS = 2_000;
/** Changes without a trigger (a name edited by hand) show after a minute. */
const CACHED_FOR_MS = 60_000;
/** About 10 MB; the oldest entries are evicted first. */
const CACHED_MAX = 20_000;
const CHANNEL = "newday_revoked";
/** A notification to ourselves is the heartbeat: a pooler or a dead connection would swallow it. */
const PROBE = "probe:";

type Read<Row> = (hash: string) => Promise<Row | undefined>;

export interface LiveCredentials {
  /** Caches results of `read` by hash. Misses are read again each time. */
  cacheReads<Row>(read: Read<Row>): Read<Row>;
  /** Calls back with the hash or name that a notification evicts; with none, everything is evicted. */
  onEviction(evictor: (evicted?: string) => void): void;
  /** For credentials that this process revokes itself; other caches keep their rows. */
  evictAll(): void;
  /** Closes the listening connection. */
  close(): Promise<void>;
}

interface CachedCredential<Row> {
  readonly row: Row;
  readonly until: number;
}

/** Connects with the first cached entry. */
export function createLiveCredentials(db: Database): LiveCredentials {
  const evictors: ((hash?: string) => void)[] = [];
  /** Of other caches that a notification evicts. */
  const others: ((evicted?: string) => void)[] = [];
  /** Counts evictions: a read that began before one may be outdated. */
  let generation = 0;
  const evict = (hash?: string) => {
    generation += 1;
    for (const one of evictors) one(hash);
  };
  const listener = createRevocationListener(db, (evicted?: string) => {
    evict(evicted);
    for (const one of others) one(evicted);
  });

  return {
    cacheReads<Row>(read: Read<Row>): Read<Row> {
      const cached = new BoundedMap<string, CachedCredential<Row>>(CACHED_MAX);
      evictors.push((hash) => {
        if (hash === undefined) cached.clear();
        else cached.delete(hash);
      });
      return async (hash) => {
        const now = performance.now();
        const trusted = listener.isTrusted(now);
        const known = cached.get(hash);
        if (trusted && known && known.until > now) return known.row;
        const before = generation;
        const row = await read(hash);
        if (row === undefined || !trusted || generation !== before) return row;
        cached.set(hash, { row, until: now + CACHED_FOR_MS });
        return row;
      };
    },
    onEviction: (evictor) => void others.push(evictor),
    evictAll: () => evict(),
    close: () => listener.close(),
  };
}

interface RevocationListener {
  /**
   * True while every revocation arrives. Sends a heartbeat from time to time, or begins to listen.
   */
  isTrusted(now: number): boolean;
  close(): Promise<void>;
}

/** One listening connection, as long as its heartbeat comes back. */
interface ListeningConnection {
  readonly probe: string;
  readonly connection: Promise<Connection | undefined>;
  /** Times of the last heartbeat sent and of the last one received. */
  askedAt: number;
  verifiedAt: number;
}

function createRevocationListener(
  db: Database,
  evict: (hash?: string) => void,
): RevocationListener {
  let closed = false;
  let current: ListeningConnection | undefined;
  let askedAt = -Infinity;

  function listenFrom(now: number): ListeningConnection {
    const probe = `${PROBE}${randomUUID()}:`;
    const heard = (payload: string) => {
      if (payload.startsWith(probe)) listening.verifiedAt = Number(payload.slice(probe.length));
      else if (!payload.startsWith(PROBE)) evict(payload);
    };
    const lost = () => giveUp(listening);
    const connection = listen(db, { heard, lost }).catch(() => undefined);
    const listening: ListeningConnection = {
      probe,
      connection,
      askedAt: now,
      verifiedAt: -Infinity,
    };
    return listening;
  }

  /** Evicts everything that a missed notification may concern. */
  function giveUp(listening: ListeningConnection): void {
    if (current !== listening) return;
    current = undefined;
    evict();
    void listening.connection.then((open) => open?.close()).catch(() => undefined); // broken already
  }

  async function sendHeartbeat(now: number): Promise<void> {
    if (current && current.verifiedAt !== current.askedAt) giveUp(current);
    const listening = (current ??= listenFrom(now));
    listening.askedAt = now;
    if (await listening.connection)
      await db.query("select pg_notify($1, $2)", [CHANNEL, `${listening.probe}${now}`]);
    else giveUp(listening);
  }

  return {
    isTrusted(now) {
      if (closed) return false;
      if (now - askedAt > HEARTBEAT_AFTER_MS) {
        askedAt = now;
        sendHeartbeat(now).catch(() => undefined); // untrusted until the first heartbeat
      }
      return current !== undefined && now - current.verifiedAt < TRUSTED_FOR_MS;
    },
    async close() {
      closed = true;
      evict();
      const open = await current?.connection;
      current = undefined;
      await open?.close().catch(() => undefined); // it has ended by itself
    },
  };
}

async function listen(db: Database, listener: ChannelListener): Promise<Connection> {
  const connection = await db.connect("newday-revocations");
  await connection.listen(CHANNEL, listener);
  return connection;
}
