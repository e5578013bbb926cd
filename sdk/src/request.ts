/**
 * The one function that calls the server: timeout, retries, errors.
 *
 * Only repeatable requests are retried: reads, PUTs, and writes, whose idempotency key makes a
 * retry return the first outcome. `Retry-After` delays the next attempt.
 */
import { NewDayApiError } from "./error.ts";
import type { Problem } from "./generated/api-types.ts";

/**
 * Just above the server's own limit for a statement, so that its answer arrives before the timeout.
 */
const TIMEOUT_MS = 10_000;
const TRIES_MAX = 4;
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 4_000;
/** The longest wait inside a call; a longer `Retry-After` is left to the caller. */
const RETRY_AFTER_MAX_MS = 30_000;
const TOO_MANY_REQUESTS = 429;

export interface ClientOptions {
  /** Address of the server, for example `http://localhost:5000`. */
  readonly baseUrl: string;
  /** A user's token (`nd_token_...`) or a platform's key (`nd_key_...`). */
  readonly token?: string;
  readonly fetch?: typeof fetch;
  /** Timeout of one attempt, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface WriteOptions {
  /**
   * The caller's key, so that a retry from another process is recognised; a random one by default.
   */
  readonly idempotencyKey?: string;
  /** Decide without posting: the answer shows the balances that would result. */
  readonly dryRun?: boolean;
  /** ETag that the resource must still have. */
  readonly ifMatch?: string;
}

/** One page of a list; `nextCursor` is null on the last. */
export interface Page<T> {
  readonly data: readonly T[];
  readonly nextCursor: string | null;
}

export interface PageQuery {
  /** Entries per page. */
  readonly limit?: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly write?: WriteOptions;
  /** The answer is a file, not JSON. */
  readonly text?: boolean;
  /** A POST that reads only, and is repeatable with no key. */
  readonly changesNothing?: boolean;
}

export type Request = <T>(call: Call) => Promise<T>;

/** Errors of every call: `NewDayApiError`. */
export function createRequest(options: ClientOptions): Request {
  const send = options.fetch ?? globalThis.fetch.bind(globalThis);
  return async <T>(call: Call): Promise<T> => {
    const url = urlOf(options.baseUrl, call);
    const init = initOf(options, call);
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await once<T>(send, url, { ...init, signal: timeout(options) }, call.text);
      } catch (error) {
        if (attempt >= TRIES_MAX || !mayRepeat(call) || !isWorthWaitingFor(error)) throw error;
        await pause(attempt, error);
      }
    }
  };
}

function mayRepeat({ method, write, changesNothing = false }: Call): boolean {
  return method !== "POST" || write !== undefined || changesNothing;
}

function isWorthWaitingFor(error: unknown): error is NewDayApiError {
  if (!(error instanceof NewDayApiError) || !error.retryable) return false;
  return (error.retryAfterMs ?? 0) <= RETRY_AFTER_MAX_MS;
}

function urlOf(baseUrl: string, { path, query = {}, write }: Call): string {
  const url = new URL(path, baseUrl);
  const wanted = { ...query, dryRun: write?.dryRun === true ? true : undefined };
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

function initOf({ token }: ClientOptions, { method, body, write }: Call): RequestInit {
  const headers: Record<string, string> = { accept: "application/json" };
  if (token !== undefined) headers["authorization"] = `Bearer ${token}`;
  if (body !== undefined) headers["content-type"] = "application/json";
  if (write) headers["idempotency-key"] = write.idempotencyKey ?? randomKey();
  if (write?.ifMatch !== undefined) headers["if-match"] = write.ifMatch;
  return { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

/** 128 random bits; `crypto.randomUUID` is missing on plain-http pages. */
function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function timeout({ timeoutMs }: ClientOptions): AbortSignal {
  return AbortSignal.timeout(timeoutMs ?? TIMEOUT_MS);
}

async function once<T>(
  send: typeof fetch,
  url: string,
  init: RequestInit,
  text = false,
): Promise<T> {
  const reply = await send(url, init).catch(lost);
  // A connection that breaks inside the answer loses it as much as one that breaks before.
  const sent = await reply.text().catch(lost);
  if (reply.ok && text) return sent as T;
  const body = parse(sent);
  if (reply.ok && body !== undefined) return body as T;
  throw toError(reply, body);
}

function lost(cause: unknown): never {
  throw new NewDayApiError("New Day did not answer", {
    code: "no_answer",
    status: 0,
    requestId: undefined,
    retryable: true,
    cause,
  });
}

/** undefined for text other than JSON, such as a proxy's page. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function toError(reply: Response, body: unknown): NewDayApiError {
  const problem = isProblem(body) ? body : undefined;
  return new NewDayApiError(problem?.detail ?? `New Day answered ${reply.status}`, {
    code: problem?.code ?? "unexpected_answer",
    status: reply.status,
    requestId: problem?.requestId ?? reply.headers.get("x-request-id") ?? undefined,
    retryable: problem?.retryable ?? (reply.status >= 500 || reply.status === TOO_MANY_REQUESTS),
    retryAfterMs: retryAfterOf(reply.headers),
    problem,
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** Seconds, or a date from a proxy; undefined for an unreadable value. */
function retryAfterOf(headers: Headers): number | undefined {
  const sent = headers.get("retry-after")?.trim() ?? "";
  const wait = /^\d+$/.test(sent) ? Number(sent) * 1_000 : Date.parse(sent) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Full jitter: clients that failed together must come back apart. */
function pause(attempt: number, { retryAfterMs = 0 }: NewDayApiError): Promise<void> {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (attempt - 1));
  const wait = retryAfterMs + Math.random() * ceiling;
  return new Promise((resolve) => setTimeout(resolve, wait));
}
