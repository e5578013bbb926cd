/**
 * One run of the checks: new ids, the requests so far, and facts that one check leaves for the
 * next. The ids are unique to the run, so that a second press is as green as the first and a user's
 * daily import quota stays unused.
 */
import { CheckSkipped } from "./expect.ts";
import { parseJson } from "./json.ts";
import { toTenth } from "./latency.ts";
import type { Exchange, Text } from "./model.ts";
import type { Transport } from "./transport.ts";

export interface CallOptions {
  readonly token?: string;
  /** A JSON value; sent as text when it is a string already. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sends the request as a page opened from disk. */
  readonly fromDisk?: boolean;
  /** One of many at once: hidden, and left out of the latencies, which describe one client. */
  readonly quiet?: boolean;
}

export interface Answer {
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for an answer other than JSON. */
  readonly body: unknown;
}

export interface TestUser {
  readonly userId: string;
  readonly token: string;
}

/** Facts that one check verified and a later one builds on. */
export interface Facts {
  /** The platforms whose clients a production server lets in without a proof; empty for a sandbox. */
  compatibilityLogins: readonly string[];
  player: TestUser;
  stranger: TestUser;
  /** Market item that a newcomer can afford: id, coin price. */
  offer: { readonly id: string; readonly name: string; readonly price: number };
  purchase: { readonly key: string; readonly transactionId: string; readonly itemId: string };
  exported: { readonly itemId: string; readonly transferId: string };
  imports: readonly Readonly<Record<string, unknown>>[];
  coins: number;
}

export interface Session {
  readonly base: string;
  readonly runId: string;
  readonly exchanges: Exchange[];
  readonly latencies: number[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** The wanted platform, or one whose logins are signed or need no proof when others do. */
  platform(wanted: string): string;
  /** A user id of this run. */
  id(label: string): string;
  leave<K extends keyof Facts>(name: K, value: Facts[K]): void;
  /** Throws `CheckSkipped` when the fact is missing. */
  take<K extends keyof Facts>(name: K): Facts[K];
}

export interface SessionOptions {
  readonly base: string;
  readonly own: Transport;
  readonly fromDisk: Transport;
  /** Platforms whose logins the transport signs; absent or empty where none is signed. */
  readonly signsFor?: readonly string[];
}

const MISSING: Record<keyof Facts, Text> = {
  compatibilityLogins: { zh: "需要先读到运行状态", en: "needs the health to be read first" },
  player: { zh: "需要先登录成功", en: "needs the login to succeed first" },
  stranger: { zh: "需要第二个用户登录成功", en: "needs the second login to succeed first" },
  offer: { zh: "需要市场里有买得起的商品", en: "needs an affordable item in the market first" },
  purchase: { zh: "需要先购买成功", en: "needs the purchase to succeed first" },
  exported: { zh: "需要先导出成功", en: "needs the export to succeed first" },
  imports: { zh: "需要先导入成功", en: "needs the imports to succeed first" },
  coins: { zh: "需要先读到余额", en: "needs the balance to be read first" },
};

export function openSession(options: SessionOptions): Session {
  const runId = `${Date.now()}-${randomWord()}`;
  const facts: Partial<Facts> = {};
  const exchanges: Exchange[] = [];
  const latencies: number[] = [];
  return {
    base: options.base,
    runId,
    exchanges,
    latencies,
    platform(wanted) {
      const open = [...(options.signsFor ?? []), ...(facts.compatibilityLogins ?? [])];
      return open.includes(wanted) ? wanted : (open[0] ?? wanted);
    },
    id: (label) => `itest-${label}-${runId}`,
    leave(name, value) {
      facts[name] = value;
    },
    take(name) {
      const value = facts[name];
      if (value === undefined) throw new CheckSkipped(MISSING[name]);
      return value;
    },
    async call(method, path, call = {}) {
      const { answer, exchange } = await exchangeOnce(options, { method, path, call });
      if (!call.quiet) latencies.push(exchange.milliseconds);
      if (!call.quiet || answer === undefined) exchanges.push(exchange);
      if (answer === undefined) throw new Unanswered(exchange.fault ?? "");
      return answer;
    },
  };
}

/** The request failed, or this origin may not read the answer. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

async function exchangeOnce(
  options: SessionOptions,
  { method, path, call }: { method: string; path: string; call: CallOptions },
): Promise<{ answer?: Answer; exchange: Exchange }> {
  const transport = call.fromDisk ? options.fromDisk : options.own;
  const body = bodyText(call.body);
  const headers = {
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
    ...call.headers,
  };
  const url = `${options.base}${path}`;
  const request = { method, url, headers, ...(body === undefined ? {} : { body }) };
  const asked = {
    method,
    url,
    origin: call.fromDisk ? ("null" as const) : ("own" as const),
    requestHeaders: maskTokens(headers),
    ...(body === undefined ? {} : { requestBody: maskText(body) }),
  };
  const started = performance.now();
  try {
    const wire = await transport(request);
    const milliseconds = toTenth(performance.now() - started);
    return {
      answer: {
        method,
        path,
        status: wire.status,
        headers: wire.headers,
        body: parseJson(wire.body),
      },
      exchange: {
        ...asked,
        status: wire.status,
        responseHeaders: wire.headers,
        responseBody: shorten(maskText(wire.body)),
        milliseconds,
      },
    };
  } catch (error) {
    const fault = reasonOf(error);
    const milliseconds = toTenth(performance.now() - started);
    return { exchange: { ...asked, responseHeaders: {}, milliseconds, fault } };
  }
}

/** The reason of a failed request. Node hides it one or two levels down. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const causes = error instanceof AggregateError ? error.errors : [error.cause];
  const reasons = causes.filter((cause) => cause instanceof Error).map(reasonOf);
  return [error.message, ...reasons].filter(Boolean).join(": ");
}

function bodyText(body: unknown): string | undefined {
  if (body === undefined) return undefined;
  return typeof body === "string" ? body : JSON.stringify(body);
}

/** A report is pasted into tickets; a token in it would grant access. */
function maskText(text: string): string {
  return text.replaceAll(/nd_token_[A-Za-z0-9_-]{4,}/g, (token) => `${token.slice(0, 13)}…`);
}

function maskTokens(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, maskText(value)]),
  );
}

/** Longest answer kept for display; a long market list would make a report of megabytes. */
const SHOWN_CHARACTERS = 4_000;

function shorten(text: string): string {
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)} …`;
}

/** `crypto.randomUUID` is missing on plain-http pages; `getRandomValues` exists there. */
function randomWord(): string {
  return [...crypto.getRandomValues(new Uint8Array(5))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
