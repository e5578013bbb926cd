/** Puts a platform's own stock up for sale, and changes its offers. */
import { uuidv7 } from "uuidv7";
import type { Operation, OperationTerms, Outcome } from "../../engine/operation.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import {
  changeStockOperation,
  createStockOperation,
  type ChangeStockPayload,
  type StockResult,
  type StockTerms,
} from "./manage-stock-operations.ts";

export interface NewStock extends Omit<StockTerms, "status"> {
  readonly platform: string;
  readonly definitionId: string;
}

/** Begins every id of an offer, so that a purchase tells it from a listing. */
const PREFIX = "stock-";
const STOCK_ID = /^stock-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export function isStockId(id: string): boolean {
  return STOCK_ID.test(id);
}

/**
 * `resolve` reads what is offered; its failure is answered with the first outcome under the key. Errors: those of
 * `resolve`, `idempotency_conflict`, and those of the engine; a refusal is an outcome.
 */
export function createStock<Given extends NewStock>(
  services: PostingServices,
  resolve: () => Promise<Exactly<NewStock, Given>>,
  terms: OperationTerms,
): Promise<Outcome<StockResult>> {
  const prepare = async () => prepareStock(await resolve(), terms).operation;
  return submitResolved(services, { type: createStockOperation, terms, prepare });
}

/** The operation that makes a new offer, and the id of the offer. */
export function prepareStock(
  given: NewStock,
  terms: OperationTerms,
): { readonly id: string; readonly operation: Operation<StockResult> } {
  const id = `${PREFIX}${uuidv7()}`;
  const offer = { ...given, id, status: "active" as const };
  return { id, operation: operationOf(createStockOperation, { offer }, terms) };
}

/** Errors: those of the engine; a refusal is an outcome. */
export function changeStock<Given extends ChangeStockPayload>(
  { engine }: PostingServices,
  change: Exactly<ChangeStockPayload, Given>,
  terms: OperationTerms,
): Promise<Outcome<StockResult>> {
  return engine.submit(operationOf(changeStockOperation, change, terms));
}
