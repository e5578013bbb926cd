/** Sets and removes spending limits, logged with their reason. */
import { NewDayError } from "../../errors/errors.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";
import type { LimitScope, SpendingLimit } from "../../policy/limits/limit-rows.ts";
import type { SpendingKind } from "../../policy/rules/spending-kinds.ts";
import type { WindowName } from "../../policy/rules/windows.ts";
import { accountId, walletOf } from "../accounts/accounts.ts";
import type { Directory } from "../wallets/directory.ts";
import type { OwnedWallet } from "../wallets/owned-wallet-queries.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import { requirePolicyField, requireReason } from "./policy-command.ts";
import { findLimit } from "./read-limits.ts";
import {
  removeLimitOperation,
  setLimitOperation,
  type LimitResult,
} from "./set-limit-operation.ts";

/** Shorter windows cannot be told from the duration of a batch; longer ones are for a calendar. */
export const WINDOW_SECONDS = { min: 60, max: 31_622_400 } as const;

export interface LimitWanted {
  readonly scope: LimitScope;
  /** `operator`, or the platform: `platform:acme`. */
  readonly owner: string;
  readonly platform: string;
  /** Exactly in the scope `user`: of a user whom the caller may bound. */
  readonly wallet: OwnedWallet | null;
  readonly currency: string;
  readonly kind: SpendingKind | null;
  readonly window: WindowName;
  /** Exactly for `rolling`. */
  readonly seconds: number | null;
  readonly maximum: bigint;
  readonly reason: string;
}

/** Errors: `invalid_field`, `invalid_currency`, `already_so` as an outcome. */
export async function setSpendingLimit<Given extends LimitWanted>(
  { engine, directory }: PostingServices,
  wanted: Exactly<LimitWanted, Given>,
  terms: OperationTerms,
): Promise<Submitted<LimitResult>> {
  const { reason, wallet, ...limit }: LimitWanted = wanted;
  requireWindow(limit);
  requirePolicyField((limit.scope === "user") === (wallet !== null), "userId", {
    en: "is sent exactly for the scope user",
    zh: "仅在 scope 为 user 时发送，且必须发送",
  });
  requirePolicyField(limit.maximum >= 0n, "maximum", { en: "is not below 0", zh: "不能小于 0" });
  const number = Number((await directory.currency(limit.currency)).number);
  const payload = {
    account: wallet && accountId(wallet.number, number),
    limit: { ...limit, userId: wallet?.userId ?? null, currencyNumber: number },
    reason: requireReason(reason),
  };
  return submitOperation(engine, operationOf(setLimitOperation, payload, terms));
}

export interface LimitRemoval {
  readonly limitId: string;
  /** Who removes it: `operator`, or the platform. */
  readonly owner: string;
  readonly reason: string;
}

/**
 * An operator removes every limit; a platform its own, and those that other platforms have set on its users.
 * Errors: `policy_not_found`, `forbidden` as an outcome.
 */
export async function removeSpendingLimit<Given extends LimitRemoval>(
  { db, engine, directory }: PostingServices,
  removal: Exactly<LimitRemoval, Given>,
  terms: OperationTerms,
): Promise<Submitted<LimitResult>> {
  const { limitId, owner, reason, ...unread }: LimitRemoval = removal;
  unread satisfies NothingElse;
  const found = await findLimit(db, limitId);
  if (!found) throw new NewDayError("policy_not_found", { field: "id" });
  const { account } = found;
  const home = account === null ? null : await platformOfAccount(directory, account);
  const payload = { account, home, limitId, owner, reason: requireReason(reason) };
  return submitOperation(engine, operationOf(removeLimitOperation, payload, terms));
}

/** The platform of an account's owner; null for a wallet that an erasure has taken. */
export async function platformOfAccount(
  directory: Directory,
  account: bigint,
): Promise<string | null> {
  const wallets = await directory.walletsOf([account]);
  return wallets.get(walletOf(account))?.platform ?? null;
}

function requireWindow({ window, seconds }: Pick<SpendingLimit, "window" | "seconds">): void {
  const { min, max } = WINDOW_SECONDS;
  const fits =
    window === "rolling" ? seconds !== null && seconds >= min && seconds <= max : seconds === null;
  requirePolicyField(fits, "seconds", {
    en: `is ${min} to ${max} for the window rolling, and left out for the others`,
    zh: `window 为 rolling 时必须为 ${min} 到 ${max}，其他情况不发送`,
  });
}
