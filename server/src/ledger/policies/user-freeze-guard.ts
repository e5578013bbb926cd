/** No money of a frozen user moves or is reserved, whatever the operation. */
import type { PostingGuard } from "../../engine/posting-rules.ts";
import { resource, rowBeside } from "../../engine/registry.ts";
import { accounts, walletOf } from "../accounts/accounts.ts";
import { refuseFrozen } from "../../policy/user-freezes/require-unfrozen.ts";
import { userFreezes } from "../../policy/user-freezes/user-freeze-rows.ts";

/** The freeze of an account's owner. */
const freezeOfOwner = { of: resource(accounts), resource: userFreezes, idOf: walletOf };

export const userFreezeGuard: PostingGuard = {
  beside: rowBeside(freezeOfOwner),

  check(view, { legs = [], reserves = [], overrides }, { now }) {
    const ids = legs.map(({ account }) => account);
    for (const { account, amount } of reserves) if (amount > 0n) ids.push(account);
    const freezes = view.getAllBeside(freezeOfOwner, ids);
    if (freezes.size === 0) return;
    const terms = { now, despite: overrides };
    for (const { account, amount } of legs)
      refuseFrozen(freezes.get(account), amount < 0n ? "debit" : "credit", terms);
    for (const { account, amount } of reserves)
      if (amount > 0n) refuseFrozen(freezes.get(account), "debit", terms);
  },
};
