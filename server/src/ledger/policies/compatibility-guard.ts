/**
 * The cap of a compatibility login: what its user spends in total, in minor units of all currencies, whatever the
 * operation. What comes back is not given back to the cap.
 */
import type { Posting } from "../../engine/operation.ts";
import type { PostingGuard } from "../../engine/posting-rules.ts";
import { Refused } from "../../engine/refused.ts";
import { counterId, limitCounters, moveCounter } from "../limits/limit-counters.ts";

export const compatibilityGuard: PostingGuard = {
  check(view, posting, { operation }) {
    const { spendingCap } = operation.terms;
    if (!spendingCap) return;
    const { userId, cap } = spendingCap;
    const amount = spentBy(posting);
    if (amount <= 0n) return;
    const id = counterId("compatibility", userId);
    const counted = moveCounter(view, id, { by: amount, limit: cap });
    if (counted) return view.put(counted);
    const spent = view.get(limitCounters, id)?.count ?? 0n;
    throw new Refused({
      refuse: "unproven_limit",
      details: {
        cap: `${cap}`,
        spent: `${spent}`,
        rule: {
          en: `pays ${amount}; without a proof this user spends at most ${cap} in total, and ${spent} are spent`,
          zh: `需支付 ${amount}；该用户未验证时总共最多支出 ${cap}，已支出 ${spent}`,
        },
        remedy: {
          en: "Log in with an assertion of the platform; see docs/login.md.",
          zh: "请使用平台签名的凭证登录，见 docs/login.md",
        },
      },
    });
  },
};

/** A capture takes what its hold has reserved, and the hold is counted already. */
function spentBy({ legs = [], reserves = [] }: Posting): bigint {
  const paid = legs.reduce((sum, { amount }) => (amount < 0n ? sum - amount : sum), 0n);
  return reserves.reduce((sum, { amount }) => sum + amount, paid);
}
