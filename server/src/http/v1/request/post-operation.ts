/** Turns a request of /api/v1 into the terms of a command, and its outcome into the reply. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { createDryRunEngine } from "../../../engine/dry-run.ts";
import type { Exactly } from "../../../engine/operation-type.ts";
import type {
  OperationResult,
  OperationTerms,
  Outcome,
  PostedOutcome,
  RefusedOutcome,
} from "../../../engine/operation.ts";
import type { Submitted } from "../../../engine/submit-operation.ts";
import type { PostingServices } from "../../../ledger/wallets/posting-services.ts";
import type { Services } from "../../context/services.ts";
import { readDetails, type RequestedDetails } from "../app/operation-details.ts";
import { callerOf } from "../app/v1-app.ts";
import { expectationOf } from "./if-match.ts";
import { idempotencyOf } from "./stored-key.ts";
import { toTransfer } from "../replies/transfer-reply.ts";
import type { Transfer } from "../schemas/schemas-money.ts";

/** A route's terms of an operation, beside its type and payload. */
export interface RequestedTerms extends RequestedDetails {
  /** The account of an If-Match header. */
  readonly matches?: bigint | undefined;
  /** Tells apart the operations of one bulk request. */
  readonly part?: string | undefined;
}

interface Exchange {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * Returns the terms of the operation of a request; caller and key come from the request. The members of
 * the body beside those of the command go into `requested`, and the compiler refuses a member that it
 * would drop. Errors: those of If-Match and of an impossible time.
 */
export function termsFor<Requested extends RequestedTerms>(
  request: FastifyRequest,
  requested: Exactly<RequestedTerms, Requested>,
): OperationTerms {
  const { matches, part, ...details }: RequestedTerms = requested;
  const { headers } = request;
  const expects = matches === undefined ? [] : expectationOf(headers["if-match"], matches);
  return {
    caller: callerOf(request).name,
    idempotency: idempotencyOf(request, part),
    ...readDetails(details),
    expects: expects.length === 0 ? undefined : expects,
  };
}

/** The services that a request's command works with: for `?dryRun=true` nothing is posted. */
export function postingFor(services: Services, request: FastifyRequest): PostingServices {
  if (!isDryRun(request)) return services;
  return { ...services, engine: createDryRunEngine(services.engine) };
}

/**
 * Answers with the transfer, or with its preview: 201 (200 for a dry run), and `Idempotency-Replayed`
 * for an earlier request's outcome. Errors: the refusal of the operation.
 */
export function answerTransfer(
  { directory }: Services,
  exchange: Exchange,
  { operation, outcome }: Submitted,
): Promise<Static<typeof Transfer>> {
  const posted = answerPosted(exchange, outcome);
  const { request } = exchange;
  return toTransfer(directory, callerOf(request), {
    outcome: posted,
    type: operation.type,
    details: operation.terms,
    dryRun: isDryRun(request),
  });
}

/** As `answerTransfer`, for routes that answer something else than a transfer. */
export function answerPosted<Result extends OperationResult>(
  { request, reply }: Exchange,
  outcome: Outcome<Result>,
): PostedOutcome<Result> {
  markReplay(reply, [outcome]);
  if (outcome.status === "refused") throw refusalOf(outcome);
  void reply.code(isDryRun(request) ? 200 : 201);
  return outcome;
}

export function isDryRun({ query, routeOptions }: FastifyRequest): boolean {
  if (routeOptions.config.dryRun !== true) return false;
  const dryRun = (query as { dryRun?: unknown } | undefined)?.dryRun;
  return dryRun === true || dryRun === "true";
}

export function markReplay(reply: FastifyReply, outcomes: readonly Outcome[]): void {
  if (outcomes.some(({ replayed }) => replayed)) void reply.header("idempotency-replayed", "true");
}

function refusalOf({ code, details, transferId, replayed }: RefusedOutcome): NewDayError {
  return new NewDayError(code, { ...details, transferId, replayed });
}
