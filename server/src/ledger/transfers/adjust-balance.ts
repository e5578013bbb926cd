/** Corrects a balance by hand, with a reason, against New Day's adjustments account. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import {
  adjustmentOperation,
  type AdjustmentPayload,
  type AdjustmentResult,
} from "./adjustment-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** Errors: those of the engine. */
export async function adjustBalance<Given extends Omit<AdjustmentPayload, "adjustments">>(
  { engine, directory }: PostingServices,
  adjustment: Exactly<Omit<AdjustmentPayload, "adjustments">, Given>,
  terms: OperationTerms,
): Promise<Submitted<AdjustmentResult>> {
  const { account, amount, reason, ...unread }: Omit<AdjustmentPayload, "adjustments"> = adjustment;
  unread satisfies NothingElse;
  const adjustments = await directory.systemWallet(HOME_PLATFORM, "adjustments");
  const payload = { adjustments, account, amount, reason };
  return submitOperation(engine, operationOf(adjustmentOperation, payload, terms));
}

/** The amount unchanged. Errors: `invalid_amount` for zero. */
export function requireCorrection(amount: bigint): bigint {
  if (amount !== 0n) return amount;
  throw new NewDayError("invalid_amount", {
    field: "amount",
    rule: { en: "must not be zero", zh: "不能为零" },
  });
}
