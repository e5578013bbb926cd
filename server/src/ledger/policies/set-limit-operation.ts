/** Sets, changes and removes spending limits; the account's flags say that it has some. */
import { accounts, changedAccount } from "../accounts/accounts.ts";
import { LIMITED } from "../accounts/account-restrictions.ts";
import type { JsonObject, View } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey, type RowChange, type RowKey } from "../../engine/resource.ts";
import { logChange } from "../../policy/changes/policy-changes.ts";
import { limitName } from "../../policy/limits/count-spending.ts";
import {
  limitsOfAccount,
  PLATFORM_LIMITS,
  spendingLimits,
  type SpendingLimit,
} from "../../policy/limits/limit-rows.ts";
import { accountRow } from "../transfers/apply-posting.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import type { PolicyChange } from "./policy-command.ts";

/** The account of a user's limit; null for limits of platforms. */
interface LimitPlace {
  readonly account: bigint | null;
  readonly reason: string;
}

export interface SetLimitPayload extends LimitPlace {
  readonly limit: Omit<SpendingLimit, "id" | "version">;
}

export type LimitResult = PolicyChange & { readonly limitId: string };

const OPERATOR = "operator";

/** Each posting of the account reads them all. */
const OF_ACCOUNT_MAX = 20;
const OF_PLATFORMS_MAX = 500;

/** A limit of the same owner, scope, kind and window is changed; its count goes on. */
export const setLimitOperation = defineOperationType<SetLimitPayload, LimitResult>()({
  name: "set_limit",
  readWriteSet: keysOf,
  decide({ account, limit, reason, ...unread }, view, context) {
    unread satisfies NothingElse;
    const known = limitsAt(view, account);
    const before = known.find((one) => isSameLimit(one, limit));
    if (before?.maximum === limit.maximum) return { refuse: "already_so" };
    const max = account === null ? OF_PLATFORMS_MAX : OF_ACCOUNT_MAX;
    if (!before && known.length >= max) return tooMany(max);
    const after = before
      ? { ...before, maximum: limit.maximum, version: before.version + 1n }
      : { ...limit, id: context.transferId, version: 1n };
    const states = { before: shown(before), after: shown(after) };
    const subject = limitName(after);
    return {
      changes: [
        ...placeLimits(view, account, [...known.filter((one) => one !== before), after]),
        logChange(context, { what: "limit", subject, reason, ...states }),
      ],
      result: { subject, limitId: after.id, ...states },
    };
  },
});

export interface RemoveLimitPayload extends LimitPlace {
  readonly limitId: string;
  /** The platform of the user whom it bounds; null for limits of platforms. */
  readonly home: string | null;
  /** Who removes it. */
  readonly owner: string;
}

export const removeLimitOperation = defineOperationType<RemoveLimitPayload, LimitResult>()({
  name: "remove_limit",
  readWriteSet: keysOf,
  decide({ account, home, limitId, owner, reason, ...unread }, view, context) {
    unread satisfies NothingElse;
    const known = limitsAt(view, account);
    const before = known.find(({ id }) => id === limitId);
    if (!before) return { refuse: "policy_not_found" };
    if (!mayRemove(before, { home, owner })) return notOwner(before);
    const states = { before: shown(before), after: null };
    const subject = limitName(before);
    return {
      changes: [
        ...placeLimits(
          view,
          account,
          known.filter((one) => one !== before),
        ),
        logChange(context, { what: "limit", subject, reason, ...states }),
      ],
      result: { subject, limitId, ...states },
    };
  },
});

/** An operator may always; a platform its own limit, and another platform's on its user. */
function mayRemove(
  limit: SpendingLimit,
  { home, owner }: Pick<RemoveLimitPayload, "home" | "owner">,
): boolean {
  if (owner === OPERATOR || owner === limit.owner) return true;
  return limit.owner !== OPERATOR && owner === `platform:${home}`;
}

function keysOf({ account }: LimitPlace): RowKey[] {
  if (account === null) return [rowKey(spendingLimits, PLATFORM_LIMITS)];
  return [rowKey(accounts, account), rowKey(spendingLimits, limitsOfAccount(account))];
}

function subjectOf(account: bigint | null): string {
  return account === null ? PLATFORM_LIMITS : limitsOfAccount(account);
}

function limitsAt(view: View, account: bigint | null): readonly SpendingLimit[] {
  return view.get(spendingLimits, subjectOf(account))?.limits ?? [];
}

/** Stores the limits, and whether the account has any. */
function placeLimits(
  view: View,
  account: bigint | null,
  limits: readonly SpendingLimit[],
): RowChange[] {
  const subject = subjectOf(account);
  const row = view.get(spendingLimits, subject) ?? { subject, limits: [], revision: 0n };
  const placed = change(spendingLimits, subject, { ...row, limits });
  if (account === null) return [placed];
  const current = accountRow(view, account);
  const flags = limits.length > 0 ? current.flags | LIMITED : current.flags & ~LIMITED;
  return [placed, change(accounts, account, changedAccount(current, { flags }))];
}

function isSameLimit(one: SpendingLimit, other: SetLimitPayload["limit"]): boolean {
  return (
    one.scope === other.scope &&
    one.owner === other.owner &&
    one.platform === other.platform &&
    one.currency === other.currency &&
    one.kind === other.kind &&
    one.window === other.window &&
    one.seconds === other.seconds
  );
}

function tooMany(max: number) {
  return {
    refuse: "invalid_field",
    details: {
      field: "currency",
      rule: { en: `has ${max} limits already, the most`, zh: `已有 ${max} 条限额，达到上限` },
      remedy: { en: "Remove one first.", zh: "请先移除一条" },
    },
  } as const;
}

function notOwner({ owner }: SpendingLimit) {
  return {
    refuse: "forbidden",
    details: {
      rule: { en: `was set by ${owner}, who alone removes it`, zh: `由 ${owner} 设置，仅其可移除` },
    },
  } as const;
}

function shown(limit: SpendingLimit | undefined): JsonObject | null {
  if (!limit) return null;
  const { scope, owner, platform, userId, currency, kind, window, seconds, maximum, version } =
    limit;
  return {
    scope,
    owner,
    platform,
    userId,
    currency,
    kind,
    window,
    seconds,
    maximum: `${maximum}`,
    version: Number(version),
  };
}
