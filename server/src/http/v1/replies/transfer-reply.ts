/** A posted operation as a transfer with its entries. */
import type { Static } from "typebox";
import type { Movement, PostedOutcome } from "../../../engine/operation.ts";
import { walletOf } from "../../../ledger/accounts/accounts.ts";
import type { OwnedWallet } from "../../../ledger/wallets/owned-wallet-queries.ts";
import type { Caller } from "../app/caller.ts";
import { showDetails, type KnownDetails } from "../app/operation-details.ts";
import type { Directory } from "../../../ledger/wallets/directory.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import type { Entry, Transfer } from "../schemas/schemas-money.ts";

interface Posted {
  readonly outcome: PostedOutcome;
  readonly type: { readonly name: string };
  readonly details: KnownDetails;
  readonly dryRun: boolean;
  readonly through?: string | null;
}

/** Balances and versions appear for the caller's own wallets only. */
export async function toTransfer(
  directory: Directory,
  caller: Caller,
  { outcome, type, details, dryRun, through = null }: Posted,
): Promise<Static<typeof Transfer>> {
  return {
    id: outcome.transferId,
    kind: type.name,
    entries: await toEntries(directory, caller, outcome.movements),
    ...(outcome.related === null ? {} : { related: outcome.related }),
    ...(outcome.result === null ? {} : { result: { ...outcome.result } }),
    ...showDetails(details),
    ...(through !== null && { through }),
    recordedAt: outcome.recordedAt.toISOString(),
    replayed: outcome.replayed,
    dryRun,
  };
}

async function toEntries(
  directory: Directory,
  caller: Caller,
  movements: readonly Movement[],
): Promise<Static<typeof Entry>[]> {
  const wallets = await directory.walletsOf(movements.flatMap(({ from, to }) => [from, to]));
  const entries: Static<typeof Entry>[] = [];
  for (const movement of movements)
    for (const line of linesOf(movement)) {
      const wallet = wallets.get(walletOf(line.account));
      const currency = await directory.codeOf(line.account);
      entries.push(toEntry(caller, wallet, { ...line, currency }));
    }
  return entries;
}

interface Line {
  readonly account: bigint;
  readonly amount: bigint;
  readonly balance: bigint;
  readonly version: bigint;
}

function linesOf(one: Movement): [Line, Line] {
  return [
    { account: one.from, amount: -one.amount, balance: one.fromBalance, version: one.fromVersion },
    { account: one.to, amount: one.amount, balance: one.toBalance, version: one.toVersion },
  ];
}

function toEntry(
  caller: Caller,
  wallet: OwnedWallet | undefined,
  line: Line & { readonly currency: string },
): Static<typeof Entry> {
  return {
    userId: wallet?.userId ?? "",
    currency: line.currency,
    amount: `${line.amount}`,
    ...(wallet && isWithinReach(caller, wallet)
      ? { balanceAfter: `${line.balance}`, version: `${line.version}` }
      : {}),
  };
}
