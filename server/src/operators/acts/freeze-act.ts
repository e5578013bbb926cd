/** Freezes a user on the operators' side, and lifts that again; the platform's own freeze stays. */
import { operationOf } from "../../engine/operation-type.ts";
import type { Posting } from "../../engine/operation.ts";
import {
  freezeUserOperation,
  unfreezeUserOperation,
  type FrozenUser,
} from "../../ledger/policies/freeze-user-operation.ts";
import { requireReason, type PolicyChange } from "../../ledger/policies/policy-command.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";
import { requireUserWallet } from "./acted-user.ts";

type LiftedFreeze = { readonly userId: string; readonly reason: string };

export type WantedFreeze = LiftedFreeze & {
  /** null: until it is lifted. */
  readonly until: string | null;
  readonly debits: boolean;
  readonly credits: boolean;
};

/** A freeze replaces the one before. Errors: `wallet_not_found`, `invalid_field`; in the engine `already_so`. */
export const freezeAct: ActKind<WantedFreeze, PolicyChange> = {
  what: "user freeze",
  role: "support",
  async prepare(services, context, { until, debits, credits, ...named }) {
    const user = await operatorsSide(services, named);
    const payload = { ...user, until: until === null ? null : new Date(until), debits, credits };
    return {
      ...FREEZE,
      subject: user.userId,
      userId: user.userId,
      reason: user.reason,
      operation: operationOf(freezeUserOperation, payload, termsOfAct(context)),
    };
  },
};

/** Errors: as `freezeAct`. */
export const unfreezeAct: ActKind<LiftedFreeze, PolicyChange> = {
  what: "user unfreeze",
  role: "support",
  async prepare(services, context, named) {
    const user = await operatorsSide(services, named);
    return {
      ...FREEZE,
      subject: user.userId,
      userId: user.userId,
      reason: user.reason,
      operation: operationOf(unfreezeUserOperation, user, termsOfAct(context)),
    };
  },
};

const FREEZE = {
  weigh: () => "never" as const,
  describe(_view: unknown, { posting }: { readonly posting: Posting<PolicyChange> }) {
    const { before, after } = posting.result;
    return { before, after };
  },
};

async function operatorsSide(
  { directory }: PostingServices,
  { userId, reason }: LiftedFreeze,
): Promise<FrozenUser> {
  const { number: wallet } = await requireUserWallet(directory, userId);
  return { wallet, userId, side: "operator", reason: requireReason(reason) };
}
