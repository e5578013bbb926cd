/** The open dialog of an act, in the address: a link opens it for another person, filled in. */
import { useSearch } from "@tanstack/react-router";
import { useAddressChange } from "../components/address.ts";

const ACTS = [
  "adjust",
  "freeze",
  "unfreeze",
  "end-sessions",
  "confiscate",
  "return",
  "refund",
  "cancel-listing",
  "export",
  "erase",
] as const;
export type ActName = (typeof ACTS)[number];

/** Members of the address that screens with acts keep. */
export const ACT_FIELDS = ["act", "of", "currency", "amount", "why"] as const;

export interface OpenedAct {
  readonly act: ActName;
  /** A purchase, listing, confiscation or item. */
  readonly of?: string | undefined;
  readonly currency?: string | undefined;
  /** Minor units; below zero it takes. */
  readonly amount?: string | undefined;
  readonly why?: string | undefined;
}

export function useOpenedAct(): OpenedAct | undefined {
  const { act, of, currency, amount, why } = useSearch({ strict: false }) as Partial<
    Record<(typeof ACT_FIELDS)[number], string>
  >;
  const known = ACTS.find((name) => name === act);
  return known && { act: known, of, currency, amount, why };
}

/** Opens the dialog of an act; without one it closes what is open. */
export function useOpenAct(): (opened?: OpenedAct) => void {
  const change = useAddressChange();
  return (opened) =>
    change({
      act: opened?.act,
      of: opened?.of,
      currency: opened?.currency,
      amount: opened?.amount,
      why: opened?.why,
    });
}
