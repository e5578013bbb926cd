/** Freezes, closes and reopens accounts. */
import { operationOf } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import {
  closeAccountOperation,
  reopenAccountOperation,
  setFreezeOperation,
  type AccountPayload,
  type SetFreezePayload,
} from "./account-state-operation.ts";

/** Sets both directions of an account. Errors: those of the engine. */
export function freezeAccount(
  { engine }: PostingServices,
  freeze: SetFreezePayload,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(setFreezeOperation, freeze, terms));
}

/** Errors: those of the engine. */
export function closeAccount(
  { engine }: PostingServices,
  closed: AccountPayload,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(closeAccountOperation, closed, terms));
}

/** Errors: those of the engine. */
export function reopenAccount(
  { engine }: PostingServices,
  reopened: AccountPayload,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(reopenAccountOperation, reopened, terms));
}
