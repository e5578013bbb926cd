/** Many operations of one request: prepared concurrently, submitted together, answered in order. */
import type { FastifyReply, FastifyRequest } from "fastify";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Static } from "typebox";
import { ERRORS, type ErrorCode } from "../../../errors/error-table.ts";
import { type ErrorDetails, isNewDayError, type NewDayError } from "../../../errors/errors.ts";
import type { Operation, Outcome, SubmitMode } from "../../../engine/operation.ts";
import { mapInTurns } from "../../../lib/map-in-turns.ts";
import { operationOf } from "../../../engine/operation-type.ts";
import { useOnceOperation } from "../../../ledger/transfers/use-once-operation.ts";
import { isDryRun, markReplay } from "./post-operation.ts";
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
  readonly prepare: (item: Item, place: Place) => Promise<Operation>;
}

type Prepared = Operation | NewDayError;

/**
 * Posts the items. An item that fails in preparation is refused alone in `independent` mode and
 * fails the request in `atomic` mode. The key stands for the whole body: a mark holds its fingerprint,
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
  const prepared = await prepareAll(bulk);
  const operations = prepared.filter((one): one is Operation => !isNewDayError(one));
  const outcomes = await submitAll(services, request, operations, bulk.mode);
  markReplay(reply, outcomes);
  void reply.code(200);
  const results = await toResults(services, request, prepared, outcomes);
  // A third of the time of the serializer by schema, which checks each member of each result.
  void reply.type("application/json; charset=utf-8").serializer(JSON.stringify);
  return {
    mode: bulk.mode,
    posted: results.filter(({ status }) => status === "posted").length,
    refused: results.filter(({ status }) => status === "refused").length,
    replayed: outcomes.some(({ replayed }) => replayed),
    dryRun: isDryRun(request),
    results,
  };
}

function prepareAll<Item>({ mode, items, field, prepare }: Bulk<Item>): Promise<Prepared[]> {
  return mapInTurns(items, TURN_ITEMS, async (item, index) => {
    try {
      return await prepare(item, { prefix: `${field}.${index}.`, part: `#${index}` });
    } catch (error) {
      if (mode === "atomic" || !isNewDayError(error) || error.definition.status >= 500) throw error;
      return error;
    }
  });
}

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

async function toResults(
  services: Services,
  request: FastifyRequest,
  prepared: readonly Prepared[],
  outcomes: readonly Outcome[],
): Promise<Static<typeof BulkItemResult>[]> {
  const left = [...outcomes];
  const paired = prepared.map((one) =>
    isNewDayError(one) ? { error: one } : { operation: one, outcome: left.shift() },
  );
  return mapInTurns(paired, TURN_ITEMS, async (one, index) => ({
    index,
    ...(await toResult(services, request, one)),
  }));
}

async function toResult(
  { directory }: Services,
  request: FastifyRequest,
  one: { error: NewDayError } | { operation: Operation; outcome: Outcome | undefined },
): Promise<Omit<Static<typeof BulkItemResult>, "index">> {
  if ("error" in one) return toError(one.error.code, one.error.details);
  const { operation, outcome } = one;
  if (outcome === undefined) throw new Error("an operation without an outcome");
  if (outcome.status === "refused")
    return toError(outcome.code, outcome.details, outcome.transferId);
  const { type, terms: details } = operation;
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
