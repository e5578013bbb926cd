/**
 * Sends concurrent reads as one message: both sides then answer and wake once for all of them, and
 * their columns are described only the first time.
 */
import type { BoundStatement, Connection, Parameter, Queryable } from "../database.ts";

interface Waiting {
  readonly read: BoundStatement;
  readonly resolve: (rows: object[]) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A view of the connection for prepared reads. If one of them fails, those sent with it fail with
 * the same error. Unnamed statements pass through.
 */
export function gatherReads(connection: Connection): Queryable {
  let waiting: Waiting[] = [];

  async function send(): Promise<void> {
    const together = waiting;
    waiting = [];
    try {
      const answers = await connection.batch(together.map(({ read }) => read));
      for (const [index, { resolve }] of together.entries()) resolve(answers[index] ?? []);
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
  }

  return {
    query<R extends object>(
      statement: Parameters<Queryable["query"]>[0],
      values: readonly unknown[] = [],
    ): Promise<R[]> {
      if (typeof statement === "string" || statement.name === undefined)
        return connection.query<R>(statement, values);
      const read = {
        statement: { name: statement.name, text: statement.text },
        values: values as readonly Parameter[],
      };
      return new Promise((resolve, reject) => {
        if (waiting.length === 0) queueMicrotask(() => void send());
        waiting.push({ read, resolve: (rows) => resolve(rows as R[]), reject });
      });
    },
  };
}
