/** Ends every session of a user. */
import { defineOperationType, operationOf } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";
import { requireUserWallet } from "./acted-user.ts";
import { liveSessions } from "./live-sessions.ts";

type EndedSessionCount = { readonly ended: number };

export const endSessionsOperation = defineOperationType<
  { readonly userId: string },
  EndedSessionCount
>()({
  name: "end_sessions",
  readWriteSet: ({ userId }) => [rowKey(liveSessions, userId)],
  decide({ userId }, view) {
    const live = view.get(liveSessions, userId)?.live ?? 0n;
    // One that was opened meanwhile ends, too.
    return {
      changes: [change(liveSessions, userId, { userId, live: 0n })],
      result: { ended: Number(live) },
    };
  },
});

/** Errors: `wallet_not_found`, `invalid_field`. */
export const endSessionsAct: ActKind<
  { readonly userId: string; readonly reason: string },
  EndedSessionCount
> = {
  what: "user end-sessions",
  role: "support",
  async prepare({ directory }, context, { userId, reason }) {
    requireReason(reason);
    await requireUserWallet(directory, userId);
    return {
      subject: userId,
      userId,
      reason,
      operation: operationOf(endSessionsOperation, { userId }, termsOfAct(context)),
      weigh: () => "never",
      describe: (_view, { posting }) => ({
        before: { sessions: posting.result.ended },
        after: { sessions: 0 },
      }),
    };
  },
};
