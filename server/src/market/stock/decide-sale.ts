/** Whether a platform's own stock is sold, as a pure function of the offer, the request and the clock. */
import type { Refusal } from "../../engine/operation.ts";
import { DAY_MS } from "../../policy/rules/windows.ts";
import { priceDetails } from "../prices/price-details.ts";
import type { StockOfferRow, StockPrice } from "./stock-rows.ts";

export type OfferTerms = Pick<
  StockOfferRow,
  | "price"
  | "currency"
  | "stock"
  | "sold"
  | "perUserLimit"
  | "perDayLimit"
  | "status"
  | "startsAt"
  | "endsAt"
>;

export interface WantedPieces {
  readonly quantity: bigint;
  /** Per piece, as the buyer saw it. */
  readonly seen: StockPrice;
  /** Pieces of this offer that the buyer has bought, in all and on the UTC day of `now`. */
  readonly bought: { readonly ever: bigint; readonly today: bigint };
  readonly now: Date;
}

/**
 * Returns the refusal of a sale, undefined for a sale. `passesAt` of a refusal is the first instant at which the
 * same request passes while the offer and the buyer's purchases stay as they are; null: none.
 */
export function refuseSale(terms: OfferTerms, wanted: WantedPieces): Refusal | undefined {
  return refuseForGood(terms, wanted) ?? refuseForNow(terms, wanted);
}

/** Only a change of the offer or of the request lets it pass. */
function refuseForGood(terms: OfferTerms, wanted: WantedPieces): Refusal | undefined {
  const { quantity, seen, bought, now } = wanted;
  const { stock, sold, perUserLimit, perDayLimit, endsAt } = terms;
  if (terms.status === "ended" || (endsAt !== null && endsAt <= now))
    return { refuse: "stock_ended", details: { endedAt: endsAt?.toISOString() ?? null, ...NEVER } };
  if (terms.status === "paused") return { refuse: "stock_paused", details: NEVER };
  if (stock !== null && sold + quantity > stock)
    return {
      refuse: "stock_sold_out",
      details: {
        stock: Number(stock),
        left: Number(stock - sold),
        wanted: Number(quantity),
        ...NEVER,
      },
    };
  if (seen.currency !== terms.currency || seen.price !== terms.price)
    return { refuse: "price_changed", details: priceDetails(seen, terms) };
  if (perUserLimit !== null && bought.ever + quantity > perUserLimit)
    return limitReached("user", { maximum: perUserLimit, bought: bought.ever, quantity }, null);
  if (perDayLimit !== null && quantity > perDayLimit)
    return limitReached("day", { maximum: perDayLimit, bought: bought.today, quantity }, null);
  return undefined;
}

/** Waiting lets it pass, unless the offer ends before. */
function refuseForNow(terms: OfferTerms, wanted: WantedPieces): Refusal | undefined {
  const { quantity, bought, now } = wanted;
  const { startsAt, endsAt, perDayLimit } = terms;
  const begins = startsAt !== null && startsAt > now ? startsAt : now;
  const isFull = perDayLimit !== null && bought.today + quantity > perDayLimit;
  const passes = isFull && dayNumber(begins) === dayNumber(now) ? dayAfter(now) : begins;
  const passesAt = endsAt !== null && passes >= endsAt ? null : passes;
  if (begins > now)
    return {
      refuse: "listing_not_started",
      details: {
        field: "listingId",
        startsAt: begins.toISOString(),
        passesAt: passesAt?.toISOString() ?? null,
      },
    };
  if (!isFull) return undefined;
  return limitReached("day", { maximum: perDayLimit, bought: bought.today, quantity }, passesAt);
}

const NEVER = { passesAt: null } as const;

function limitReached(
  limit: "user" | "day",
  { maximum, bought, quantity }: { maximum: bigint; bought: bigint; quantity: bigint },
  passesAt: Date | null,
): Refusal {
  return {
    refuse: "purchase_limit",
    details: {
      limit,
      maximum: Number(maximum),
      bought: Number(bought),
      left: Number(bought < maximum ? maximum - bought : 0n),
      wanted: Number(quantity),
      passesAt: passesAt?.toISOString() ?? null,
    },
  };
}

function dayNumber(instant: Date): number {
  return Math.floor(instant.getTime() / DAY_MS);
}

function dayAfter(instant: Date): Date {
  return new Date((dayNumber(instant) + 1) * DAY_MS);
}
