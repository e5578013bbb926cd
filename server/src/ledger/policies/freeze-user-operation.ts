/** Freezes and unfreezes a user: one row, whatever the user owns. Each side sets and lifts its own. */
import type { DecisionContext, JsonObject, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { logChange } from "../../policy/changes/policy-changes.ts";
import { notInFuture } from "../../policy/rules/policy-refusal.ts";
import {
  ownerFreezes,
  userFreezes,
  type FreezeSide,
  type UserFreeze,
} from "../../policy/user-freezes/user-freeze-rows.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import type { PolicyChange } from "./policy-command.ts";

export interface FrozenUser {
  readonly wallet: bigint;
  readonly userId: string;
  readonly side: FreezeSide;
  readonly reason: string;
}

export interface FreezeUserPayload
  extends FrozenUser, Pick<UserFreeze, "debits" | "credits" | "until"> {}

/** A second freeze of the same side replaces the first. */
export const freezeUserOperation = defineOperationType<FreezeUserPayload, PolicyChange>()({
  name: "freeze_user",
  readWriteSet: rowsOf,
  decide({ debits, credits, until, ...user }, view, context) {
    const { now } = context;
    if (until !== null && until.getTime() <= now.getTime()) return notInFuture("until");
    const freeze = { debits, credits, until, reason: user.reason, since: now };
    const { wallet, userId, side, reason, ...unread } = user;
    unread satisfies NothingElse;
    return replaceFreeze(view, context, { wallet, userId, side, reason, freeze });
  },
});

/** The other side's freeze stays. */
export const unfreezeUserOperation = defineOperationType<FrozenUser, PolicyChange>()({
  name: "unfreeze_user",
  readWriteSet: rowsOf,
  decide: (user, view, context) => replaceFreeze(view, context, { ...user, freeze: null }),
});

function rowsOf({ wallet, userId }: FrozenUser) {
  return [rowKey(userFreezes, wallet), rowKey(ownerFreezes, userId)];
}

function replaceFreeze(
  view: View,
  context: DecisionContext,
  { freeze, ...user }: FrozenUser & { readonly freeze: UserFreeze | null },
) {
  const { wallet, userId, side, reason, ...unread } = user;
  unread satisfies NothingElse;
  const known = view.get(userFreezes, wallet);
  const row = known ?? {
    wallet,
    userId,
    platform: null,
    operator: null,
    audit: null,
    erasedAs: null,
    revision: 0n,
  };
  const [before, after] = [termsOf(row[side]), termsOf(freeze)];
  if (JSON.stringify(before) === JSON.stringify(after))
    return { refuse: "already_so" as const, details: {} };
  const subject = `user-freeze:${userId}:${side}`;
  const frozen = { ...row, [side]: freeze };
  return {
    changes: [
      change(userFreezes, wallet, frozen),
      change(ownerFreezes, userId, frozen),
      logChange(context, { what: "user-freeze", subject, reason, before, after }),
    ],
    result: { subject, before, after },
  };
}

function termsOf(freeze: UserFreeze | null): JsonObject | null {
  if (!freeze) return null;
  const { debits, credits, reason, until, since: _, ...unread } = freeze;
  unread satisfies NothingElse;
  return { debits, credits, reason, until: until?.toISOString() ?? null };
}
