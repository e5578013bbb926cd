/** A transfer that was posted earlier, as far as the caller may know of it. */
import { NewDayError } from "../../../errors/errors.ts";
import type { PostedOutcome } from "../../../engine/operation.ts";
import type { StoredDetails } from "../../../ledger/transfers/detail-columns.ts";
import { readOutcomes } from "../../../ledger/transfers/transfer-rows.ts";
import { findTransferHeader } from "../../../ledger/statements/transfer-header-queries.ts";
import type { Caller } from "../app/caller.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import { walletOf } from "../../../ledger/accounts/accounts.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import type { Services } from "../../context/services.ts";

export interface RecordedTransfer {
  readonly id: string;
  readonly type: { readonly name: string };
  readonly details: StoredDetails;
  readonly outcome: PostedOutcome;
  /** The linked identity through which the calling user asked for it. */
  readonly through: string | null;
}

/** Payments that users of two platforms make with a consent. */
const ACROSS_PLATFORMS: ReadonlySet<string> = new Set(["transfer", "transfer_up_to", "capture"]);

/**
 * Returns the transfer, if `any` of its wallets is within the caller's scope, or those that `refund` it: all of them,
 * but that the payer of a payment across platforms may be another platform's user. Errors: `transfer_not_found`,
 * also for refused ones and those outside the scope.
 */
export async function requireTransfer(
  { db, directory }: Services,
  caller: Caller,
  id: string,
  reach: "any" | "refund",
): Promise<RecordedTransfer> {
  const [known, header] = await Promise.all([
    readOutcomes(db, [id]).then((outcomes) => outcomes.get(id)),
    findTransferHeader(db, id),
  ]);
  if (known?.decision.status !== "posted" || !known.recordedAt || !header) throw notFound();
  const { movements } = known.decision;
  const wallets = await directory.walletsOf(movements.flatMap(({ from, to }) => [from, to]));
  const payees = new Set(movements.map(({ to }) => walletOf(to)));
  const mayRefund = (wallet: OwnedWallet) =>
    isWithinReach(caller, wallet) ||
    (wallet.role === null && !payees.has(wallet.number) && ACROSS_PLATFORMS.has(header.kind));
  const all = [...wallets.values()];
  const within = all.some((wallet) => isWithinReach(caller, wallet));
  if (!within || (reach === "refund" && !all.every(mayRefund))) throw notFound();
  const { kind, caller: askedBy, throughUserId, ...details } = header;
  const isOwn = caller.kind === "user" && askedBy === caller.name;
  return {
    id,
    type: { name: kind },
    outcome: { ...known.decision, transferId: id, recordedAt: known.recordedAt, replayed: false },
    details,
    through: isOwn ? throughUserId : null,
  };
}

function notFound(): NewDayError {
  return new NewDayError("transfer_not_found", {
    field: "id",
    rule: { en: "names no transfer that this caller took part in", zh: "不是此调用方参与的交易" },
  });
}
