/**
 * The one function that calls the server: addresses, timeout, retries, errors.
 *
 * Only repeatable requests are retried: reads, PUTs, and writes, whose idempotency key makes a
 * retry return the first outcome. `Retry-After` delays the next attempt.
 */
import { NewDayApiError } from "./error.ts";
import { keepEtag } from "./etags.ts";
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
const UNAUTHORIZED = 401;
const TOO_MANY_REQUESTS = 429;

/**
 * Returns the credential of the next request. After a 401 it is called with the token that was
 * refused, once a call; the request is sent again when it returns another one.
 */
export type TokenSource = (refused?: string) => string | undefined | Promise<string | undefined>;

export interface ClientOptions {
  /** Address of the server, with the path in front of `/api` when a proxy adds one. */
  readonly baseUrl: string;
  /** A user's token (`nd_token_...`) or a platform's key (`nd_key_...`), or a function that gives one. */
  readonly token?: string | TokenSource;
  readonly fetch?: typeof fetch;
  /** Timeout of one attempt, in milliseconds; 10,000 by default. */
  readonly timeoutMs?: number;
}

/** Options of every call. */
export interface CallOptions {
  /** Ends the call, its waits included; the call rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Timeout of one attempt of this call, in milliseconds. */
  readonly timeoutMs?: number;
}

export interface WriteOptions extends CallOptions {
  /**
   * The caller's key, so that a retry from another process is recognised; a random one by default.
   */
  readonly idempotencyKey?: string;
}

export interface DryRunOption {
  /** Decide without posting: the answer shows the balances that would result. */
  readonly dryRun?: boolean;
}

export interface IfMatchOption {
  /** ETag that the account must still have: `etagOf(account)`. */
  readonly ifMatch?: string;
}

export interface Call {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Segments of the path; ids are escaped. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>> | undefined;
  readonly body?: unknown;
  readonly options?: (WriteOptions & DryRunOption & IfMatchOption) | undefined;
  /** The request carries an idempotency key. */
  readonly keyed?: boolean;
  /** A POST that reads only, and is repeatable with no key. */
  readonly repeatable?: boolean;
  /** The answer is a file, not JSON. */
  readonly text?: boolean;
}

export type Request = <T>(call: Call) => Promise<T>;

/**
 * Throws TypeError for an address that is none. Errors of every call: `NewDayApiError`, or the reason
 * of the caller's signal.
 */
export function createRequest(client: ClientOptions): Request {
  const base = baseOf(client.baseUrl);
  const send = client.fetch ?? globalThis.fetch.bind(globalThis);
  return async <T>(call: Call): Promise<T> => {
    const url = urlOf(base, call);
    const init = initOf(call);
    const signal = call.options?.signal;
    let token = await tokenOf(client);
    let isRenewed = typeof client.token !== "function";
    for (let attempt = 1; ; attempt += 1) {
      signal?.throwIfAborted();
      if (token !== undefined) init.headers["authorization"] = `Bearer ${token}`;
      try {
        return await once<T>(send, url, { ...init, signal: limit(client, call) }, call.text);
      } catch (error) {
        signal?.throwIfAborted();
        const renewed = isRenewed || !isUnauthorized(error) ? token : await tokenOf(client, token);
        if (renewed !== token) {
          token = renewed;
          isRenewed = true;
          continue;
        }
        if (attempt >= TRIES_MAX || !mayRepeat(call) || !isWorthWaitingFor(error)) throw error;
        await pause(waitBefore(attempt, error), signal);
      }
    }
  };
}

async function tokenOf({ token }: ClientOptions, refused?: string): Promise<string | undefined> {
  const given = typeof token === "function" ? await token(refused) : token;
  if (given === "") throw new TypeError("token of createClient is empty");
  return given;
}

/** A refused credential: the request did nothing, so that any method may be sent again. */
function isUnauthorized(error: unknown): boolean {
  return error instanceof NewDayApiError && error.status === UNAUTHORIZED;
}

function mayRepeat({ method, keyed = false, repeatable = false }: Call): boolean {
  return method !== "POST" || keyed || repeatable;
}

function isWorthWaitingFor(error: unknown): error is NewDayApiError {
  if (!(error instanceof NewDayApiError) || !error.retryable) return false;
  return (error.retryAfterMs ?? 0) <= RETRY_AFTER_MAX_MS;
}

/** The address without query and closing slash; in a browser `/path` means this page's server. */
function baseOf(baseUrl: string): string {
  const { location } = globalThis as { readonly location?: { readonly href: string } };
  const { href, search, hash, username, password } = new URL(baseUrl, location?.href);
  if (search || hash || username || password)
    throw new TypeError("baseUrl is an address without query, fragment, user or password");
  return href.replace(/\/+$/, "");
}

function urlOf(base: string, { path, query = {}, options }: Call): string {
  const url = new URL(`${base}/${path.map(segment).join("/")}`);
  const wanted = { ...query, dryRun: options?.dryRun === true ? true : undefined };
  for (const [name, value] of Object.entries(wanted))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url.href;
}

/** An empty or dotted id would name another resource. */
function segment(id: string): string {
  if (typeof id !== "string" || /^\.{0,2}$/.test(id)) throw new TypeError(`"${id}" is not an id`);
  return encodeURIComponent(id);
}

function initOf({ method, body, options = {}, keyed = false, text = false }: Call) {
  const headers: Record<string, string> = { accept: text ? "*/*" : "application/json" };
  if (body !== undefined) headers["content-type"] = "application/json";
  if (keyed) headers["idempotency-key"] = options.idempotencyKey ?? randomKey();
  if (options.ifMatch !== undefined) headers["if-match"] = options.ifMatch;
  return { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
}

/** 128 random bits; `crypto.randomUUID` is missing on plain-http pages. */
export function randomKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function limit(client: ClientOptions, { options: { signal, timeoutMs } = {} }: Call): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs ?? client.timeoutMs ?? TIMEOUT_MS);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
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
  if (!reply.ok || body === undefined) throw toError(reply, body);
  keepEtag(body, reply.headers.get("etag"));
  return body as T;
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
function waitBefore(attempt: number, { retryAfterMs = 0 }: NewDayApiError): number {
  const ceiling = Math.min(BACKOFF_MAX_MS, BACKOFF_MS * 2 ** (attempt - 1));
  return retryAfterMs + Math.random() * ceiling;
}

/** Resolves after the wait, or at once when the caller's signal aborts. */
function pause(wait: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", end);
      resolve();
    };
    const timer = setTimeout(end, wait);
    signal?.addEventListener("abort", end);
  });
}
