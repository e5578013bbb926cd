/** Reserves money, takes what is reserved, and releases it. */
import { operationOf } from "../../engine/operation-type.ts";
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
export function holdMoney(
  { engine }: PostingServices,
  hold: HoldPayload,
  terms: OperationTerms,
): Promise<Submitted<HoldResult>> {
  return submitOperation(engine, operationOf(holdOperation, hold, terms));
}

export function captureHold(
  { engine }: PostingServices,
  capture: CapturePayload,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(captureOperation, capture, terms));
}

export function voidHold(
  { engine }: PostingServices,
  ended: EndHoldPayload,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  return submitOperation(engine, operationOf(voidHoldOperation, ended, terms));
}
