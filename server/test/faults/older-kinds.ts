/** The writes of the older surfaces (docs/contract.md): deployed clients repeat them as well. */
import {
  amountOf,
  balance,
  COINS,
  items,
  keep,
  MATERIAL,
  other,
  take,
  type Asked,
  type Body,
  type CallerState,
  type Effect,
  type OperationKind,
} from "./operation-kind.ts";

/** More a day are refused (docs/market.md). */
const IMPORTS = 10;

const ALLINONE = "/api/allinone";

type MovedAsked = Asked & { readonly quantity: number };

const movement = ({ transferId, item }: Body) => ({ transferId, itemId: item.id });

function movedQuantity(asked: Asked): number {
  return (asked as MovedAsked).quantity;
}

function purchase(pathOf: (listingId: string) => string): OperationKind {
  return {
    weight: 3,
    sentBy: "user",
    ask(caller) {
      const offers = caller.market.filter(({ sellerId }) => sellerId !== caller.userId);
      if (offers.length === 0) return undefined;
      const { listingId, sellerId } = caller.random.pick(offers);
      const body = { itemId: listingId, quantity: 1, currencyType: COINS };
      return { path: pathOf(listingId), body, sellerId };
    },
    effects({ userId, price, totalAmount, item }, asked) {
      const { sellerId } = asked as Body;
      return [
        balance(userId, COINS, BigInt(-totalAmount)),
        balance(sellerId, COINS, BigInt(price)),
        items(sellerId, "escrowed", -item.quantity),
        items(userId, "owned", item.quantity),
      ];
    },
  };
}

function listing(path: string, priceOf: (amount: number) => object): OperationKind {
  return {
    weight: 2,
    sentBy: "user",
    ask(caller) {
      const item = take(caller.items, caller.random);
      const { userId: sellerId, market } = caller;
      const { name, type: category } = MATERIAL;
      const body = { itemId: item?.id, name, category, quantity: item?.quantity };
      return (
        item && {
          path,
          body: { ...body, ...priceOf(Number(amountOf(caller))) },
          quantity: item.quantity,
          sellerId,
          learn: ({ item: { id } }) => keep(market, { listingId: id, sellerId }),
        }
      );
    },
    effects(_, asked) {
      const { sellerId, quantity } = asked as Body;
      return [items(sellerId, "owned", -quantity), items(sellerId, "escrowed", quantity)];
    },
    stable: ({ item: { id } }) => ({ id }),
  };
}

/** `market/transfer` is a gift, an export or a return by what it names. */
function move(
  from: "items" | "exported",
  destination: (caller: CallerState) => object,
  effects: (userId: string, quantity: number, body: Body) => Effect[],
  learn?: (caller: CallerState, item: Body, body: Body) => void,
): OperationKind {
  return {
    weight: 2,
    sentBy: "user",
    ask(caller) {
      const item = take(caller[from], caller.random);
      if (!item) return undefined;
      const { id: itemId, quantity } = item;
      const body = { itemId, quantity, ...destination(caller) };
      return {
        path: `${ALLINONE}/market/transfer`,
        body,
        userId: caller.userId,
        quantity,
        learn: (moved) => learn?.(caller, moved.item, body),
      };
    },
    effects: (_, asked) => effects((asked as Body).userId, movedQuantity(asked), asked.body),
    stable: movement,
  };
}

function money(direction: "deduct" | "reward", sign: bigint): OperationKind {
  return {
    weight: 2,
    sentBy: "service",
    replaysSilently: true,
    ask: (caller) => ({
      path: `/api/wallet/${direction}`,
      body: { userId: caller.userId, currency: "gameCoins", amount: Number(amountOf(caller)) },
    }),
    effects(_, { body }) {
      const { userId, amount } = body as Body;
      return [balance(userId, COINS, sign * BigInt(amount))];
    },
    stable: ({ transactionId }) => ({ transactionId }),
  };
}

export const OLDER_KINDS: Readonly<Record<string, OperationKind>> = {
  olderPurchase: purchase(() => `${ALLINONE}/market/purchase`),
  sharedPurchase: purchase((listingId) => `/api/shared/marketplace/${listingId}/purchase`),
  olderList: listing(`${ALLINONE}/market/list`, (gameCoins) => ({ price: { gameCoins } })),
  sharedList: listing("/api/shared/marketplace", (price) => ({ price, currency: "gameCoins" })),
  olderGift: move(
    "items",
    (caller) => ({ targetUserId: other(caller) }),
    (userId, quantity, { targetUserId }) => [
      items(userId, "owned", -quantity),
      items(targetUserId, "owned", quantity),
    ],
    ({ given }, { id }, { targetUserId: to, quantity }) => keep(given, { id, quantity, to }),
  ),
  olderExport: move(
    "items",
    () => ({ targetPlatform: "allinone" }),
    (userId, quantity) => [items(userId, "owned", -quantity), items(userId, "exported", quantity)],
  ),
  olderReturn: move(
    "exported",
    () => ({ targetPlatform: "newday" }),
    (userId, quantity) => [items(userId, "exported", -quantity), items(userId, "owned", quantity)],
  ),
  import: {
    weight: 1,
    sentBy: "user",
    hasKey: false,
    postedBefore: "ITEM_ALREADY_EXISTS",
    ask(caller) {
      if (caller.imported === IMPORTS) return undefined;
      caller.imported += 1;
      const itemId = `${caller.userId}-import-${caller.serial}`;
      const quantity = 1 + caller.random.below(3);
      const body = { ...MATERIAL, itemId, quantity };
      return { path: `${ALLINONE}/inventory/add`, body, userId: caller.userId, quantity };
    },
    effects: (_, asked) => [items((asked as Body).userId, "owned", movedQuantity(asked))],
    stable: () => "imported",
  },
  deduct: money("deduct", -1n),
  reward: money("reward", 1n),
};
