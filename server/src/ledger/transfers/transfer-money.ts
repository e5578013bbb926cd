/** Moves money from one account to another. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
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
export function prepareTransfer<Given extends TransferPayload>(
  transfer: Exactly<TransferPayload, Given>,
  terms: OperationTerms,
): Operation<null> {
  return operationOf(transferOperation, transfer, terms);
}

export function transferMoney<Given extends TransferPayload>(
  { engine }: PostingServices,
  transfer: Exactly<TransferPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, prepareTransfer(transfer, terms));
}

/** Moves the available amount, up to a maximum. */
export function transferUpTo<Given extends TransferUpToPayload>(
  { engine }: PostingServices,
  transfer: Exactly<TransferUpToPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<TransferUpToResult>> {
  return submitOperation(engine, operationOf(transferUpToOperation, transfer, terms));
}
