/** Changes the amount that operators move alone, by an owner. */
import type { Database, Transaction } from "../../db/database.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import type { Directory } from "../../ledger/wallets/directory.ts";
import {
  ACT_LIMIT_DEFAULT,
  listActLimits,
  storeActLimit,
  type ActLimitRow,
} from "./act-limit-rows.ts";

/** Errors: `invalid_currency`; `invalid_field` for a limit that is so already. */
export async function setActLimit(
  { db, directory }: { readonly db: Database; readonly directory: Directory },
  context: OperatorContext,
  { currency, maximum }: ActLimitRow,
): Promise<ModelChange> {
  await directory.currency(currency);
  const lock = async (tx: Transaction) => {
    await tx.query("lock table newday.act_limits in share row exclusive mode");
  };
  return makeOperatorChange(db, context, lock, async (tx) => {
    const known = (await listActLimits(tx)).find((row) => row.currency === currency);
    return {
      planned: {
        what: "act-limit set",
        subject: currency,
        before: { maximum: `${known?.maximum ?? ACT_LIMIT_DEFAULT}` },
        after: { maximum: `${maximum}` },
        accounts: 0n,
      },
      apply: () => storeActLimit(tx, { currency, maximum }),
    };
  });
}
