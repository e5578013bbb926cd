/**
 * Sessions and keys that were found live a moment ago, so that not every request asks the database.
 *
 * A credential that is revoked is forgotten as soon as PostgreSQL tells (migration 0052): on the process
 * that revoked it before that call answers, elsewhere within the time of a notification. Memory is used
 * only while the connection that tells has proven within `TRUSTED_FOR_MS` that it works, so that a
 * revocation counts everywhere after that time whatever is lost.
 */
import { randomUUID } from "node:crypto";
import { BoundedMap } from "../db/bounded-map.ts";
import type { ChannelListener, Connection, Database } from "../db/database.ts";

/** How long a revocation can go unnoticed when a network fails without a sign. */
const TRUSTED_FOR_MS = 5_000;
/** Leaves time for an answer before the trust of the last proof ends. */
const PROVE_AGAIN_AFTER_MS = 2_000;
/** What no trigger tells of (a name that was edited by hand) is seen after a minute. */
const REMEMBERED_FOR_MS = 60_000;
/** About 10 MB; beyond it the oldest go. */
const REMEMBERED_MAX = 20_000;
const CHANNEL = "newday_revoked";
/** Told by ourselves to hear whether we hear: a pooler or a dead line would swallow it. */
const PROBE = "probe:";

type Read<Row> = (hash: string) => Promise<Row | undefined>;

export interface LiveCredentials {
  /** `read` by hash, remembering what it found. What it did not find is asked for again. */
  remember<Row>(read: Read<Row>): Read<Row>;
  /** For what this process has just revoked itself. */
  forgetAll(): void;
  /** Leaves no connection behind. */
  close(): Promise<void>;
}

interface Remembered<Row> {
  readonly row: Row;
  readonly until: number;
}

/** Connects when something is first remembered. */
export function createLiveCredentials(db: Database): LiveCredentials {
  const forgetters: ((hash?: string) => void)[] = [];
  /** Moves with whatever is forgotten: what was read before may have been revoked since. */
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
  /** Whether every revocation is heard now. From time to time has it proven, or begins to listen. */
  isOpen(now: number): boolean;
  close(): Promise<void>;
}

/** One connection that listens, for as long as it is heard to do so. */
interface Hearing {
  readonly probe: string;
  readonly connection: Promise<Connection | undefined>;
  /** When the last probe was sent, and when the last one was that came back. */
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

  /** What it may have missed is forgotten. */
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
        prove(now).catch(() => undefined); // without proof it is not trusted
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
