/** Gives a transfer back, wholly or in parts. */
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { captureOperation } from "../holds/hold-operation.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { postLegsOperation } from "./post-legs-operation.ts";
import { refundOperation } from "./refund-operation.ts";
import { transferOperation } from "./transfer-operation.ts";
import { transferUpToOperation } from "./transfer-up-to-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** Operation types that move money alone; a purchase is undone together with its item. */
const REFUNDABLE = new Set(
  [
    transferOperation,
    transferUpToOperation,
    postLegsOperation,
    captureOperation,
    refundOperation,
  ].map(({ name }) => name),
);

export interface Refund {
  /** A posted transfer and the name of its operation type. */
  readonly transfer: { readonly id: string; readonly type: { readonly name: string } };
  /** Minor units; null: everything that has not been given back. */
  readonly amount: bigint | null;
}

/** Errors: `forbidden` for an operation that moved more than money, and those of the engine. */
export async function refundTransfer<Given extends Refund>(
  { engine }: PostingServices,
  refund: Exactly<Refund, Given>,
  terms: OperationTerms,
): Promise<Submitted<null>> {
  const { transfer, amount, ...unread }: Refund = refund;
  unread satisfies NothingElse;
  const { name } = transfer.type;
  if (!REFUNDABLE.has(name))
    throw new NewDayError("forbidden", {
      rule: {
        en: `a ${name} cannot be refunded as money alone`,
        zh: `${name} 不能只退款，请用其自身的接口撤销`,
      },
      remedy: { en: "Undo it by its own call.", zh: "请用其对应的接口撤销" },
    });
  const payload = { transferId: transfer.id, amount };
  return submitOperation(engine, operationOf(refundOperation, payload, terms));
}
