/** Moves money from one account to another. */
import { operationOf } from "../../engine/operation-type.ts";
import type { Operation, OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { transferOperation, type TransferPayload } from "./transfer-operation.ts";
import {
  transferUpToOperation,
  type TransferUpToPayload,
  type TransferUpToResult,
} from "./transfer-up-to-operation.ts";

/** One transfer, ready to be posted alone or with others. */
export function prepareTransfer(transfer: TransferPayload, terms: OperationTerms): Operation<null> {
  return operationOf(transferOperation, transfer, terms);
}

export function transferMoney(
  { engine }: PostingServices,
  transfer: TransferPayload,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, prepareTransfer(transfer, terms));
}

/** Moves the available amount, up to a maximum. */
export function transferUpTo(
  { engine }: PostingServices,
  transfer: TransferUpToPayload,
  terms: OperationTerms,
): Promise<Submitted<TransferUpToResult>> {
  return submitOperation(engine, operationOf(transferUpToOperation, transfer, terms));
}
