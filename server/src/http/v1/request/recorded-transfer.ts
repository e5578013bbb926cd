/** A transfer that was posted earlier, as far as the caller may know of it. */
import { NewDayError } from "../../../errors/errors.ts";
import type { PostedOutcome } from "../../../engine/operation.ts";
import type { StoredDetails } from "../../../ledger/transfers/detail-columns.ts";
import { readOutcomes } from "../../../ledger/transfers/transfer-rows.ts";
import { findTransferHeader } from "../../../ledger/statements/transfer-header-queries.ts";
import type { Caller } from "../app/caller.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import type { Services } from "../../context/services.ts";

export interface RecordedTransfer {
  readonly id: string;
  readonly type: { readonly name: string };
  readonly details: StoredDetails;
  readonly outcome: PostedOutcome;
}

/**
 * Returns the transfer, if `any` or `all` of its wallets are within the caller's scope. Errors:
 * `transfer_not_found`, also for refused ones and those outside the scope.
 */
export async function requireTransfer(
  { db, directory }: Services,
  caller: Caller,
  id: string,
  reach: "any" | "all",
): Promise<RecordedTransfer> {
  const [known, header] = await Promise.all([
    readOutcomes(db, [id]).then((outcomes) => outcomes.get(id)),
    findTransferHeader(db, id),
  ]);
  if (known?.decision.status !== "posted" || !known.recordedAt || !header) throw notFound();
  const { movements } = known.decision;
  const wallets = await directory.walletsOf(movements.flatMap(({ from, to }) => [from, to]));
  const within = [...wallets.values()].map((wallet) => isWithinReach(caller, wallet));
  // `every` of an empty list is true and would let all callers through.
  const reached = reach === "all" ? within.every(Boolean) : within.some(Boolean);
  if (within.length === 0 || !reached) throw notFound();
  const { kind, ...details } = header;
  return {
    id,
    type: { name: kind },
    outcome: { ...known.decision, transferId: id, recordedAt: known.recordedAt, replayed: false },
    details,
  };
}

function notFound(): NewDayError {
  return new NewDayError("transfer_not_found", {
    field: "id",
    rule: { en: "names no transfer that this caller took part in", zh: "不是此调用方参与的交易" },
  });
}
