import { Amount } from "./amount.tsx";

/** The prices of an offer, in each currency that buys it. */
export function Prices({ of: prices }: { of: Readonly<Record<string, string>> }) {
  return Object.entries(prices).map(([currency, units], at) => (
    <span key={currency}>
      {at > 0 && " / "}
      <Amount of={units} currency={currency} named />
    </span>
  ));
}
