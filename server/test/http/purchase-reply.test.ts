/** The reply of a purchase is assembled as text; it must be valid JSON of the same content. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  purchaseReply,
  type Purchase,
} from "../../src/http/contract/allinone/post-market-purchase.ts";
import type { Offer } from "../../src/market/listings/offers.ts";

const AMOUNT = fc.bigInt({ min: 0n, max: 2n ** 52n });
const TEXT = fc.string({ unit: "binary" });

const OFFER = fc
  .record({
    id: TEXT,
    name: TEXT,
    description: TEXT,
    itemType: fc.constantFrom("weapon", "consumable"),
    rarity: fc.constantFrom("common", "epic"),
    stats: fc.option(fc.dictionary(TEXT, fc.oneof(fc.integer(), TEXT, fc.boolean()))),
    icon: fc.option(TEXT),
  })
  .map((offer) => offer as unknown as Offer);

const PURCHASE: fc.Arbitrary<Purchase> = fc.record({
  transferId: fc.uuid(),
  itemId: TEXT,
  offer: OFFER,
  currency: fc.constantFrom("game_coins", "cash", 'acme"gold'),
  quantity: fc.bigInt({ min: 1n, max: 1_000_000n }),
  price: AMOUNT,
  commission: AMOUNT,
  balances: fc.record({
    game_coins: AMOUNT,
    cash: AMOUNT,
    computing_power: AMOUNT,
    'acme"gold': AMOUNT,
  }),
  boughtAt: fc.date({ noInvalidDate: true }),
  replayed: fc.boolean(),
});

it("says the same whatever characters the names of buyer, item and offer hold", () => {
  fc.assert(
    fc.property(TEXT, PURCHASE, (userId, purchase) => {
      const { data, ...reply } = JSON.parse(purchaseReply(userId, purchase)) as {
        data: unknown;
      };
      const { offer, price, commission } = purchase;
      const currency = { game_coins: "gameCoins" }[purchase.currency] ?? purchase.currency;
      expect(data).toMatchObject({
        transactionId: purchase.transferId,
        newBalance: Number(purchase.balances[purchase.currency]),
        price: Number(price),
        commission: Number(commission),
        totalAmount: Number(price + commission),
        currency,
        currencyType: currency,
        listingId: offer.id,
        userId,
      });
      const { icon, ...item } = (data as { item: Record<string, unknown> }).item;
      expect(icon).toBe(offer.icon ?? icon);
      expect(item).toEqual({
        id: purchase.itemId,
        name: offer.name,
        description: offer.description,
        type: offer.itemType,
        itemType: offer.itemType,
        category: offer.itemType,
        rarity: offer.rarity,
        quantity: Number(purchase.quantity),
        ...(offer.stats === null ? {} : { stats: JSON.parse(JSON.stringify(offer.stats)) }),
        obtainedAt: purchase.boughtAt.getTime(),
        userId,
        source: "newday",
        obtainedFrom: "marketplace",
        listingId: offer.id,
      });
      expect(reply).toEqual({ success: true, message: "购买成功", ...(data as object) });
    }),
  );
});

it("names every buyer of one offer by himself", () => {
  fc.assert(
    fc.property(PURCHASE, TEXT, TEXT, (purchase, one, other) => {
      const user = (userId: string) =>
        (JSON.parse(purchaseReply(userId, purchase)) as { userId: string }).userId;
      expect([user(one), user(other)]).toEqual([one, other]);
    }),
  );
});
