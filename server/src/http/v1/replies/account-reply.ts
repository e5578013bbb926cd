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
  "currency" | "balance" | "held" | "available" | "version" | "revision" | "flags"
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

/** The ETag includes `held`, because an expiring hold frees money at the same revision. */
export function accountEtag({ revision, held }: AccountShown): string {
  return etagOf(revision, held);
}
