/**
 * Exchange between two currencies of one wallet, through a platform's exchange accounts.
 *
 * Only listed pairs (`newday.exchange_pairs`). The user gives `amount` and gets floor(amount *
 * numerator / denominator); the cut fraction of a minor unit stays with the exchange account. A
 * quote is refused after its end, after a change of the rate, and when it ends later than this
 * server offers. A forged quote gives the result of an exchange without one, so a quote needs no
 * secret. Its single use is held where it is sent (http/v1/request/post-operation.ts, use-once-operation.ts).
 */
import { accountId, accounts } from "../accounts/accounts.ts";
import { exchangePairs, pairId, type ExchangePairRow } from "../currencies/currencies.ts";
import type { Refusal } from "../../engine/operation.ts";
import { defineOperationType } from "../../engine/operation-type.ts";
import { rowKey } from "../../engine/resource.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** Time for a person to read the figure and decide. */
export const QUOTE_LIFETIME_MS = 60_000;
/** A quote ends by the clock of the server that gave it, which may differ from the database's. */
const QUOTE_AHEAD_MAX_MS = 2 * QUOTE_LIFETIME_MS;

export interface Quote {
  readonly numerator: bigint;
  readonly denominator: bigint;
  readonly expiresAt: Date;
}

export interface ExchangePayload {
  readonly wallet: bigint;
  /** Number of the platform's exchange wallet. */
  readonly exchange: bigint;
  readonly source: number;
  readonly target: number;
  /** In minor units of the source currency. */
  readonly amount: bigint;
  readonly quote: Quote | null;
}

/** What the exchange gives for an amount: floored, in minor units of the target currency. */
export function exchanged(
  amount: bigint,
  { numerator, denominator }: Pick<ExchangePairRow, "numerator" | "denominator">,
): bigint {
  return (amount * numerator) / denominator;
}

function notOurs(): Refusal {
  return {
    refuse: "invalid_field",
    details: {
      field: "quote.expiresAt",
      rule: {
        en: "is later than any quote of this server ends",
        zh: "晚于本服务器任何报价的有效期",
      },
      remedy: {
        en: "Send the quote as POST /api/v1/quotes answered it, or ask for another.",
        zh: "请原样发送 POST /api/v1/quotes 返回的报价，或重新询价",
      },
    },
  };
}

export type ExchangeResult = {
  readonly given: string;
  readonly received: string;
};

export const exchangeOperation = defineOperationType<ExchangePayload, ExchangeResult>()({
  name: "exchange",

  readWriteSet: ({ wallet, exchange: counter, source, target }) => [
    rowKey(exchangePairs, pairId(source, target)),
    ...[wallet, counter].flatMap((number) => [
      rowKey(accounts, accountId(number, source)),
      rowKey(accounts, accountId(number, target)),
    ]),
  ],

  decide({ wallet, exchange: counter, source, target, amount, quote, ...unread }, view, { now }) {
    unread satisfies NothingElse;
    const pair = view.get(exchangePairs, pairId(source, target));
    if (!pair) return { refuse: "exchange_not_offered" };
    if (quote && quote.expiresAt.getTime() <= now.getTime()) return { refuse: "quote_expired" };
    if (quote && (quote.numerator !== pair.numerator || quote.denominator !== pair.denominator))
      return { refuse: "quote_changed" };
    if (quote && quote.expiresAt.getTime() > now.getTime() + QUOTE_AHEAD_MAX_MS) return notOurs();
    const received = exchanged(amount, pair);
    if (received === 0n) return { refuse: "nothing_to_move" };
    return {
      legs: [
        { account: accountId(wallet, source), amount: -amount },
        { account: accountId(counter, source), amount },
        { account: accountId(counter, target), amount: -received },
        { account: accountId(wallet, target), amount: received },
      ],
      result: { given: `${amount}`, received: `${received}` },
    };
  },
});
