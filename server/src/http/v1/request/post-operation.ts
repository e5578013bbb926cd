/** From a request of /api/v1 to an operation of the engine, and from its outcome to the answer. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import { isNewDayError, NewDayError } from "../../../errors/errors.ts";
import type {
  JsonObject, Operation, Outcome, PostedOutcome, RefusedOutcome,
} from "../../../engine/operation.ts"; // prettier-ignore
import { findFirstOutcome } from "../../../ledger/transfers/first-outcome.ts";
import { fingerprintOf, transferIdFor } from "../../../engine/identifiers.ts";
import type { Transfer } from "../schemas/schemas-money.ts";
import { expectationOf } from "../replies/account-reply.ts";
import { toTransfer } from "../replies/transfer-reply.ts";
import { callerOf, parseTime, type V1Services } from "../app/v1-app.ts";

/** The business part of an operation; caller and key come from the request. */
export interface Wanted {
  readonly kind: string;
  readonly payload: unknown;
  readonly reference?: string | undefined;
  readonly metadata?: JsonObject | undefined;
  readonly effectiveAt?: string | undefined;
  /** The account of an If-Match header. */
  readonly matches?: bigint;
  /** A single-use token, consumed by a posting or a refusal. */
  readonly once?: Once;
}

export interface Once {
  /** Unique among all single-use tokens. */
  readonly name: string;
  /** The refusal of a second request. */
  readonly refusal: NewDayError;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Posts one operation, or decides it for `?dryRun=true`. Answers 201 (200 for a dry run), with
 * `Idempotency-Replayed` for an earlier request's outcome. Errors: the refusal of the operation,
 * `idempotency_conflict`, and those of the engine.
 */
export async function postOperation(
  services: V1Services,
  exchange: Exchange,
  wanted: Wanted,
): Promise<Static<typeof Transfer>> {
  const { outcome, operation, dryRun } = await submitOperation(services, exchange, wanted);
  return toTransfer(services.directory, callerOf(exchange.request), {
    outcome,
    operation,
    dryRun,
  });
}

/** As `postOperation`, for routes that answer something else than a transfer. */
export async function submitOperation(
  { engine }: V1Services,
  { request, reply }: Exchange,
  wanted: Wanted,
): Promise<{ outcome: PostedOutcome; operation: Operation; dryRun: boolean }> {
  const dryRun = isDryRun(request);
  const operation = toOperation(request, wanted);
  const { once } = wanted;
  const outcome = await (once
    ? submitOnce(engine, { request, operation, once })
    : submitAlone(engine, operation, dryRun));
  if (!outcome) throw new Error("an operation without an outcome");
  markReplay(reply, [outcome]);
  if (outcome.status === "refused") throw refusalOf(outcome);
  void reply.code(dryRun ? 200 : 201);
  return { outcome, operation, dryRun };
}

async function submitAlone(
  engine: V1Services["engine"],
  operation: Operation,
  dryRun: boolean,
): Promise<Outcome | undefined> {
  return dryRun ? (await engine.preview([operation], "atomic"))[0] : engine.submit(operation);
}

/**
 * Posts or tries the operation together with a mark. The mark's id comes from its name, so a second
 * request conflicts with it in any process. Errors: the refusal of `once`.
 */
async function submitOnce(
  engine: V1Services["engine"],
  { request, operation, once }: { request: FastifyRequest; operation: Operation; once: Once },
): Promise<Outcome | undefined> {
  const { caller } = operation;
  const key = `once:${once.name}`;
  const fingerprint = fingerprintOf({ by: request.idempotencyKey });
  const mark = { caller, kind: "use_once", payload: {}, idempotency: { key, fingerprint } };
  try {
    const both = [mark, operation];
    const post = isDryRun(request)
      ? engine.preview(both, "atomic")
      : engine.submitMany(both, "atomic");
    return (await post)[1];
  } catch (error) {
    const met = isNewDayError(error) && error.code === "idempotency_conflict";
    throw met && error.details["transferId"] === transferIdFor(caller, key) ? once.refusal : error;
  }
}

/**
 * As `submitOperation`, for requests whose subject may be gone at a retry: an item given away,
 * ingredients used up. When resolving fails, the first outcome under the key is the reply. Errors:
 * those of `resolve` and of `submitOperation`.
 */
export async function submitResolved(
  services: V1Services,
  exchange: Exchange,
  resolve: () => Promise<Wanted>,
): Promise<{ outcome: PostedOutcome; dryRun: boolean }> {
  const wanted = await resolve().catch(async (error: unknown) => {
    const first = await firstOutcomeOf(services, exchange.request);
    if (!first) throw error;
    return first;
  });
  if ("kind" in wanted) return submitOperation(services, exchange, wanted);
  markReplay(exchange.reply, [wanted]);
  if (wanted.status === "refused") throw refusalOf(wanted);
  const dryRun = isDryRun(exchange.request);
  void exchange.reply.code(dryRun ? 200 : 201);
  return { outcome: wanted, dryRun };
}

/** Errors: `idempotency_conflict`. */
async function firstOutcomeOf(
  { db }: V1Services,
  request: FastifyRequest,
): Promise<Outcome | undefined> {
  if (request.idempotencyKey === null) return undefined;
  const fingerprint = fingerprintOfRequest(request);
  const key = keyOf(request.idempotencyKey);
  return findFirstOutcome(db, callerOf(request).name, { key, fingerprint });
}

/** Separate from the keys of the older surfaces, whose callers may use equal ones. */
function keyOf(key: string, part = ""): string {
  return `v1:${key}${part}`;
}

function fingerprintOfRequest({ method, url, body, headers }: FastifyRequest, part = ""): string {
  const path = url.split("?", 1)[0];
  return fingerprintOf({ method, path, part, body, ifMatch: headers["if-match"] });
}

/** The operation of a request; `part` tells apart the operations of one bulk request. */
export function toOperation(request: FastifyRequest, wanted: Wanted, part = ""): Operation {
  const { kind, payload, reference, metadata } = wanted;
  const effectiveAt = parseTime(wanted.effectiveAt, "effectiveAt");
  const { headers, idempotencyKey: key } = request;
  const { matches } = wanted;
  const expects = matches === undefined ? [] : expectationOf(headers["if-match"], matches);
  const fingerprint = fingerprintOfRequest(request, part);
  return {
    caller: callerOf(request).name,
    kind,
    payload,
    ...(key === null ? {} : { idempotency: { key: keyOf(key, part), fingerprint } }),
    ...(reference === undefined ? {} : { reference }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(effectiveAt === undefined ? {} : { effectiveAt }),
    ...(expects.length === 0 ? {} : { expects }),
  };
}

export function isDryRun({ query, routeOptions }: FastifyRequest): boolean {
  if (routeOptions.config.dryRun !== true) return false;
  const dryRun = (query as { dryRun?: unknown } | undefined)?.dryRun;
  return dryRun === true || dryRun === "true";
}

export function markReplay(reply: FastifyReply, outcomes: readonly Outcome[]): void {
  if (outcomes.some(({ replayed }) => replayed)) void reply.header("idempotency-replayed", "true");
}

export function refusalOf({ code, details, transferId, replayed }: RefusedOutcome): NewDayError {
  return new NewDayError(code, { ...details, transferId, replayed });
}
