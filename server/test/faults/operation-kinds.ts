/** The kinds of operations that callers send: what each asks for, and what its answer changes. */
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
  type Hold,
  type OperationKind,
} from "./operation-kind.ts";
import { OLDER_KINDS } from "./older-kinds.ts";

/** The platform's own currency, which it may mint and burn. */
const OWN_COINS = "allinone_coins";
/** The account that callers freeze and close; it stays empty. */
const IDLE = "cash";
/** Many accounts in one posting, so that two servers meet on several of them. */
const RECEIVERS = 8;

const held = (userId: string, change: bigint): Effect => [`held ${userId} ${COINS}`, change];

function entriesOf(body: Body): Effect[] {
  return body.entries.map((entry: Body) => balance(entry.userId, entry.currency, entry.amount));
}

function bulkEffects(body: Body): Effect[] {
  return body.results
    .filter(({ status }: Body) => status === "posted")
    .flatMap(({ transfer }: Body) => entriesOf(transfer));
}

function payment(caller: CallerState) {
  const body = { from: caller.userId, to: other(caller), currency: COINS };
  return { ...body, amount: amountOf(caller) };
}

function bulk(mode: "atomic" | "independent"): OperationKind {
  return {
    weight: 3,
    ask(caller) {
      const transfers = Array.from({ length: 2 + caller.random.below(4) }, () => payment(caller));
      return { path: "/transfers/bulk", body: { mode, transfers } };
    },
    effects: bulkEffects,
  };
}

const MONEY: Readonly<Record<string, OperationKind>> = {
  transfer: {
    weight: 20,
    ask: (caller) => ({
      path: "/transfers",
      body: payment(caller),
      learn: (body) => keep(caller.refundable, body.id),
    }),
    effects: entriesOf,
  },
  transferUpTo: {
    weight: 4,
    ask(caller) {
      const { amount: maximum, ...body } = payment(caller);
      return { path: "/transfers/up-to", body: { ...body, maximum } };
    },
    effects: entriesOf,
  },
  transferLegs: {
    weight: 4,
    ask(caller) {
      const leg = (userId: string, amount: string) => ({ userId, currency: COINS, amount });
      const at = caller.random.below(caller.others.length - RECEIVERS);
      const receivers = caller.others.slice(at, at + RECEIVERS).map((userId) => leg(userId, "1"));
      const legs = [leg(caller.userId, `-${RECEIVERS}`), ...receivers];
      return { path: "/transfers/legs", body: { legs } };
    },
    effects: entriesOf,
  },
  bulkAtomic: bulk("atomic"),
  bulkIndependent: bulk("independent"),
  refund: {
    weight: 3,
    ask(caller) {
      const id = take(caller.refundable, caller.random);
      return id ? { path: `/transfers/${id}/refunds`, body: {} } : undefined;
    },
    effects: entriesOf,
  },
  mint: {
    weight: 4,
    ask: (caller) => ({
      path: "/mints",
      body: { userId: caller.userId, currency: OWN_COINS, amount: amountOf(caller) },
    }),
    effects: entriesOf,
  },
  burn: {
    weight: 2,
    ask: (caller) => ({
      path: "/burns",
      body: { userId: caller.userId, currency: OWN_COINS, amount: amountOf(caller, 5) },
    }),
    effects: entriesOf,
  },
  adjustment: {
    weight: 3,
    sentBy: "operator",
    ask: (caller) => ({
      path: "/adjustments",
      body: {
        userId: caller.userId,
        currency: COINS,
        amount: amountOf(caller, 50),
        reason: "load of the fault test",
      },
    }),
    effects: entriesOf,
  },
  exchange: {
    weight: 3,
    ask: (caller) => ({
      path: "/exchanges",
      body: { userId: caller.userId, from: COINS, to: OWN_COINS, amount: amountOf(caller) },
    }),
    effects: entriesOf,
  },
};

const HOLDS: Readonly<Record<string, OperationKind>> = {
  hold: {
    weight: 6,
    ask: (caller) => ({
      path: "/holds",
      body: { from: caller.userId, to: other(caller), currency: COINS, amount: amountOf(caller) },
      learn: ({ id, amount }) =>
        keep(caller.holds, { id, from: caller.userId, remaining: BigInt(amount) }),
    }),
    effects: ({ from, amount }) => [held(from, BigInt(amount))],
    stable: ({ id, from, to, amount, createdAt }) => ({ id, from, to, amount, createdAt }),
  },
  capture: {
    weight: 3,
    ask(caller) {
      const hold = take(caller.holds, caller.random);
      return hold && { path: `/holds/${hold.id}/captures`, body: {}, hold };
    },
    effects: (body, asked) => [...entriesOf(body), heldBack(asked)],
  },
  capturePart: {
    weight: 2,
    ask(caller) {
      const hold = take(caller.holds, caller.random);
      if (!hold || hold.remaining < 2n) return undefined;
      return {
        path: `/holds/${hold.id}/captures`,
        body: { amount: "1", final: false },
        learn: () => keep(caller.holds, { ...hold, remaining: hold.remaining - 1n }),
        hold,
      };
    },
    effects: (body, asked) => [...entriesOf(body), held(holdOf(asked).from, -1n)],
  },
  void: {
    weight: 2,
    ask(caller) {
      const hold = take(caller.holds, caller.random);
      return hold && { path: `/holds/${hold.id}/void`, body: {}, hold };
    },
    effects: (_, asked) => [heldBack(asked)],
    stable: ({ id }) => ({ id }),
  },
};

function holdOf(asked: Asked): Hold {
  return (asked as Asked & { readonly hold: Hold }).hold;
}

function heldBack(asked: Asked): Effect {
  const { from, remaining } = holdOf(asked);
  return held(from, -remaining);
}

/** The item is shown as it is now: it may have been listed since, and used up. */
function movedItem({ transferId, item }: Body) {
  return { transferId, item };
}

function learnItem(caller: CallerState) {
  return ({ item }: Body) => {
    caller.definitionId ??= item.definitionId;
    if (item.userId === caller.userId) keep(caller.items, { id: item.id, quantity: item.quantity });
  };
}

const ITEMS: Readonly<Record<string, OperationKind>> = {
  grant: {
    weight: 8,
    ask: (caller) => ({
      path: "/items/grants",
      body: { userId: caller.userId, ...MATERIAL, quantity: 1 + caller.random.below(5) },
      learn: learnItem(caller),
    }),
    effects: (_, { body }) => [items((body as Body).userId, "owned", (body as Body).quantity)],
    stable: movedItem,
  },
  grantBulk: {
    weight: 2,
    ask(caller) {
      const grant = () => ({ userId: other(caller), ...MATERIAL, quantity: 2 });
      const body = {
        mode: caller.random.pick(["atomic", "independent"]),
        grants: [grant(), grant()],
      };
      return { path: "/items/grants/bulk", body };
    },
    effects: (body, asked) =>
      body.results.map(({ index, status }: Body) => {
        const { userId, quantity } = (asked.body as Body).grants[index];
        return items(userId, "owned", status === "posted" ? quantity : 0);
      }),
  },
  gift: {
    weight: 4,
    ask(caller) {
      const item = take(caller.items, caller.random);
      const body = { to: other(caller), quantity: item?.quantity };
      return item && { path: `/items/${item.id}/gifts`, body, from: caller.userId };
    },
    effects: (_, asked) => {
      const { to, quantity } = asked.body as Body;
      return [items((asked as Body).from, "owned", -quantity), items(to, "owned", quantity)];
    },
    stable: movedItem,
  },
  acceptGift: {
    weight: 2,
    ask({ given, random }) {
      const gift = take(given, random);
      return gift && { path: `/items/${gift.id}/accept`, body: {} };
    },
    stable: movedItem,
  },
  declineGift: {
    weight: 2,
    ask(caller) {
      const gift = take(caller.given, caller.random);
      const { userId } = caller;
      return gift && { path: `/items/${gift.id}/decline`, body: {}, from: userId, to: gift.to };
    },
    effects({ item: { quantity } }, asked) {
      const { from, to } = asked as Body;
      return [items(to, "owned", -quantity), items(from, "owned", quantity)];
    },
    stable: movedItem,
  },
  export: {
    weight: 3,
    ask(caller) {
      const item = take(caller.items, caller.random);
      return (
        item && {
          path: `/items/${item.id}/exports`,
          body: { platform: "allinone", quantity: item.quantity },
          quantity: item.quantity,
          learn: () => keep(caller.exported, item),
        }
      );
    },
    effects: ({ item }, asked) => [
      items(item.userId, "owned", -(asked as Body).quantity),
      items(item.userId, "exported", (asked as Body).quantity),
    ],
    stable: movedItem,
  },
  return: {
    weight: 2,
    ask(caller) {
      const item = take(caller.exported, caller.random);
      return (
        item && {
          path: `/items/${item.id}/returns`,
          body: {},
          learn: () => keep(caller.items, item),
          quantity: item.quantity,
        }
      );
    },
    effects: ({ item }, asked) => [
      items(item.userId, "exported", -(asked as Body).quantity),
      items(item.userId, "owned", (asked as Body).quantity),
    ],
    stable: movedItem,
  },
  recipe: {
    weight: 1,
    ask(caller) {
      if (!caller.definitionId) return undefined;
      const inputs = [{ definitionId: caller.definitionId, quantity: 1 }];
      const outputs = [{ item: { name: "星刃", type: "weapon" }, quantity: 1 }];
      const body = { name: "星刃", inputs, prices: { [COINS]: "3" }, outputs };
      return { method: "PUT", path: `/recipes/${caller.userId}`, body };
    },
    stable: ({ id, name }) => ({ id, name }),
  },
  craft: {
    weight: 3,
    ask: (caller) => ({
      path: `/recipes/${caller.userId}/crafts`,
      body: { userId: caller.userId },
    }),
    effects: ({ used, made }, { body }) => {
      const { userId } = body as Body;
      return [
        balance(userId, COINS, "-3"),
        ...used.map(({ quantity }: Body) => items(userId, "owned", -quantity)),
        ...used.map(({ quantity }: Body) => items(userId, "used", quantity)),
        ...made.map(({ quantity }: Body) => items(userId, "owned", quantity)),
      ];
    },
  },
};

const MARKET: Readonly<Record<string, OperationKind>> = {
  list: {
    weight: 5,
    ask(caller) {
      const item = take(caller.items, caller.random);
      const { userId: sellerId, market } = caller;
      const { quantity } = item ?? {};
      const body = { itemId: item?.id, quantity, prices: { [COINS]: amountOf(caller) } };
      return (
        item && {
          path: "/listings",
          body,
          learn({ id }) {
            keep(caller.listed, id);
            keep(market, { listingId: id, sellerId });
          },
        }
      );
    },
    effects: ({ sellerId }, { body }) => {
      const { quantity } = body as Body;
      return [items(sellerId, "owned", -quantity), items(sellerId, "escrowed", quantity)];
    },
    stable: ({ id, sellerId, prices }) => ({ id, sellerId, prices }),
  },
  cancel: {
    weight: 2,
    ask(caller) {
      const id = take(caller.listed, caller.random);
      return id ? { path: `/listings/${id}/cancel`, body: {} } : undefined;
    },
    effects: ({ sellerId, remaining }) => [
      items(sellerId, "escrowed", -remaining),
      items(sellerId, "owned", remaining),
    ],
    stable: ({ id, status }) => ({ id, status }),
  },
  purchase: {
    weight: 10,
    ask(caller) {
      const offers = caller.market.filter(({ sellerId }) => sellerId !== caller.userId);
      if (offers.length === 0) return undefined;
      const { listingId, sellerId } = caller.random.pick(offers);
      const body = { userId: caller.userId, listingId, quantity: 1, currency: COINS };
      return { path: "/purchases", body, sellerId };
    },
    effects: ({ price, total, quantity }, asked) => {
      const { userId } = asked.body as Body;
      const { sellerId } = asked as Body;
      return [
        balance(userId, COINS, `-${total}`),
        balance(sellerId, COINS, price),
        items(sellerId, "escrowed", -quantity),
        items(userId, "owned", quantity),
      ];
    },
  },
};

const idleAccount = ({ userId }: CallerState) => `/wallets/${userId}/accounts/${IDLE}`;

/** Their answers show the account as it is now. */
const STATE_NOW = ({ currency }: Body) => ({ currency });

const ACCOUNTS: Readonly<Record<string, OperationKind>> = {
  openWallet: {
    weight: 2,
    ask(caller) {
      caller.opened += 1;
      const path = `/wallets/${caller.userId}-${caller.opened}`;
      return { method: "PUT", path, body: {} };
    },
    stable: ({ id, userId }) => ({ id, userId }),
  },
  freeze: {
    weight: 2,
    ask: (caller) => ({
      path: `${idleAccount(caller)}/freeze`,
      body: { debits: !caller.frozen, credits: !caller.frozen },
      learn: () => (caller.frozen = !caller.frozen),
    }),
    stable: STATE_NOW,
  },
  closeOrReopen: {
    weight: 1,
    ask: (caller) => ({
      path: `${idleAccount(caller)}/${caller.closed ? "reopen" : "close"}`,
      body: {},
      learn: () => (caller.closed = !caller.closed),
    }),
    stable: STATE_NOW,
  },
};

export const OPERATION_KINDS: Readonly<Record<string, OperationKind>> = {
  ...MONEY,
  ...HOLDS,
  ...ITEMS,
  ...MARKET,
  ...ACCOUNTS,
  ...OLDER_KINDS,
};
