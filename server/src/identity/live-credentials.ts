/**
 * Sessions and keys that were found live a moment ago, so that not every request asks the database.
 *
 * A credential that is revoked is forgotten as soon as PostgreSQL tells (migration 0052): on the process
 * that revoked it before that call answers, elsewhere within the time of a notification. One is
 * remembered only while the connection that tells is known to work, and never for longer than
 * `TRUSTED_FOR_MS`, so that a revocation counts everywhere after that time whatever is lost.
 */
import { randomUUID } from "node:crypto";
import type { Connection, Database } from "../db/database.ts";

/** How long a revocation can go unnoticed when a network fails without a sign. */
export const TRUSTED_FOR_MS = 5_000;
/** About 10 MB; beyond it the oldest go. */
const REMEMBERED_MAX = 20_000;
/** Long enough not to press a database that is down, short against a person's patience. */
const LISTEN_AGAIN_AFTER_MS = 1_000;
const CHANNEL = "newday_revoked";
/** Told by ourselves to hear whether we hear: a pooler in between would swallow it. */
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
      const remembered = new Map<string, Remembered<Row>>();
      forgetters.push((hash) => {
        if (hash === undefined) remembered.clear();
        else remembered.delete(hash);
      });
      return async (hash) => {
        const now = Date.now();
        const known = remembered.get(hash);
        if (known && known.until > now) return known.row;
        const before = generation;
        const row = await read(hash);
        if (row === undefined || !ear.isOpen() || generation !== before) return row;
        remembered.delete(hash); // to the end of the order of age
        remembered.set(hash, { row, until: now + TRUSTED_FOR_MS });
        if (remembered.size > REMEMBERED_MAX)
          for (const [oldest] of remembered) if (remembered.delete(oldest)) break;
        return row;
      };
    },
    forgetAll: () => forget(),
    close: () => ear.close(),
  };
}

interface Ear {
  /** Whether every revocation is heard now. If not, begins to listen. */
  isOpen(): boolean;
  close(): Promise<void>;
}

function createEar(db: Database, forget: (hash?: string) => void): Ear {
  let open = false;
  let closed = false;
  let listenFrom = 0;
  let connection: Promise<Connection | undefined> = Promise.resolve(undefined);

  async function listen(): Promise<Connection | undefined> {
    const probe = PROBE + randomUUID();
    const connected = await db.connect("newday-revocations");
    const lost = () => {
      open = false;
      forget();
    };
    const heard = (payload: string) => {
      if (payload === probe) open = !closed;
      else if (!payload.startsWith(PROBE)) forget(payload);
    };
    await connected.listen(CHANNEL, { heard, lost });
    await db.query("select pg_notify($1, $2)", [CHANNEL, probe]);
    return connected;
  }

  async function listenAgain(): Promise<Connection | undefined> {
    const previous = await connection;
    await previous?.close().catch(() => undefined); // lost, or deaf behind a pooler
    return closed ? undefined : listen().catch(() => undefined); // until then every call asks
  }

  return {
    isOpen() {
      if (open || closed || Date.now() < listenFrom) return open;
      listenFrom = Date.now() + LISTEN_AGAIN_AFTER_MS;
      connection = listenAgain();
      return false;
    },
    async close() {
      closed = true;
      open = false;
      forget();
      await (await connection)?.close().catch(() => undefined); // it has ended by itself
    },
  };
}
