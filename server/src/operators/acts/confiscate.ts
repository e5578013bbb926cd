/** Takes items or coins of a user into the holding place, from where they can go back. */
import { defineOperationType, operationOf } from "../../engine/operation-type.ts";
import type { Refusal, View } from "../../engine/operation.ts";
import { change, insert, rowKey } from "../../engine/resource.ts";
import { NewDayError } from "../../errors/errors.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { acceptedGifts } from "../../items/gifts/gift-limits.ts";
import { refuseUnlessOwned } from "../../items/items/item-refusals.ts";
import { items, moveItem, type ItemRow } from "../../items/items/item-rows.ts";
import { accountId, accounts, currencyOf } from "../../ledger/accounts/accounts.ts";
import { requireReason } from "../../ledger/policies/policy-command.ts";
import { systemUserId } from "../../ledger/wallets/wallet-rows.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ActKind } from "./act.ts";
import { termsOfAct } from "./act-terms.ts";
import { requireUserWallet } from "./acted-user.ts";
import { balanceIn } from "./adjust-user.ts";
import { confiscations } from "./confiscation-rows.ts";

/** The owner of what is held. */
export const HOLDING_PLACE = systemUserId(HOME_PLATFORM, "escrow");
/** One posting locks them all. */
export const CONFISCATED_ITEMS_MAX = 100;

export interface ConfiscatePayload {
  readonly userId: string;
  readonly wallet: bigint;
  /** null: items only. */
  readonly money: { readonly account: bigint; readonly amount: bigint } | null;
  /** Number of the wallet of the holding place. */
  readonly holding: bigint;
  readonly itemIds: readonly string[];
}

export const confiscateOperation = defineOperationType<ConfiscatePayload>()({
  name: "confiscate",
  readWriteSet: ({ money, holding, itemIds }) => [
    ...(money === null
      ? []
      : [money.account, accountId(holding, currencyOf(money.account))].map((id) =>
          rowKey(accounts, id),
        )),
    ...itemIds.map((id) => rowKey(items, id)),
  ],
  decide({ userId, wallet, money, holding, itemIds }, view, context) {
    const owned = ownedItems(view, itemIds, userId);
    if ("refuse" in owned) return owned;
    const { transferId, now } = context;
    const row = {
      id: transferId,
      wallet,
      account: money?.account ?? null,
      amount: money?.amount ?? 0n,
      locked: money === null ? 0n : lockedPart(view, money),
      items: owned.map(({ id, locked }) => ({ id, locked })),
      takenAt: now,
      returnedAt: null,
      revision: 0n,
    };
    const held = { ownerId: HOLDING_PLACE, state: "owned" } as const;
    return {
      legs: money === null ? [] : legsTo(money, holding),
      // An operator takes from a frozen user what was won by fraud.
      overrides: ["platform", "operator", "audit"] as const,
      paysLocked: true,
      changes: [
        ...owned.map((item) =>
          change(items, item.id, moveItem(item, held, { action: "confiscate", context })),
        ),
        ...acceptedGifts(view, owned),
        insert(confiscations, transferId, row),
      ],
    };
  },
});

function legsTo({ account, amount }: { account: bigint; amount: bigint }, holding: bigint) {
  return [
    { account, amount: -amount },
    { account: accountId(holding, currencyOf(account)), amount },
  ];
}

/** Locked coins pay first. */
function lockedPart(view: View, { account, amount }: { account: bigint; amount: bigint }): bigint {
  const locked = view.get(accounts, account)?.locked ?? 0n;
  return locked < amount ? locked : amount;
}

/** Names every item that cannot be taken, so that one preview shows them all. */
function ownedItems(view: View, ids: readonly string[], userId: string): ItemRow[] | Refusal {
  const found = view.getAll(items, ids);
  const owned: ItemRow[] = [];
  const refused: string[] = [];
  for (const [at, id] of ids.entries()) {
    const item = found[at];
    const refusal =
      item?.ownerId === userId ? refuseUnlessOwned(item)?.refuse : ("item_not_found" as const);
    if (item && refusal === undefined) owned.push(item);
    else refused.push(`${id}: ${refusal}`);
  }
  if (refused.length === 0) return owned;
  const listed = refused.some((text) => text.endsWith("item_in_escrow"));
  return {
    refuse: listed ? "item_in_escrow" : "item_not_found",
    details: {
      field: "items",
      refused,
      rule: {
        en: `cannot be taken: ${refused.join(", ")}`,
        zh: `无法没收：${refused.join("、")}`,
      },
      remedy: {
        en: "Cancel the listing of an item in escrow first, and leave out what the user does not own.",
        zh: "请先取消已上架道具的上架，并去掉该用户未持有的道具",
      },
    },
  };
}

export type WantedConfiscation = {
  readonly userId: string;
  readonly items: readonly string[];
  /** null with `amount`: no money. */
  readonly currency: string | null;
  readonly amount: string | null;
  readonly reason: string;
};

/** Errors: `wallet_not_found`, `invalid_currency`, `invalid_field`; in the engine `insufficient_funds`, `item_not_found`, `item_in_escrow`. */
export const confiscateAct: ActKind<WantedConfiscation, null> = {
  what: "user confiscate",
  role: "economist",
  async prepare(services, context, wanted) {
    const { userId, reason } = wanted;
    requireReason(reason);
    const itemIds = [...new Set(wanted.items)].toSorted((a, b) => (a < b ? -1 : 1));
    const { number: wallet } = await requireUserWallet(services.directory, userId);
    const money = await moneyOf(services, wallet, wanted);
    if (money === null && itemIds.length === 0) throw invalidWish();
    const holding = await services.directory.systemWallet(HOME_PLATFORM, "escrow");
    const payload = { userId, wallet, money, holding, itemIds };
    const { currency } = wanted;
    return {
      subject: userId,
      userId,
      reason,
      operation: operationOf(confiscateOperation, payload, termsOfAct(context)),
      weigh: () => "always",
      describe(view) {
        const balance = money === null ? 0n : balanceIn(view, money.account);
        const shown = (left: bigint) =>
          money === null ? {} : { currency: currency ?? "", balance: `${left}` };
        return {
          before: { ...shown(balance), items: itemIds },
          after: { ...shown(balance - (money?.amount ?? 0n)), items: [], held: itemIds },
        };
      },
    };
  },
};

async function moneyOf(
  { directory }: PostingServices,
  wallet: bigint,
  { currency, amount }: WantedConfiscation,
): Promise<ConfiscatePayload["money"]> {
  if (currency === null && amount === null) return null;
  if (currency === null || amount === null) throw invalidWish();
  const { number } = await directory.currency(currency);
  return { account: accountId(wallet, Number(number)), amount: BigInt(amount) };
}

function invalidWish(): NewDayError {
  return new NewDayError("invalid_field", {
    field: "items",
    rule: {
      en: "a confiscation names items, or `currency` and `amount` together",
      zh: "没收须指定道具，或同时指定 currency 与 amount",
    },
  });
}
