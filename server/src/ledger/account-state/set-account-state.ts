/** Freezes, closes and reopens accounts. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
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
export function freezeAccount<Given extends SetFreezePayload>(
  { engine }: PostingServices,
  freeze: Exactly<SetFreezePayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(setFreezeOperation, freeze, terms));
}

/** Errors: those of the engine. */
export function closeAccount<Given extends AccountPayload>(
  { engine }: PostingServices,
  closed: Exactly<AccountPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(closeAccountOperation, closed, terms));
}

/** Errors: those of the engine. */
export function reopenAccount<Given extends AccountPayload>(
  { engine }: PostingServices,
  reopened: Exactly<AccountPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(reopenAccountOperation, reopened, terms));
}
