/** Turns a request of /api/v1 into an operation of the engine, and its outcome into the reply. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import { isNewDayError, NewDayError } from "../../../errors/errors.ts";
import {
  operationOf, type Exactly, type OperationType,
} from "../../../engine/operation-type.ts"; // prettier-ignore
import type {
  Operation, OperationResult, Outcome, PostedOutcome, RefusedOutcome,
} from "../../../engine/operation.ts"; // prettier-ignore
import { findFirstOutcome } from "../../../ledger/transfers/first-outcome.ts";
import { fingerprintOf, transferIdFor } from "../../../engine/identifiers.ts";
import { useOnceOperation } from "../../../ledger/transfers/use-once-operation.ts";
import type { Transfer } from "../schemas/schemas-money.ts";
import { expectationOf } from "../replies/account-reply.ts";
import { readDetails, type RequestedDetails } from "../app/operation-details.ts";
import { toTransfer } from "../replies/transfer-reply.ts";
import { callerOf } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

/** A route's terms of an operation, beside its type and payload. */
export interface RequestedTerms extends RequestedDetails {
  /** The account of an If-Match header. */
  readonly matches?: bigint | undefined;
  /** Tells apart the operations of one bulk request. */
  readonly part?: string | undefined;
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
 * Returns the operation of a request; caller and key come from the request. The members of the body
 * beside the payload go into `terms`, and the compiler refuses a member that `terms` would drop.
 * Errors: those of If-Match and of an impossible time.
 */
export function operationFor<
  Payload,
  Result extends OperationResult,
  Given extends Payload,
  Terms extends RequestedTerms,
>(
  request: FastifyRequest,
  type: OperationType<Payload, Result>,
  payload: Exactly<Payload, Given>,
  terms: Exactly<RequestedTerms, Terms>,
): Operation<Result> {
  const { matches, part, ...details }: RequestedTerms = terms;
  const { headers, idempotencyKey: key } = request;
  const expects = matches === undefined ? [] : expectationOf(headers["if-match"], matches);
  return operationOf(type, payload, {
    caller: callerOf(request).name,
    idempotency:
      key === null
        ? undefined
        : { key: keyOf(key, part), fingerprint: fingerprintOfRequest(request, part) },
    ...readDetails(details),
    expects: expects.length === 0 ? undefined : expects,
  });
}

/**
 * Posts one operation, or decides it for `?dryRun=true`. Answers 201 (200 for a dry run), with
 * `Idempotency-Replayed` for an earlier request's outcome. Errors: the refusal of the operation,
 * `idempotency_conflict`, and those of the engine.
 */
export async function postOperation(
  services: Services,
  exchange: Exchange,
  operation: Operation,
  once?: Once,
): Promise<Static<typeof Transfer>> {
  const { outcome, dryRun } = await submitOperation(services, exchange, operation, once);
  return toTransfer(services.directory, callerOf(exchange.request), {
    outcome,
    type: operation.type,
    details: operation.terms,
    dryRun,
  });
}

/** As `postOperation`, for routes that answer something else than a transfer. */
export async function submitOperation<Result extends OperationResult>(
  { engine }: Services,
  { request, reply }: Exchange,
  operation: Operation<Result>,
  once?: Once,
): Promise<{ outcome: PostedOutcome<Result>; dryRun: boolean }> {
  const dryRun = isDryRun(request);
  const outcome = await (once
    ? submitOnce(engine, { request, operation, once })
    : submitAlone(engine, operation, dryRun));
  if (!outcome) throw new Error("an operation without an outcome");
  return { outcome: answerPosted(reply, outcome, dryRun), dryRun };
}

/** Marks the reply with the outcome of its operation. Errors: the refusal. */
function answerPosted<Result extends OperationResult>(
  reply: FastifyReply,
  outcome: Outcome<Result>,
  dryRun: boolean,
): PostedOutcome<Result> {
  markReplay(reply, [outcome]);
  if (outcome.status === "refused") throw refusalOf(outcome);
  void reply.code(dryRun ? 200 : 201);
  return outcome;
}

async function submitAlone<Result extends OperationResult>(
  engine: Services["engine"],
  operation: Operation<Result>,
  dryRun: boolean,
): Promise<Outcome<Result> | undefined> {
  return dryRun ? (await engine.preview([operation], "atomic"))[0] : engine.submit(operation);
}

/**
 * Posts or tries the operation together with a mark. The mark's id comes from its name, so a second
 * request conflicts with it in any process. Errors: the refusal of `once`.
 */
async function submitOnce<Result extends OperationResult>(
  engine: Services["engine"],
  {
    request,
    operation,
    once,
  }: { request: FastifyRequest; operation: Operation<Result>; once: Once },
): Promise<Outcome<Result> | undefined> {
  const { caller } = operation.terms;
  const key = `once:${once.name}`;
  const fingerprint = fingerprintOf({ by: request.idempotencyKey });
  const mark = operationOf(useOnceOperation, {}, { caller, idempotency: { key, fingerprint } });
  try {
    const both = [mark, operation] as const;
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
export async function submitResolved<Result extends OperationResult>(
  services: Services,
  { request, reply }: Exchange,
  type: OperationType<never, Result>,
  resolve: () => Promise<Operation<Result>>,
): Promise<{ outcome: PostedOutcome<Result>; dryRun: boolean }> {
  const resolved = await resolve().catch(async (error: unknown) => {
    const first = await firstOutcomeOf(services, request, type);
    if (!first) throw error;
    return first;
  });
  if ("type" in resolved) return submitOperation(services, { request, reply }, resolved);
  const dryRun = isDryRun(request);
  return { outcome: answerPosted(reply, resolved, dryRun), dryRun };
}

/** Errors: `idempotency_conflict`. */
async function firstOutcomeOf<Result extends OperationResult>(
  { db }: Services,
  request: FastifyRequest,
  type: OperationType<never, Result>,
): Promise<Outcome<Result> | undefined> {
  if (request.idempotencyKey === null) return undefined;
  const fingerprint = fingerprintOfRequest(request);
  const key = keyOf(request.idempotencyKey);
  const { name: caller } = callerOf(request);
  return findFirstOutcome(db, type, { caller, idempotency: { key, fingerprint } });
}

/** Separate from the keys of the older surfaces, whose callers may use equal ones. */
function keyOf(key: string, part = ""): string {
  return `v1:${key}${part}`;
}

function fingerprintOfRequest({ method, url, body, headers }: FastifyRequest, part = ""): string {
  const path = url.split("?", 1)[0];
  return fingerprintOf({ method, path, part, body, ifMatch: headers["if-match"] });
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
