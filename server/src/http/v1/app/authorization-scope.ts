/** The wallets that a caller may act for, and those it may name as the other side. */
import { NewDayError } from "../../../errors/errors.ts";
import type { SentUserId } from "../../../identity/platforms/user-naming.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import type { WalletRole } from "../../../ledger/wallets/wallet-rows.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import type { Caller } from "./caller.ts";
import type { Directory } from "../../../ledger/wallets/directory.ts";

/** A platform's own system accounts that its server may pay into and out of. */
const OPEN_ROLES: readonly (WalletRole | null)[] = [null, "fees", "escrow"];

/** True for a wallet that the caller may read and spend from. */
export function isWithinReach(caller: Caller, wallet: OwnedWallet): boolean {
  if (caller.kind === "user") return wallet.role === null && wallet.userId === caller.userId;
  return isOpenTo(caller, wallet);
}

/** A user or an open system account of the caller's platform; for an operator, a user of any. */
export function isOpenTo(caller: Caller, { platform, role }: OwnedWallet): boolean {
  if (caller.kind === "key" && caller.operator && role === null) return true;
  return platform === caller.platform && OPEN_ROLES.includes(role);
}

/** The wallet that the caller acts for. Errors: `invalid_user_id`, `wallet_not_found`. */
export async function requireWallet(
  directory: Directory,
  caller: Caller,
  userId: SentUserId,
  field = "userId",
): Promise<OwnedWallet> {
  const wallet = await findNamed(directory, caller, userId, field);
  if (!wallet || !isWithinReach(caller, wallet)) throw notReachable(field);
  return wallet;
}

/** The wallet of the other side: one of the caller's platform. Errors: as `requireWallet`. */
export async function requirePeer(
  directory: Directory,
  caller: Caller,
  userId: SentUserId,
  field: string,
): Promise<OwnedWallet> {
  const wallet = await findNamed(directory, caller, userId, field);
  if (!wallet || !isOpenTo(caller, wallet)) throw notReachable(field);
  return wallet;
}

export async function findNamed(
  directory: Directory,
  { kind, platform, resolveUserId }: Caller,
  userId: SentUserId,
  field: string,
): Promise<OwnedWallet | undefined> {
  const isOwnSystemWallet = kind === "key" && userId.startsWith(`system:${platform}:`);
  if (isOwnSystemWallet) return directory.findWallet(userId);
  return directory.findWallet(await resolveUserId(requireUserId(userId, field), field));
}

export function notReachable(field: string): NewDayError {
  return new NewDayError("wallet_not_found", {
    field,
    rule: { en: "names no wallet that this caller can reach", zh: "不是此调用方可访问的钱包" },
    remedy: {
      en: "Open it first: PUT /api/v1/wallets/{userId}; a user of another platform needs the payer's consent.",
      zh: "请先开通：PUT /api/v1/wallets/{userId}；其他平台的用户需付款方授权",
    },
  });
}
