/** Commission: a table of basis points and one formula, in whole minor units. */

export type SaleType = "player_market" | "official_store" | "game_store";

/** docs/contract.md 10: 1 %, 15 % and 30 %. */
const BASIS_POINTS: Readonly<Record<SaleType, bigint>> = {
  player_market: 100n,
  official_store: 1_500n,
  game_store: 3_000n,
};
const WHOLE = 10_000n;

/**
 * The buyer's commission on top of the price; the seller gets the whole price. Floored: 1 % of 25
 * is 0, so amounts stay whole (docs/incidents.md C4).
 */
export function commissionOf(price: bigint, saleType: SaleType): bigint {
  return (price * BASIS_POINTS[saleType]) / WHOLE;
}
