/** Many operations of one request: prepared concurrently, submitted together, answered in order. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Static } from "typebox";
import { ERRORS, type ErrorCode } from "../../../errors/error-table.ts";
import { type ErrorDetails, isNewDayError, type NewDayError } from "../../../errors/errors.ts";
import {
  Operation,
  type OperationTerms,
  type Outcome,
  type SubmitMode,
} from "../../../engine/operation.ts";
import { mapInTurns } from "../../../lib/map-in-turns.ts";
import { operationOf } from "../../../engine/operation-type.ts";
import { findFirstOutcomes } from "../../../ledger/transfers/first-outcome.ts";
import { useOnceOperation } from "../../../ledger/transfers/use-once-operation.ts";
import { isDryRun } from "./post-operation.ts";
import { hashForItems, idempotencyOf } from "./stored-key.ts";
import type { BulkItemResult, BulkResult } from "../schemas/schemas-bulk.ts";
import { toTransfer } from "../replies/transfer-reply.ts";
import { callerOf } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import { toWireDetails } from "../../../errors/wire-details.ts";

/** A few batches of the engine; more would delay other callers noticeably. */
export const BULK_MAX = 1_000;
/** 1,000 items with references and some metadata. */
const BULK_BYTES_MAX = 1024 * 1024;

/** Of a bulk route: between parsing, validation and the handler other requests have their turn. */
export const BULK_OPTIONS = {
  bodyLimit: BULK_BYTES_MAX,
  preValidation: () => nextTurn(),
  preHandler: () => nextTurn(),
} as const;

/** Items of one piece of work: a few milliseconds, which other requests wait for. */
const TURN_ITEMS = 50;

/** Independent items that are posted together; the operations of others go between. */
const BATCH_ITEMS = 200;

/** Where an item stands in the body. */
export interface Place {
  /** Before the names of its fields, in refusals. */
  readonly prefix: string;
  /** Of its operation's terms. */
  readonly part: string;
}

interface Bulk<Item> {
  readonly mode: SubmitMode;
  readonly items: readonly Item[];
  /** Name of the array in the body, for refusals. */
  readonly field: string;
  readonly type: Operation["type"];
  /** Those of the item's operation; `prepare` may add to them. */
  readonly termsOf: (item: Item, place: Place) => OperationTerms;
  readonly prepare: (item: Item, place: Place, terms: OperationTerms) => Promise<Operation>;
}

/** An item whose preparation failed has the error, or the outcome of the request's first time. */
type Prepared = Operation | NewDayError | First;

interface First {
  readonly first: Outcome;
  readonly terms: OperationTerms;
}

/**
 * Posts the items. An item that fails in preparation has its first outcome under the key; without one it is
 * refused alone in `independent` mode and fails the request in `atomic` mode. The key stands for the whole body: a mark holds its fingerprint,
 * so that another body, longer or shorter, is `idempotency_conflict` and posts nothing. Errors: that,
 * and those of the engine.
 */
export async function postBulk<Item>(
  services: Services,
  exchange: { readonly request: FastifyRequest; readonly reply: FastifyReply },
  bulk: Bulk<Item>,
): Promise<Static<typeof BulkResult>> {
  const { request, reply } = exchange;
  await hashForItems(request);
  const prepared = await prepareAll(services, bulk);
  const operations = prepared.filter((one) => one instanceof Operation);
  const posted = await submitAll(services, request, operations, bulk.mode);
  const given = answersOf(bulk, prepared, posted);
  const replayed = isReplay(given.flatMap((one) => ("outcome" in one ? one.outcome : [])));
  if (replayed) void reply.header("idempotency-replayed", "true");
  void reply.code(200);
  const results = await mapInTurns(given, TURN_ITEMS, async (one, index) => ({
    index,
    ...(await toResult(services, request, one)),
  }));
  // A third of the time of the serializer by schema, which checks each member of each result.
  void reply.type("application/json; charset=utf-8").serializer(JSON.stringify);
  return {
    mode: bulk.mode,
    posted: results.filter(({ status }) => status === "posted").length,
    refused: results.filter(({ status }) => status === "refused").length,
    replayed,
    dryRun: isDryRun(request),
    results,
  };
}

/** True when nothing was posted anew. A repeated body may complete a request that was cut off. */
function isReplay(outcomes: readonly Outcome[]): boolean {
  const postedAnew = outcomes.some(({ status, replayed }) => status === "posted" && !replayed);
  return !postedAnew && outcomes.some(({ replayed }) => replayed);
}

async function prepareAll<Item>({ db }: Services, bulk: Bulk<Item>): Promise<Prepared[]> {
  const { mode, items, field, termsOf, prepare } = bulk;
  const tried = await mapInTurns(items, TURN_ITEMS, async (item, index): Promise<Tried> => {
    const place = { prefix: `${field}.${index}.`, part: `#${index}` };
    let terms: OperationTerms | undefined;
    try {
      terms = termsOf(item, place);
      return await prepare(item, place, terms);
    } catch (error) {
      if (!isNewDayError(error) || error.definition.status >= 500) throw error;
      return { error, terms };
    }
  });
  const failed = tried.flatMap((one) => ("error" in one && one.terms ? [one.terms] : []));
  const found = await findFirstOutcomes(db, failed);
  const firsts = new Map(failed.map((terms, at) => [terms, found[at]]));
  return tried.map((one) => {
    if (!("error" in one)) return one;
    const first = one.terms && firsts.get(one.terms);
    if (first && one.terms) return { first, terms: one.terms };
    if (mode === "atomic") throw one.error;
    return one.error;
  });
}

type Tried =
  | Operation
  | { readonly error: NewDayError; readonly terms: OperationTerms | undefined };

async function submitAll(
  { engine }: Services,
  request: FastifyRequest,
  operations: readonly Operation[],
  mode: SubmitMode,
): Promise<Outcome[]> {
  if (operations.length === 0) return [];
  if (isDryRun(request)) return engine.preview(operations, mode);
  const mark = markOf(request);
  if (mode === "atomic") return (await engine.submitMany([mark, ...operations], mode)).slice(1);
  // Independent items are posted whatever becomes of the mark, so that it goes first.
  await engine.submit(mark);
  const outcomes: Outcome[] = [];
  for (let start = 0; start < operations.length; start += BATCH_ITEMS)
    outcomes.push(...(await engine.submitMany(operations.slice(start, start + BATCH_ITEMS), mode)));
  return outcomes;
}

function markOf(request: FastifyRequest): Operation {
  const caller = callerOf(request).name;
  return operationOf(useOnceOperation, {}, { caller, idempotency: idempotencyOf(request) });
}

type Answer = { readonly error: NewDayError } | Given;

interface Given {
  readonly outcome: Outcome;
  readonly type: Operation["type"];
  readonly terms: OperationTerms;
}

/** In the order of the items; the posted outcomes are those of the operations. */
function answersOf(
  { type }: Pick<Bulk<never>, "type">,
  prepared: readonly Prepared[],
  posted: readonly Outcome[],
): Answer[] {
  const left = [...posted];
  return prepared.map((one) => {
    if (isNewDayError(one)) return { error: one };
    if ("first" in one) return { outcome: one.first, type, terms: one.terms };
    const outcome = left.shift();
    if (outcome === undefined) throw new Error("an operation without an outcome");
    return { outcome, type: one.type, terms: one.terms };
  });
}

async function toResult(
  { directory }: Services,
  request: FastifyRequest,
  one: Answer,
): Promise<Omit<Static<typeof BulkItemResult>, "index">> {
  if ("error" in one) return toError(one.error.code, one.error.details);
  const { outcome, type, terms: details } = one;
  if (outcome.status === "refused")
    return toError(outcome.code, outcome.details, outcome.transferId);
  const posted = { outcome, type, details, dryRun: isDryRun(request) };
  return { status: "posted", transfer: await toTransfer(directory, callerOf(request), posted) };
}

function toError(
  code: ErrorCode,
  refused: ErrorDetails,
  transferId?: string,
): Omit<Static<typeof BulkItemResult>, "index"> {
  const { field, ...details } = toWireDetails(refused);
  return {
    status: "refused",
    error: {
      type: `/docs/errors/${code}`,
      code,
      title: ERRORS[code].message.en,
      titleZh: ERRORS[code].message.zh,
      ...(typeof field === "string" ? { field } : {}),
      ...(transferId === undefined ? {} : { transferId }),
      details,
    },
  };
}
