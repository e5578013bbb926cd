/** What a request costs, in things that can be counted on any machine. */
import crypto, { createHash } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";
import { onTestFinished, vi } from "vitest";
import type { Connection, Database, Queryable } from "../../src/db/database.ts";

export interface Costs {
  /** SQL statements, and the rows that they returned. */
  statements: number;
  rows: number;
  /** Calls of a hash function, and the bytes that they read. */
  hashes: number;
  hashedBytes: number;
  /** Of the reply, and the entries of its longest list. */
  bytes: number;
  entries: number;
}

export interface CostMeter {
  /** Counts what passes through this database. */
  readonly watch: (db: Database) => Database;
  /** The costs of one request, while no other is under way. */
  measure(request: () => Promise<{ readonly body: string }>): Promise<Costs>;
}

/**
 * Counts until the test has finished. Meanwhile the monotonic clock stands still: by it, caches of credentials
 * expire and their listener sends heartbeats, and the request that meets either would cost more.
 */
export function useCostMeter(): CostMeter {
  const counted = { statements: 0, rows: 0, hashes: 0, hashedBytes: 0 };
  countHashes(counted);
  const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now());
  onTestFinished(() => clock.mockRestore());
  return {
    watch: (db) => ({
      ...counting(db, counted),
      transaction: (work, options) =>
        db.transaction((tx) => work({ ...counting(tx, counted), inTransaction: true }), options),
      connect: async (name) => countingConnection(await db.connect(name), counted),
      poolCounts: () => db.poolCounts(),
      close: () => db.close(),
    }),
    async measure(request) {
      Object.assign(counted, { statements: 0, rows: 0, hashes: 0, hashedBytes: 0 });
      const { body } = await request();
      const parsed = body.startsWith("{") ? (JSON.parse(body) as object) : {};
      return { ...counted, bytes: Buffer.byteLength(body), entries: longestList(parsed) };
    },
  };
}

function counting(db: Queryable, counted: Pick<Costs, "statements" | "rows">): Queryable {
  return {
    async query<R extends object>(...parameters: Parameters<Queryable["query"]>) {
      counted.statements += 1;
      const rows = await db.query<R>(...parameters);
      // Several statements in one text have no rows.
      counted.rows += Array.isArray(rows) ? rows.length : 0;
      return rows;
    },
  };
}

function countingConnection(
  connection: Connection,
  counted: Pick<Costs, "statements" | "rows">,
): Connection {
  return {
    ...counting(connection, counted),
    async batch(statements) {
      const answers = await connection.batch(statements);
      counted.statements += statements.length;
      counted.rows += answers.reduce((sum, rows) => sum + rows.length, 0);
      return answers;
    },
    transaction: (work, options) =>
      connection.transaction(
        (tx) => work({ ...counting(tx, counted), inTransaction: true }),
        options,
      ),
    listen: (channel, listener) => connection.listen(channel, listener),
    close: () => connection.close(),
  };
}

/** Node's own functions, wrapped: which module calls them does not matter. */
function countHashes(counted: Pick<Costs, "hashes" | "hashedBytes">): void {
  const { hash } = crypto;
  const prototype = Object.getPrototypeOf(createHash("sha256")) as crypto.Hash;
  // oxlint-disable-next-line typescript/unbound-method -- called on its own object below
  const { update } = prototype;
  const count = (data: crypto.BinaryLike) => {
    counted.hashes += 1;
    counted.hashedBytes += Buffer.byteLength(data as string);
  };
  crypto.hash = ((...parameters: Parameters<typeof hash>) => {
    count(parameters[1]);
    return Reflect.apply(hash, crypto, parameters) as string;
  }) as typeof hash;
  prototype.update = function counting(this: crypto.Hash, ...parameters: [crypto.BinaryLike]) {
    count(parameters[0]);
    return Reflect.apply(update, this, parameters) as crypto.Hash;
  } as typeof update;
  syncBuiltinESMExports();
  onTestFinished(() => {
    crypto.hash = hash;
    prototype.update = update;
    syncBuiltinESMExports();
  });
}

function longestList(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? value.length : 0;
  return Math.max(own, ...Object.values(value).map(longestList));
}
