/** The decision about a sale of own stock: what it sells keeps every bound, and what it refuses says when it passes. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  refuseSale,
  type OfferTerms,
  type WantedPieces,
} from "../../src/market/stock/decide-sale.ts";

const DAY = 86_400_000;
const HOUR = 3_600_000;
const NOON = new Date("2026-11-22T12:00:00Z");

const OFFER: OfferTerms = {
  currency: "game_coins",
  price: 10n,
  stock: null,
  sold: 0n,
  perUserLimit: null,
  perDayLimit: null,
  status: "active",
  startsAt: null,
  endsAt: null,
};

const pieces = fc.bigInt({ min: 1n, max: 6n });
const bound = fc.option(pieces, { nil: null });
/** Within two days before and after noon, whole hours and next to them. */
const instant = fc
  .tuple(fc.integer({ min: -48, max: 48 }), fc.constantFrom(-1, 0, 1))
  .map(([hours, edge]) => new Date(NOON.getTime() + hours * HOUR + edge));
const moment = fc.option(instant, { nil: null });

const offers = fc
  .record({
    stock: bound,
    sold: fc.bigInt({ min: 0n, max: 6n }),
    perUserLimit: bound,
    perDayLimit: bound,
    status: fc.constantFrom(
      "active" as const,
      "active" as const,
      "paused" as const,
      "ended" as const,
    ),
    startsAt: moment,
    endsAt: moment,
  })
  .map((terms): OfferTerms => ({ ...OFFER, ...terms }))
  .filter(({ stock, sold }) => stock === null || sold <= stock);

const requests = fc
  .record({
    quantity: pieces,
    now: instant,
    price: fc.constantFrom(10n, 10n, 10n, 11n),
    earlier: fc.bigInt({ min: 0n, max: 4n }),
    today: fc.bigInt({ min: 0n, max: 4n }),
  })
  .map(({ quantity, now, price, earlier, today }): WantedPieces => ({
    quantity,
    now,
    seen: { currency: "game_coins", price },
    bought: { ever: earlier + today, today },
  }));

const dayOf = (instantOf: Date) => Math.floor(instantOf.getTime() / DAY);

/** The same request at another time, with nothing bought meanwhile. */
function at(wanted: WantedPieces, now: Date): WantedPieces {
  const today = dayOf(now) === dayOf(wanted.now) ? wanted.bought.today : 0n;
  return { ...wanted, now, bought: { ...wanted.bought, today } };
}

/** The rules in one place, written from the documentation alone. */
function mayBuy(offer: OfferTerms, { quantity, now, seen, bought }: WantedPieces): boolean {
  return (
    offer.status === "active" &&
    (offer.startsAt === null || now >= offer.startsAt) &&
    (offer.endsAt === null || now < offer.endsAt) &&
    (offer.stock === null || offer.sold + quantity <= offer.stock) &&
    (offer.perUserLimit === null || bought.ever + quantity <= offer.perUserLimit) &&
    (offer.perDayLimit === null || bought.today + quantity <= offer.perDayLimit) &&
    seen.price === offer.price &&
    seen.currency === offer.currency
  );
}

it("sells exactly what every bound allows", () => {
  fc.assert(
    fc.property(offers, requests, (offer, wanted) => {
      expect(refuseSale(offer, wanted) === undefined).toBe(mayBuy(offer, wanted));
    }),
    { numRuns: 3_000 },
  );
});

it("names the first instant at which the same request passes, or none", () => {
  fc.assert(
    fc.property(offers, requests, fc.integer({ min: 0, max: 120 }), (offer, wanted, hours) => {
      const refusal = refuseSale(offer, wanted);
      if (refusal === undefined) return;
      const { passesAt } = refusal.details as { passesAt: string | null };
      const later = new Date(wanted.now.getTime() + hours * HOUR);
      if (passesAt === null) {
        expect(mayBuy(offer, at(wanted, later))).toBe(false);
        return;
      }
      const passes = new Date(passesAt);
      expect(passes > wanted.now).toBe(true);
      expect(mayBuy(offer, at(wanted, passes))).toBe(true);
      const before = new Date(passes.getTime() - 1);
      expect(mayBuy(offer, at(wanted, before))).toBe(false);
      if (later < passes) expect(mayBuy(offer, at(wanted, later))).toBe(false);
    }),
    { numRuns: 3_000 },
  );
});

const ONE: WantedPieces = {
  quantity: 1n,
  now: NOON,
  seen: { currency: "game_coins", price: 10n },
  bought: { ever: 2n, today: 2n },
};

it.each([
  ["not yet", { startsAt: new Date(NOON.getTime() + HOUR) }, "listing_not_started", "13:00"],
  ["over", { endsAt: NOON }, "stock_ended", null],
  ["ended", { status: "ended" }, "stock_ended", null],
  ["paused", { status: "paused" }, "stock_paused", null],
  ["sold out", { stock: 5n, sold: 5n }, "stock_sold_out", null],
  ["another price", { price: 9n }, "price_changed", null],
  ["the limit in all", { perUserLimit: 2n }, "purchase_limit", null],
  ["the limit of the day", { perDayLimit: 2n }, "purchase_limit", "midnight"],
  [
    "the limit of the day, and over before the next",
    { perDayLimit: 2n, endsAt: new Date("2026-11-23T00:00:00Z") },
    "purchase_limit",
    null,
  ],
] as const)("refuses %s by name", (_what, change, code, passes) => {
  const times = { "13:00": "2026-11-22T13:00:00.000Z", midnight: "2026-11-23T00:00:00.000Z" };
  expect(refuseSale({ ...OFFER, ...change }, ONE)).toMatchObject({
    refuse: code,
    details: { passesAt: passes === null ? null : times[passes] },
  });
});
