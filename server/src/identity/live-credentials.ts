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
const PROVE_AGAIN_AFTER_MS = 2_000;
/** Changes without a trigger (a name edited by hand) show after a minute. */
const REMEMBERED_FOR_MS = 60_000;
/** About 10 MB; the oldest entries are evicted first. */
const REMEMBERED_MAX = 20_000;
const CHANNEL = "newday_revoked";
/** A notification to ourselves is the heartbeat: a pooler or a dead connection would swallow it. */
const PROBE = "probe:";

type Read<Row> = (hash: string) => Promise<Row | undefined>;

export interface LiveCredentials {
  /** Caches results of `read` by hash. Misses are read again each time. */
  remember<Row>(read: Read<Row>): Read<Row>;
  /** For credentials that this process revokes itself. */
  forgetAll(): void;
  /** Closes the listening connection. */
  close(): Promise<void>;
}

interface Remembered<Row> {
  readonly row: Row;
  readonly until: number;
}

/** Connects with the first cached entry. */
export function createLiveCredentials(db: Database): LiveCredentials {
  const forgetters: ((hash?: string) => void)[] = [];
  /** Counts evictions: a read that began before one may be outdated. */
  let generation = 0;
  const forget = (hash?: string) => {
    generation += 1;
    for (const one of forgetters) one(hash);
  };
  const ear = createEar(db, forget);

  return {
    remember<Row>(read: Read<Row>): Read<Row> {
      const remembered = new BoundedMap<string, Remembered<Row>>(REMEMBERED_MAX);
      forgetters.push((hash) => {
        if (hash === undefined) remembered.clear();
        else remembered.delete(hash);
      });
      return async (hash) => {
        const now = performance.now();
        const hears = ear.isOpen(now);
        const known = remembered.get(hash);
        if (hears && known && known.until > now) return known.row;
        const before = generation;
        const row = await read(hash);
        if (row === undefined || !hears || generation !== before) return row;
        remembered.set(hash, { row, until: now + REMEMBERED_FOR_MS });
        return row;
      };
    },
    forgetAll: () => forget(),
    close: () => ear.close(),
  };
}

interface Ear {
  /**
   * True while every revocation arrives. Sends a heartbeat from time to time, or begins to listen.
   */
  isOpen(now: number): boolean;
  close(): Promise<void>;
}

/** One listening connection, as long as its heartbeat comes back. */
interface Hearing {
  readonly probe: string;
  readonly connection: Promise<Connection | undefined>;
  /** Times of the last heartbeat sent and of the last one received. */
  askedAt: number;
  provenAt: number;
}

function createEar(db: Database, forget: (hash?: string) => void): Ear {
  let closed = false;
  let current: Hearing | undefined;
  let askedAt = -Infinity;

  function hearingFrom(now: number): Hearing {
    const probe = `${PROBE}${randomUUID()}:`;
    const heard = (payload: string) => {
      if (payload.startsWith(probe)) hearing.provenAt = Number(payload.slice(probe.length));
      else if (!payload.startsWith(PROBE)) forget(payload);
    };
    const lost = () => giveUp(hearing);
    const connection = listen(db, { heard, lost }).catch(() => undefined);
    const hearing: Hearing = { probe, connection, askedAt: now, provenAt: -Infinity };
    return hearing;
  }

  /** Evicts everything that a missed notification may concern. */
  function giveUp(hearing: Hearing): void {
    if (current !== hearing) return;
    current = undefined;
    forget();
    void hearing.connection.then((open) => open?.close()).catch(() => undefined); // broken already
  }

  async function prove(now: number): Promise<void> {
    if (current && current.provenAt !== current.askedAt) giveUp(current);
    const hearing = (current ??= hearingFrom(now));
    hearing.askedAt = now;
    if (await hearing.connection)
      await db.query("select pg_notify($1, $2)", [CHANNEL, `${hearing.probe}${now}`]);
    else giveUp(hearing);
  }

  return {
    isOpen(now) {
      if (closed) return false;
      if (now - askedAt > PROVE_AGAIN_AFTER_MS) {
        askedAt = now;
        prove(now).catch(() => undefined); // untrusted until the first heartbeat
      }
      return current !== undefined && now - current.provenAt < TRUSTED_FOR_MS;
    },
    async close() {
      closed = true;
      forget();
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
