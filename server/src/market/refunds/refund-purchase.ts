/** Refunds a purchase: by its seller, the platform of the seller or the shop, or an operator. */
import { newUuid } from "../../engine/identifiers.ts";
import { operationOf } from "../../engine/operation-type.ts";
import type { Operation, OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { accountId, walletOf } from "../../ledger/accounts/accounts.ts";
import { readOutcomes } from "../../ledger/transfers/transfer-rows.ts";
import type { OwnedWallet } from "../../ledger/wallets/owned-wallet-queries.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { purchaseOperation } from "../purchases/purchase-operation.ts";
import { stockPurchaseOperation } from "../stock/stock-purchase-operation.ts";
import { findTransferHeader } from "../../ledger/statements/transfer-header-queries.ts";
import { findSoldPurchase, type SoldPurchase } from "./refund-queries.ts";
import {
  refundPurchaseOperation,
  type PurchaseRefundResult,
  type RefundPurchasePayload,
} from "./refund-purchase-operation.ts";

/** A posted purchase with the accounts that it moved money between. */
export interface RefundablePurchase {
  readonly purchase: SoldPurchase;
  readonly transferId: string;
  readonly accounts: RefundPurchasePayload["accounts"];
  /** The seller's wallet, or the shop's. */
  readonly payee: OwnedWallet;
}

const PURCHASES: ReadonlySet<string> = new Set([
  purchaseOperation.name,
  stockPurchaseOperation.name,
]);

/** Errors: `purchase_not_found`, also for a transfer that is no purchase. */
export async function requirePurchase(
  { db, directory }: PostingServices,
  transferId: string,
): Promise<RefundablePurchase> {
  const [known, header] = await Promise.all([
    readOutcomes(db, [transferId]).then((outcomes) => outcomes.get(transferId)),
    findTransferHeader(db, transferId),
  ]);
  if (known?.decision.status !== "posted" || !known.recordedAt) throw purchaseNotFound();
  const [paid] = known.decision.movements;
  if (!paid || !header || !PURCHASES.has(header.kind)) throw purchaseNotFound();
  const wallets = await directory.walletsOf([paid.from, paid.to]);
  const [buyer, payee] = [paid.from, paid.to].map((account) => wallets.get(walletOf(account)));
  if (!buyer || !payee)
    throw new Error(`the purchase ${transferId} has an account without a wallet`);
  const posted = { transferId, buyerId: buyer.userId, recordedAt: known.recordedAt };
  const purchase = await findSoldPurchase(db, posted);
  if (!purchase) throw purchaseNotFound();
  const fees = await feesAccount(directory, purchase);
  return { purchase, transferId, accounts: { buyer: paid.from, payee: paid.to, fees }, payee };
}

/** null for a purchase without commission. */
async function feesAccount(
  directory: PostingServices["directory"],
  { commission, currency }: SoldPurchase,
): Promise<bigint | null> {
  if (commission === 0n) return null;
  const wallet = await directory.systemWallet(HOME_PLATFORM, "fees");
  return accountId(wallet, Number((await directory.currency(currency)).number));
}

/** The answer for a purchase that is missing, or that the caller did not sell. */
export function purchaseNotFound(): NewDayError {
  return new NewDayError("purchase_not_found", {
    field: "id",
    rule: {
      en: "names no purchase whose money this caller may give back",
      zh: "不是此调用方可退款的购买",
    },
  });
}

export interface WantedRefund
  extends
    Omit<RefundablePurchase, "payee">,
    Pick<
      RefundPurchasePayload,
      "quantity" | "ifItemGone" | "restock" | "byOperator" | "platform"
    > {}

/** Errors: those of the engine; a refusal is an outcome. */
export function refundPurchase(
  { engine }: PostingServices,
  wanted: WantedRefund,
  terms: OperationTerms,
): Promise<Submitted<PurchaseRefundResult>> {
  return submitOperation(engine, prepareRefund(wanted, terms));
}

/** The operation of a refund. */
export function prepareRefund(
  {
    purchase,
    transferId,
    accounts,
    platform,
    quantity,
    ifItemGone,
    restock,
    byOperator,
  }: WantedRefund,
  terms: OperationTerms,
): Operation<PurchaseRefundResult> {
  const newItemId = `inv-${newUuid()}`;
  const payload = {
    purchase,
    transferId,
    accounts,
    platform,
    quantity,
    ifItemGone,
    restock,
    byOperator,
    newItemId,
  };
  return operationOf(refundPurchaseOperation, payload, terms);
}
