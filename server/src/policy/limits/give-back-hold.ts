/** Gives back to limits and consents what ended holds did not take. */
import type { MutableView } from "../../engine/posting-rules.ts";
import { uncountConsent } from "../consents/charge-consent.ts";
import { consents } from "../consents/consent-rows.ts";
import { uncountSpending } from "./count-spending.ts";
import { countedHolds, spendingCounters } from "./counter-rows.ts";

export interface EndedHold {
  readonly id: string;
  /** What it did not take. */
  readonly amount: bigint;
}

/** The rows of all holds are read at once, because an operation has few steps to discover its rows. */
export function giveBackHolds(view: MutableView, ended: readonly EndedHold[]): void {
  const rows = view.getAll(
    countedHolds,
    ended.map(({ id }) => id),
  );
  const all = rows.flatMap((row) => row?.counted ?? NONE);
  view.getAll(
    spendingCounters,
    all.flatMap((one) => ("counter" in one ? [one.counter] : [])),
  );
  view.getAll(
    consents,
    all.flatMap((one) => ("consent" in one ? [one.consent] : [])),
  );
  for (const [place, { amount }] of ended.entries())
    for (const counted of rows[place]?.counted ?? NONE)
      if ("consent" in counted) uncountConsent(view, counted, amount);
      else uncountSpending(view, counted, amount);
}

const NONE: readonly never[] = [];
