/**
 * Payer and payee of a payment, who may be users of two platforms: then the payer's consent to the other platform
 * is named in the operation's terms, and the batch checks and counts it.
 */
import type { ConsentUse } from "../../../engine/operation.ts";
import {
  refuseSuspended,
  type PlatformDirectory,
} from "../../../identity/platforms/platform-directory.ts";
import type { Directory } from "../../../ledger/wallets/directory.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import { accountOf } from "../../../ledger/wallets/wallet-accounts.ts";
import { findNamed, isOpenTo, isWithinReach, notReachable } from "./authorization-scope.ts";
import type { Caller } from "./caller.ts";

export interface PaymentNamed {
  readonly from: string;
  /** undefined: a hold whose payee the capture names. */
  readonly to: string | undefined;
  readonly currency: string;
  readonly verb: ConsentUse["verb"];
}

export interface ResolvedPayment {
  readonly from: bigint;
  readonly to: bigint | undefined;
  /** undefined within one platform. */
  readonly consents: readonly ConsentUse[] | undefined;
}

interface Reading {
  readonly platforms: Pick<PlatformDirectory, "requirePlatform">;
  readonly directory: Directory;
}

/**
 * `prefix` names the payment's place in the body. Errors: `invalid_user_id`, `wallet_not_found` (also for a user of
 * another platform to which the payer never consented), `platform_suspended` for the payer's, `invalid_currency`.
 */
export async function resolvePayment(
  reading: Reading,
  caller: Caller,
  named: PaymentNamed,
  prefix = "",
): Promise<ResolvedPayment> {
  const { directory } = reading;
  const fields = { from: `${prefix}from`, to: `${prefix}to` };
  const [payer, payee] = await Promise.all([
    findNamed(directory, caller, named.from, fields.from),
    named.to === undefined ? undefined : findNamed(directory, caller, named.to, fields.to),
  ]);
  if (!payer) throw notReachable(fields.from);
  if (named.to !== undefined && !payee) throw notReachable(fields.to);
  const currency = await directory.currency(named.currency);
  const other = otherPlatform(caller, payer, payee, fields);
  const from = accountOf(payer, currency);
  const to = payee && accountOf(payee, currency);
  if (other === undefined) return { from, to, consents: undefined };
  if (other.platform === caller.platform)
    refuseSuspended(await reading.platforms.requirePlatform(payer.platform, fields.from));
  // Without any consent a user of another platform stays hidden.
  if (!(await directory.hasConsented(from, other.platform))) throw notReachable(other.field);
  return { from, to, consents: [{ account: from, platform: other.platform, verb: named.verb }] };
}

/** The platform that needs the payer's consent, and the field that names its part; undefined within one. */
function otherPlatform(
  caller: Caller,
  payer: OwnedWallet,
  payee: OwnedWallet | undefined,
  fields: { readonly from: string; readonly to: string },
): { readonly platform: string; readonly field: string } | undefined {
  const isOwnPayer = isWithinReach(caller, payer);
  const isOwnPayee = payee === undefined || isOpenTo(caller, payee);
  if (isOwnPayer && isOwnPayee) return undefined;
  if (!isOwnPayer && !(caller.kind === "key" && isOwnPayee && payer.role === null))
    throw notReachable(fields.from);
  if (!isOwnPayer) return { platform: caller.platform, field: fields.from };
  if (payer.role !== null || !payee || payee.role !== null) throw notReachable(fields.to);
  return { platform: payee.platform, field: fields.to };
}

export interface Pair {
  readonly from: bigint;
  readonly to: bigint;
  readonly consents: ResolvedPayment["consents"];
}

/** As `resolvePayment`, of a transfer. */
export async function resolvePair(
  reading: Reading,
  caller: Caller,
  named: Pick<PaymentNamed, "from" | "currency"> & { readonly to: string },
  prefix = "",
): Promise<Pair> {
  const transfer = { ...named, verb: "transfer" } as const;
  const { from, to, consents } = await resolvePayment(reading, caller, transfer, prefix);
  if (to === undefined) throw notReachable(`${prefix}to`);
  return { from, to, consents };
}
