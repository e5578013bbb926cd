/**
 * The one connection on which this process writes its batches, one behind the other.
 *
 * A batch is sent as soon as it is decided, while the database still works on the one before it. So
 * the database stays busy, and of two batches that change the same row the second needs no lock
 * that the first still holds. If a batch fails, everything sent behind it fails too: it was decided
 * from rows that were rolled back, and their revisions alone would hide that.
 */
import type { BoundStatement, Connection } from "../db/database.ts";
import { isConnectionLost } from "./connection-lost.ts";

export interface Writer {
  /**
   * As `Connection.batch`, in the order of the calls. Connects at the first one, or after a loss.
   */
  send(statements: readonly BoundStatement[]): Promise<object[][]>;
  close(): Promise<void>;
}

export interface WriterOptions {
  readonly open: () => Promise<Connection>;
  /** Called at once when a batch has failed: later decisions must ignore its rows. */
  readonly onFailure: () => void;
}

/** One connection and the numbers of its batches. */
interface Session {
  readonly connection: Promise<Connection>;
  sent: number;
  /** The batch that the next one follows. */
  last: number;
  failures: number;
}

interface SentBatch {
  /** Number of the session's failed batches when it was sent. */
  readonly failures: number;
  readonly previous: number;
}

const FOLLOW = {
  name: "ledger_follow_batch",
  text: "select newday.follow_batch($1::bigint, $2::bigint)",
};

export function createWriter({ open, onFailure }: WriterOptions): Writer {
  let current: Session | undefined;

  function session(): Session {
    return (current ??= { connection: open(), sent: 0, last: 0, failures: 0 });
  }

  function fail(failed: Session, batch: SentBatch, error: unknown): void {
    if (current === failed && isConnectionLost(error)) {
      current = undefined;
      void failed.connection.then((lost) => lost.close()).catch(() => undefined); // broken already
    }
    // Answers come in order: the first failure follows a committed batch, and every batch behind it
    // fails with it.
    if (failed.failures !== batch.failures) return;
    failed.failures += 1;
    failed.last = batch.previous;
    onFailure();
  }

  return {
    async send(statements) {
      const used = session();
      const { failures, last: previous } = used;
      const own = (used.sent += 1);
      used.last = own;
      try {
        const connection = await used.connection;
        const follow = { statement: FOLLOW, values: [previous, own] };
        const [, ...answers] = await connection.batch([follow, ...statements]);
        return answers;
      } catch (error) {
        fail(used, { failures, previous }, error);
        throw error;
      }
    },
    async close() {
      const connection = await current?.connection.catch(() => undefined);
      current = undefined;
      await connection?.close();
    },
  };
}
