/**
 * Several prepared statements as one message: one transaction without BEGIN and COMMIT.
 *
 * PostgreSQL commits everything between two Sync messages together or not at all (protocol,
 * "Extended Query", implicit transactions). `pg` sends a Sync after each statement, so this query
 * of ours writes its own messages. A statement costs both sides a fraction of its single cost: the
 * server answers, reports and takes its next message once for all.
 */
import pg from "pg";
import { encodeBatch } from "./batch-message.ts";
import type { BoundStatement, NamedStatement } from "../database.ts";

interface RowsOfStatement {
  readonly rows: object[];
  addFields(fields: readonly object[]): void;
  parseRow(values: readonly unknown[]): object;
}

/** The used part of the driver's connection; `pg-cursor` uses the same methods. */
interface Wire {
  readonly stream: { write(message: Buffer): boolean };
  /** The driver's record of prepared names, and of those in flight. */
  readonly parsedStatements: Readonly<Record<string, string>>;
  readonly submittedNamedStatements: Record<string, string>;
  parse(message: NamedStatement): void;
  sync(): void;
}

// The driver pipelines only queries of its own class, and its types hide their methods.
const DriverQuery = pg.Query as unknown as new (config: { text: string }) => object;
const Rows = pg.Result as unknown as new (rowMode: undefined, types: unknown) => RowsOfStatement;

type Done<T> = (error: unknown, result?: T) => void;

/** A statement that is prepared on a connection. */
interface Prepared {
  /** The columns of its rows, empty for a command; undefined until the first answer. */
  columns: readonly object[] | undefined;
}

type PreparedStatements = Map<string, Prepared>;

class AtomicBatch extends DriverQuery {
  readonly callback: Done<object[][]>;
  readonly #statements: readonly BoundStatement[];
  readonly #prepared: PreparedStatements;
  readonly #types: pg.CustomTypesConfig;
  readonly #results: object[][] = [];
  #described: readonly object[] | undefined;
  #current: RowsOfStatement | undefined;

  constructor(
    statements: readonly BoundStatement[],
    session: { prepared: PreparedStatements; types: pg.CustomTypesConfig },
    callback: Done<object[][]>,
  ) {
    super({ text: "" });
    this.#statements = statements;
    this.#prepared = session.prepared;
    this.#types = session.types;
    this.callback = callback;
  }

  submit({ stream }: Wire): void {
    const isUnknown = (name: string) => this.#prepared.get(name)?.columns === undefined;
    stream.write(encodeBatch(this.#statements, isUnknown));
  }

  handleRowDescription({ fields }: { fields: readonly object[] }): void {
    this.#described = fields;
  }

  handleDataRow({ fields }: { fields: readonly unknown[] }): void {
    if (!this.#current) {
      this.#current = new Rows(undefined, this.#types);
      this.#current.addFields(this.#described ?? this.#answering()?.columns ?? []);
    }
    this.#current.rows.push(this.#current.parseRow(fields));
  }

  handleCommandComplete(): void {
    const answering = this.#answering();
    if (answering) answering.columns ??= this.#described ?? [];
    this.#results.push(this.#current?.rows ?? []);
    this.#current = undefined;
    this.#described = undefined;
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#results);
  }

  #answering(): Prepared | undefined {
    return this.#prepared.get(this.#statements[this.#results.length]?.statement.name ?? "");
  }
}

/** Prepares one statement ahead of the batch that needs it. */
class Preparation extends DriverQuery {
  readonly callback: Done<void>;
  /** The driver keeps its record from these two. */
  readonly name: string;
  readonly text: string;

  constructor({ name, text }: NamedStatement, callback: Done<void>) {
    super({ text });
    this.name = name;
    this.text = text;
    this.callback = callback;
  }

  submit(wire: Wire): void {
    const { name, text } = this;
    wire.parse({ name, text });
    wire.submittedNamedStatements[name] = text;
    wire.sync();
  }

  handleError(error: unknown): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null);
  }
}

/**
 * Sends batches on one pipelining client. The returned function resolves with the rows of each
 * statement once all are committed. It rejects with the driver's first error; the batch is then
 * rolled back, or in doubt when the connection was lost during the answer.
 */
export function createBatchSender(
  client: pg.Client,
  types: pg.CustomTypesConfig,
): (statements: readonly BoundStatement[]) => Promise<object[][]> {
  const prepared: PreparedStatements = new Map();
  const { parsedStatements, submittedNamedStatements } = (client as unknown as { connection: Wire })
    .connection;

  async function prepare(statement: NamedStatement): Promise<void> {
    const { name } = statement;
    prepared.set(name, { columns: undefined });
    if (name in parsedStatements || name in submittedNamedStatements) return;
    try {
      await submit<void>(client, (done) => new Preparation(statement, done));
    } catch (error) {
      prepared.delete(name);
      throw error;
    }
  }

  return (statements) => {
    const preparing: Promise<void>[] = [];
    for (const { statement } of statements)
      if (!prepared.has(statement.name)) preparing.push(prepare(statement));
    const all = Promise.all(preparing);
    all.catch(() => undefined); // reported by the batch, which fails then
    return submit<object[][]>(
      client,
      (done) => new AtomicBatch(statements, { prepared, types }, done),
    ).catch(async (error: unknown) => {
      await all; // a statement that fails to prepare explains more than the batch that needs it
      throw error;
    });
  };
}

function submit<T>(client: pg.Client, make: (done: Done<T>) => object): Promise<T> {
  return new Promise((resolve, reject) => {
    const query = make((error, result) => (error ? reject(error) : resolve(result as T)));
    client.query(query as unknown as pg.Submittable);
  });
}
