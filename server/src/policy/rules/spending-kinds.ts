/** The kind of spending of each operation type, for budgets and limits. */

/** The kinds of operation that a limit can name. */
export const SPENDING_KINDS = [
  "transfer",
  "hold",
  "exchange",
  "purchase",
  "craft",
  "burn",
] as const;

export type SpendingKind = (typeof SPENDING_KINDS)[number];

/**
 * The kind of each operation type by which an account pays. A capture was counted as its hold; what gives money
 * back, corrects it or issues it spends nothing.
 */
export const KIND_OF_TYPE: Readonly<Record<string, SpendingKind | null>> = {
  transfer: "transfer",
  transfer_up_to: "transfer",
  legs: "transfer",
  hold: "hold",
  exchange: "exchange",
  market_purchase: "purchase",
  stock_purchase: "purchase",
  adventure_purchase: "purchase",
  craft: "craft",
  burn: "burn",
  capture: null,
  refund: null,
  purchase_refund: null,
  adjustment: null,
  mint: null,
  open_wallet: null,
  test_top_up: null,
  starter_grant: null,
  erase_user: null,
};

/** Returns money that an earlier transfer moved: neither issued nor spent anew. */
export const GIVING_BACK: readonly string[] = ["refund", "purchase_refund"];

const GIVES_BACK: ReadonlySet<string> = new Set(GIVING_BACK);

export function givesBack(type: string): boolean {
  return GIVES_BACK.has(type);
}
