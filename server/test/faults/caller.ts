/** A caller that keeps every request and every answer, and asks again when an answer is lost. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Asked, Body, CallerState, Effect, OperationKind } from "./operation-kind.ts";
import { OPERATION_KINDS } from "./operation-kinds.ts";
import type { FoundFaults } from "./found-faults.ts";

/** Clients of the contract give up after 10 s (docs/contract.md 1, retries). */
const ANSWER_TIMEOUT_MS = 10_000;
/** A caller that lost an answer asks this often at once; afterwards the checker asks. */
const ATTEMPTS = 6;
const RETRY_PAUSE_MS = 500;
/** One operation in so many is sent twice at once, one in so many is repeated after its answer. */
const ONE_IN = 12;

export interface Answer {
  readonly status: number;
  readonly isPosted: boolean;
  readonly replayed: boolean;
  readonly body: Body;
}

interface KeptAnswer {
  readonly status: number;
  readonly digest: string;
  readonly posted: boolean;
}

/** A request and what is known of its outcome. */
export interface Told {
  readonly kind: string;
  readonly userId: string;
  readonly key: string | null;
  readonly asked: Asked;
  /** Undefined while every answer was lost. */
  answer: KeptAnswer | undefined;
  effects: readonly Effect[];
  /** Ids of the transfers that the answer names. */
  transfers: readonly string[];
  /** Whether any attempt went unanswered. */
  lostOnce: boolean;
}

export interface Credentials {
  readonly platform: string;
  readonly operator: string;
  readonly service: string;
  /** Tokens of the older surfaces, by user. */
  readonly users: ReadonlyMap<string, string>;
}

const kinds = Object.entries(OPERATION_KINDS);
const weighted = kinds.flatMap(([name, { weight }]) => Array<string>(weight).fill(name));

export function kindOf(name: string): OperationKind {
  const kind = OPERATION_KINDS[name];
  if (!kind) throw new Error(`${name} is no kind of operation`);
  return kind;
}

/** Sends a request once. Throws when no answer came, or one without an outcome (429, 5xx). */
export async function send(base: string, told: Told, credentials: Credentials): Promise<Answer> {
  const { asked, key } = told;
  const { sentBy = "platform", postedBefore } = kindOf(told.kind);
  const credential = sentBy === "user" ? credentials.users.get(told.userId) : credentials[sentBy];
  const path = asked.path.startsWith("/api/") ? asked.path : `/api/v1${asked.path}`;
  const reply = await fetch(`${base}${path}`, {
    method: asked.method ?? "POST",
    headers: {
      authorization: `Bearer ${credential}`,
      "content-type": "application/json",
      ...(key === null ? {} : { "idempotency-key": key }),
    },
    body: JSON.stringify(asked.body),
    signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
  });
  const body: Body = await reply.json();
  if (reply.status === 429 || reply.status >= 500) throw new NoOutcome(reply.status, body);
  const replayed = reply.headers.get("idempotency-replayed") === "true" || body.alreadyTransferred;
  const isPosted = reply.status < 300 || (postedBefore !== undefined && body.code === postedBefore);
  return { status: reply.status, isPosted, replayed, body };
}

/** The server answered that it cannot tell the outcome. */
export class NoOutcome extends Error {
  override readonly name = "NoOutcome";
  readonly status: number;
  readonly requestId: string;

  constructor(status: number, { code, requestId, details }: Body) {
    super(`${status} ${code}`);
    this.status = status;
    this.requestId = requestId ?? details?.requestId;
  }
}

/** Why no answer came, in a word or two. */
export function reasonOf(error: unknown): string {
  if (error instanceof NoOutcome) return error.message;
  const { cause, name } = error as { cause?: { code?: string }; name?: string };
  return cause?.code ?? name ?? "unknown";
}

/** Refusals that docs/api.md freezes under their key; others may be posted when they are asked again. */
const FROZEN = new Set(["422 insufficient_funds"]);

/** Keeps the first answer that its key keeps; reports a later one that differs. */
export function recordAnswer(told: Told, answer: Answer, found: FoundFaults): void {
  const digest = digestOf(told, answer);
  if (!told.answer || isOpenAgain(told.answer)) {
    told.answer = { status: answer.status, digest, posted: answer.isPosted };
    if (!answer.isPosted) return;
    const { effects } = kindOf(told.kind);
    told.effects = effects?.(answer.body, told.asked) ?? [];
    told.transfers = transfersOf(answer.body);
    told.asked.learn?.(answer.body);
  } else if (told.answer.digest !== digest)
    found.report(
      "answers differ",
      `${told.kind} ${told.key}: ${difference(told.answer.digest, digest)}`,
    );
}

/** A refusal of the state at that time, such as an unknown item, leaves its key free. */
function isOpenAgain({ posted, digest }: KeptAnswer): boolean {
  return !posted && !FROZEN.has(digest);
}

/** Both texts from a little before their first difference. */
function difference(one: string, two: string): string {
  let at = 0;
  while (at < one.length && one[at] === two[at]) at += 1;
  const from = Math.max(0, at - 60);
  return `${one.slice(from, at + 60)} | ${two.slice(from, at + 60)}`;
}

function digestOf({ kind }: Told, { status, isPosted, body }: Answer): string {
  if (!isPosted) return `${status} ${body.code}`;
  const stable = kindOf(kind).stable?.(body) ?? body;
  return JSON.stringify(stable, inOrder);
}

/** Members have no order in JSON. A repeated answer says so in `replayed`, and in nothing else. */
function inOrder(name: string, value: unknown): unknown {
  if (name === "replayed") return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([one], [two]) => (one < two ? -1 : 1)));
}

function transfersOf(body: Body): string[] {
  if (body.results)
    return body.results.flatMap(({ transfer }: Body) => (transfer ? [transfer.id] : []));
  if (body.entries) return [body.id];
  const id = body.transferId ?? body.transactionId;
  return id ? [id] : [];
}

export interface Load {
  readonly bases: readonly string[];
  readonly credentials: Credentials;
  readonly found: FoundFaults;
  readonly told: Told[];
  /** The longest between two operations of a caller. */
  readonly pauseMs: number;
  readonly lostAnswers: Map<string, number>;
  /** The line of a server's log that has this text. */
  findLogLine(text: string): string | undefined;
  isOver(): boolean;
}

/** Sends one operation after the other until the load is over. */
export async function runCaller(state: CallerState, load: Load): Promise<void> {
  while (!load.isOver()) {
    const kind = state.random.pick(weighted);
    const { ask: compose, hasKey } = kindOf(kind);
    const asked = compose(state);
    if (!asked) continue;
    state.serial += 1;
    const isKeyless = asked.method === "PUT" || hasKey === false;
    const key = isKeyless ? null : `${state.userId}-${state.serial}`;
    const told: Told = {
      kind,
      userId: state.userId,
      key,
      asked,
      answer: undefined,
      effects: [],
      transfers: [],
      lostOnce: false,
    };
    load.told.push(told);
    await ask(told, state, load);
    await sleep(state.random.below(load.pauseMs));
  }
}

async function ask(told: Told, { random }: CallerState, load: Load): Promise<void> {
  const turn = random.below(load.bases.length);
  const isTwin = random.below(ONE_IN) === 0;
  const isRepeated = random.below(ONE_IN) === 0;
  for (let attempt = 0; attempt < ATTEMPTS && !told.answer && !load.isOver(); attempt += 1) {
    if (attempt > 0) await sleep(RETRY_PAUSE_MS);
    const tries = [attemptAt(told, turn + attempt, load)];
    if (isTwin) tries.push(attemptAt(told, turn + attempt + 1, load));
    const answers = (await Promise.all(tries)).flatMap((answer) => answer ?? []);
    // Either twin may have been decided first: a refusal counts as the earlier one.
    answers.sort((one, two) => Number(one.isPosted) - Number(two.isPosted));
    for (const answer of answers) recordAnswer(told, answer, load.found);
  }
  const repeated = told.answer && isRepeated && (await attemptAt(told, turn + 1, load));
  if (repeated) recordAnswer(told, repeated, load.found);
}

/** Returns undefined when no answer came. */
async function attemptAt(told: Told, turn: number, load: Load): Promise<Answer | undefined> {
  const { bases, credentials, lostAnswers } = load;
  const base = bases[turn % bases.length] ?? "";
  try {
    return await send(base, told, credentials);
  } catch (error) {
    told.lostOnce = true;
    if (error instanceof NoOutcome && error.status === 500)
      console.log(`answered 500: ${told.kind}: ${load.findLogLine(error.requestId)}`);
    const reason = reasonOf(error);
    lostAnswers.set(reason, (lostAnswers.get(reason) ?? 0) + 1);
    return undefined;
  }
}
