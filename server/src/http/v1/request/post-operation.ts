/** Turns a request of /api/v1 into the terms of a command, and its outcome into the reply. */
import { termsOfActor } from "../../auth/actor-terms.ts";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Static } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { createDryRunEngine } from "../../../engine/dry-run.ts";
import type { Exactly } from "../../../engine/operation-type.ts";
import type {
  ConsentUse,
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
import { readHeadroom } from "../replies/headroom-reply.ts";
import { toTransfer } from "../replies/transfer-reply.ts";
import type { Transfer } from "../schemas/schemas-money.ts";

/** A route's terms of an operation, beside its type and payload. */
export interface RequestedTerms extends RequestedDetails {
  /** The account of an If-Match header. */
  readonly matches?: bigint | undefined;
  /** Tells apart the operations of one bulk request. */
  readonly part?: string | undefined;
  /** Of `resolvePayment`. */
  readonly consents?: readonly ConsentUse[] | undefined;
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
  const { matches, part, consents, ...details }: RequestedTerms = requested;
  const caller = callerOf(request);
  return {
    caller: caller.name,
    ...(caller.kind === "user" ? termsOfActor(caller) : {}),
    idempotency: idempotencyOf(request, part),
    ...readDetails(details),
    expects: expectsOf(request, matches),
    consents,
  };
}

/** The request's terms with those of the resolved payer. The body's fingerprint is made once. */
export function termsOfPayment(
  request: FastifyRequest,
  terms: OperationTerms,
  { matches, consents }: Pick<RequestedTerms, "matches" | "consents">,
): OperationTerms {
  return { ...terms, expects: expectsOf(request, matches), consents };
}

function expectsOf({ headers }: FastifyRequest, account: bigint | undefined) {
  const expects = account === undefined ? [] : expectationOf(headers["if-match"], account);
  return expects.length === 0 ? undefined : expects;
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
export async function answerTransfer(
  services: Services,
  exchange: Exchange,
  { operation, outcome }: Submitted,
): Promise<Static<typeof Transfer>> {
  const posted = answerPosted(exchange, outcome);
  const caller = callerOf(exchange.request);
  const dryRun = isDryRun(exchange.request);
  const { type, terms: details } = operation;
  const transfer = await toTransfer(services.directory, caller, {
    outcome: posted,
    type,
    details,
    dryRun,
  });
  if (!dryRun) return transfer;
  return {
    ...transfer,
    headroom: await readHeadroom(services, caller, operation, posted.movements),
  };
}

/** As `answerTransfer`, for routes that answer something else than a transfer. */
export function answerPosted<Result extends OperationResult>(
  { request, reply }: Exchange,
  outcome: Outcome<Result>,
): PostedOutcome<Result> {
  if (outcome.replayed) void reply.header("idempotency-replayed", "true");
  if (outcome.status === "refused") throw refusalOf(outcome);
  void reply.code(isDryRun(request) ? 200 : 201);
  return outcome;
}

export function isDryRun({ query, routeOptions }: FastifyRequest): boolean {
  if (routeOptions.config.dryRun !== true) return false;
  const dryRun = (query as { dryRun?: unknown } | undefined)?.dryRun;
  return dryRun === true || dryRun === "true";
}

function refusalOf({ code, details, transferId, replayed }: RefusedOutcome): NewDayError {
  return new NewDayError(code, { ...details, transferId, replayed });
}
