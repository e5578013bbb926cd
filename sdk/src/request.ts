/**
 * The one function that talks to the server: timeout, retries, errors.
 *
 * A write carries one idempotency key for all its tries, so that a retry after a lost answer returns
 * the first outcome instead of doing the work twice.
 */
import { NewDayApiError } from "./error.ts";
import type { Problem } from "./generated/api-types.ts";

/** Just above the server's own limit for a statement, so that its answer arrives before we give up. */
const TIMEOUT_MS = 10_000;
const TRIES_MAX = 4;
const BACKOFF_MS = 250;
const BACKOFF_MAX_MS = 4_000;

export interface ClientOptions {
  /** Address of the server, for example `http://localhost:5000`. */
  readonly baseUrl: string;
  /** A user's token (`nd_token_...`) or a platform's key (`nd_key_...`). */
  readonly token?: string;
  readonly fetch?: typeof fetch;
  /** How long one try may take, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface WriteOptions {
  /** Yours, so that a retry from another process is recognised; else a random one for this call. */
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
        const last = attempt >= TRIES_MAX || !(error instanceof NewDayApiError) || !error.retryable;
        if (last) throw error;
        await pause(attempt);
      }
    }
  };
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

/** 128 random bits; `crypto.randomUUID` does not exist on plain-http pages. */
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
  const reply = await send(url, init).catch((cause: unknown) => {
    throw new NewDayApiError("New Day did not answer", {
      code: "no_answer",
      status: 0,
      requestId: undefined,
      retryable: true,
      cause,
    });
  });
  if (reply.ok && text) return (await reply.text()) as T;
  const body: unknown = await reply.json().catch(() => undefined);
  if (reply.ok && body !== undefined) return body as T;
  throw toError(reply, body);
}

function toError(reply: Response, body: unknown): NewDayApiError {
  const problem = isProblem(body) ? body : undefined;
  return new NewDayApiError(problem?.detail ?? `New Day answered ${reply.status}`, {
    code: problem?.code ?? "unexpected_answer",
    status: reply.status,
    requestId: problem?.requestId ?? reply.headers.get("x-request-id") ?? undefined,
    retryable: problem?.retryable ?? reply.status >= 500,
    problem,
  });
}

function isProblem(body: unknown): body is Problem {
  return typeof body === "object" && body !== null && "code" in body && "detail" in body;
}

/** Full jitter: clients that failed together must not come back together. */
function pause(attempt: number): Promise<void> {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (attempt - 1));
  return new Promise((resolve) => setTimeout(resolve, Math.random() * ceiling));
}
