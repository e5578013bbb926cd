/**
 * One backend, reached without a pool, for work that must know exactly which backend it is on.
 *
 * Errors stay the driver's: a repair decides by SQLSTATE. A lost connection must stay
 * distinguishable from a refusal by the server.
 */
import { TLSSocket } from "node:tls";
import type { Socket } from "node:net";
import pg from "pg";
import type { Queryable, Statement } from "../database.ts";
import { readConnectionParameters, tlsOptionsOf } from "../connection-parameters.ts";
import { NO_OPTIONS, typeParsers } from "./postgres.ts";

/** A libpq URL, or the folder of a Unix socket with user and database. */
export type ConnectionTarget =
  | string
  | {
      readonly host: string;
      readonly port: number;
      readonly user: string;
      readonly database: string;
    };

export interface DirectClientOptions {
  readonly target: ConnectionTarget;
  readonly applicationName: string;
  readonly connectTimeoutMs: number;
}

/** The peer of the connection, as this machine sees it. */
export interface Peer {
  /** As requested: a name, an address, or the folder of a Unix socket. */
  readonly host: string;
  /** Undefined on a Unix socket. */
  readonly address: string | undefined;
  /** SHA-256 of the server's certificate; undefined without TLS. */
  readonly certificate: string | undefined;
}

export interface DirectClient extends Queryable {
  readonly peer: Peer;
  /** Process id from the protocol's handshake; a pooler reports another one than the backend's. */
  readonly handshakePid: number;
  /** Sends `text` as one message of the simple protocol; resolves with the rows of each statement. */
  script(text: string): Promise<object[][]>;
  /**
   * From now on the connection counts as lost when an answer takes longer. For work whose
   * statements the server bounds itself: silence then means a dead peer.
   */
  limitAnswers(ms: number): void;
  /** True once the connection has ended, from either side. */
  isLost(): boolean;
  /** True inside a transaction block, a failed one too. */
  isInTransaction(): boolean;
  close(): Promise<void>;
}

interface LineState {
  lost: boolean;
  answerMs: number | undefined;
}

/** TCP keep-alive begins after so long a silence. */
const KEEPALIVE_DELAY_MS = 10_000;
/** Time for the peer to close the connection after our Terminate message. */
const FAREWELL_MS = 5_000;

/** Connects. Rejects with the driver's error, untranslated. */
export async function openDirectClient(options: DirectClientOptions): Promise<DirectClient> {
  const client = new pg.Client({
    ...clientConfigOf(options.target),
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEPALIVE_DELAY_MS,
    types: typeParsers,
  });
  const state: LineState = { lost: false, answerMs: undefined };
  client.on("error", () => (state.lost = true));
  client.on("end", () => (state.lost = true));
  await client.connect().catch((error: unknown) => {
    // With an empty password the driver gives up and leaves the connection open until the server
    // ends it.
    streamOf(client).destroy();
    throw error;
  });
  return {
    peer: peerOf(client),
    handshakePid: (client as unknown as { processID: number }).processID,
    query: (statement, values) => answered(client, state, query(client, statement, values)),
    script: (text) => answered(client, state, script(client, text)),
    limitAnswers: (ms) => (state.answerMs = ms),
    isLost: () => state.lost,
    // I is ReadyForQuery's letter for idle.
    isInTransaction: () => (client.getTransactionStatus() ?? "I") !== "I",
    close: () => close(client),
  };
}

/** Every parameter is explicit, so that the driver reads neither the URL nor the environment. */
function clientConfigOf(target: ConnectionTarget): pg.ClientConfig {
  // Our own scratch server: PGSSLMODE and PGOPTIONS are meant for the target.
  if (typeof target !== "string") return { ...target, options: NO_OPTIONS, ssl: false };
  const parameters = readConnectionParameters(target);
  const { host, port, user, database, password, options } = parameters;
  return { host, port, user, database, password, options, ssl: tlsOptionsOf(parameters) };
}

async function answered<T>(client: pg.Client, { answerMs }: LineState, work: Promise<T>) {
  if (answerMs === undefined) return work;
  const silence = setTimeout(() => {
    streamOf(client).destroy(new Error(`the server has not answered for ${answerMs / 1000} s`));
  }, answerMs);
  return work.finally(() => clearTimeout(silence));
}

/** A server that is gone leaves our Terminate message unanswered. */
async function close(client: pg.Client): Promise<void> {
  const deaf = setTimeout(() => streamOf(client).destroy(), FAREWELL_MS);
  await client.end().catch(() => undefined);
  clearTimeout(deaf);
}

function streamOf(client: pg.Client): Socket {
  return (client as unknown as { connection: { stream: Socket } }).connection.stream;
}

function peerOf(client: pg.Client): Peer {
  const stream = streamOf(client);
  const certificate =
    stream instanceof TLSSocket ? stream.getPeerCertificate().fingerprint256 : undefined;
  return { host: client.host, address: stream.remoteAddress, certificate };
}

async function query<R extends object>(
  client: pg.Client,
  statement: string | Statement,
  values: readonly unknown[] = [],
): Promise<R[]> {
  const config = typeof statement === "string" ? { text: statement } : statement;
  const result = await client.query({ ...config, values: [...values] });
  return result.rows as R[];
}

async function script(client: pg.Client, text: string): Promise<object[][]> {
  const result: unknown = await client.query(text);
  const results = (Array.isArray(result) ? result : [result]) as pg.QueryResult<object>[];
  return results.map(({ rows }) => rows);
}

/** Writes a string as a literal that is safe inside SQL text. */
export function quoteLiteral(text: string): string {
  return pg.escapeLiteral(text);
}

/** Writes a name as an identifier that keeps its capitals, quotes and Unicode. */
export function quoteIdentifier(name: string): string {
  return pg.escapeIdentifier(name);
}
