/** Reserves money, takes what is reserved, and releases it. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import {
  captureOperation,
  holdOperation,
  voidHoldOperation,
  type CapturePayload,
  type EndHoldPayload,
  type HoldPayload,
  type HoldResult,
} from "./hold-operation.ts";

/** The hold's id is the transfer id of the outcome. */
export function holdMoney<Given extends HoldPayload>(
  { engine }: PostingServices,
  hold: Exactly<HoldPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<HoldResult>> {
  return submitOperation(engine, operationOf(holdOperation, hold, terms));
}

export function captureHold<Given extends CapturePayload>(
  { engine }: PostingServices,
  capture: Exactly<CapturePayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(captureOperation, capture, terms));
}

export function voidHold<Given extends EndHoldPayload>(
  { engine }: PostingServices,
  ended: Exactly<EndHoldPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(voidHoldOperation, ended, terms));
}
