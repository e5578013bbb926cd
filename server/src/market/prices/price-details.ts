/** Details of a price that differs from the one that the buyer saw. */
import type { RefusalDetails } from "../../engine/operation.ts";

/** Of one piece, in minor units. */
interface UnitPrice {
  readonly currency: string;
  readonly price: bigint;
}

/** Waiting changes nothing: `passesAt` is null. */
export function priceDetails(seen: UnitPrice, current: UnitPrice): RefusalDetails {
  return { field: "price", seen: shown(seen), current: shown(current), passesAt: null };
}

function shown({ currency, price }: UnitPrice) {
  return { currency, amount: `${price}` };
}
