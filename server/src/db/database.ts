/**
 * The database seam: New Day's few operations on PostgreSQL.
 *
 * Callers write SQL text with `$1` parameters and get plain rows back. `bigint` columns always come
 * back as `bigint`, `numeric` as its exact text, `timestamptz` as `Date`. Errors become a
 * `NewDayError` where a client can act on them (sql-state.ts); others stay PostgreSQL's own.
 */

/** SQL with a name is prepared once per connection; the name must be unique to its text. */
export interface Statement {
  readonly name?: string;
  readonly text: string;
}

/** A statement that is prepared once per connection. */
export type NamedStatement = Required<Statement>;

/** Types of a statement's parameters; a buffer is in PostgreSQL's binary format. */
export type Parameter = Buffer | string | number | bigint | boolean | null;

/** A prepared statement and its parameters, ready to be sent. */
export interface BoundStatement {
  readonly statement: NamedStatement;
  readonly values: readonly Parameter[];
}

/** Anything that can run a statement: the pool, a transaction, a dedicated connection. */
export interface Queryable {
  /** Runs one statement and returns its rows. Rejects with the mapped error. */
  query<R extends object>(statement: string | Statement, values?: readonly unknown[]): Promise<R[]>;
}

export interface TransactionOptions {
  readonly readOnly?: boolean;
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /** Longest wait for one lock. PostgreSQL counts it per lock; a statement may wait for several. */
  readonly lockTimeoutMs?: number;
  /** Longest time for one statement. */
  readonly statementTimeoutMs?: number;
}

/** Marks a handle on which a transaction is open; functions that need one ask for it by type. */
export interface Transaction extends Queryable {
  readonly inTransaction: true;
}

export interface ChannelListener {
  readonly heard: (payload: string) => void;
  readonly lost: () => void;
}

/**
 * One backend of its own. Statements issued without awaiting one another are pipelined: they leave
 * in one packet and each gets its own outcome, in order.
 */
export interface Connection extends Queryable {
  /**
   * All statements at once, as one transaction: committed together or rolled back. Resolves with
   * the rows of each when they are durable. Batches sent one after another are carried out in
   * order.
   */
  batch(statements: readonly BoundStatement[]): Promise<object[][]>;
  /**
   * Subscribes to a channel of NOTIFY. `lost` is called once, when the connection has ended in any
   * way and notifications stop.
   */
  listen(channel: string, listener: ChannelListener): Promise<void>;
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  close(): Promise<void>;
}

/** Backends of a pool, and callers that wait for one. */
export interface PoolCounts {
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
}

export interface Database extends Queryable {
  /**
   * Runs `work` in one transaction on one backend; commits when it resolves, rolls back when it
   * rejects. Retries are left to the caller, who knows whether they are safe.
   */
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  poolCounts(): PoolCounts;
  /** Opens a backend outside the pool, for advisory locks, LISTEN and pipelining. */
  connect(applicationName: string): Promise<Connection>;
  close(): Promise<void>;
}
