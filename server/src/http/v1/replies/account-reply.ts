/** An account as /api/v1 shows it, and the ETag that its writers send back. */
import type { Static } from "typebox";
import type { Database } from "../../../db/database.ts";
import {
  BY_OPERATOR,
  CLOSED,
  CREDITS_FROZEN,
  DEBITS_FROZEN,
  restrictionsOf,
  TEST_USER,
} from "../../../ledger/accounts/account-restrictions.ts";
import { findAccount, type AccountView } from "../../../ledger/statements/statement-queries.ts";
import { etagOf } from "./etag.ts";
import type { Account, Restriction } from "../schemas/schemas-money.ts";

export type AccountShown = Pick<
  AccountView,
  | "currency"
  | "balance"
  | "held"
  | "available"
  | "locked"
  | "unfunded"
  | "version"
  | "revision"
  | "flags"
>;

/** The account now; a missing row means an empty open account. */
export async function readAccount(
  db: Database,
  account: bigint,
  currency: string,
): Promise<AccountShown> {
  const found = await findAccount(db, account);
  const zero = 0n;
  return (
    found ?? {
      currency,
      balance: zero,
      held: zero,
      available: zero,
      locked: zero,
      unfunded: zero,
      version: zero,
      revision: zero,
      flags: 0,
    }
  );
}

export function toAccount(row: AccountShown): Static<typeof Account> {
  const restrictions = restrictionsOf(row.flags);
  return {
    currency: row.currency,
    balance: `${row.balance}`,
    held: `${row.held}`,
    available: `${row.available}`,
    locked: `${row.locked}`,
    unfunded: `${row.unfunded}`,
    version: `${row.version}`,
    ...toRestriction(row.flags),
    testUser: (row.flags & TEST_USER) !== 0,
    byOperator: (row.flags & BY_OPERATOR) !== 0,
    restrictedBy: {
      platform: toRestriction(restrictions.platform),
      operator: toRestriction(restrictions.operator),
    },
  };
}

function toRestriction(flags: number): Static<typeof Restriction> {
  return {
    frozen: {
      debits: (flags & DEBITS_FROZEN) !== 0,
      credits: (flags & CREDITS_FROZEN) !== 0,
    },
    closed: (flags & CLOSED) !== 0,
  };
}

/**
 * An expiring hold, a proof of the user and a new day's budget free money at the same revision: the second part changes
 * then. Doubled and once, so that no coins that go from one to the other leave the sum as it was.
 */
export function accountEtag({ revision, held, locked, unfunded }: AccountShown): string {
  return etagOf(revision, held + locked + 2n * unfunded);
}
