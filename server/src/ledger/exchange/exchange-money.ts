/** Exchanges money of one wallet into another currency, and quotes what that would give. */
import { uuidv7 } from "uuidv7";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { NewDayError } from "../../errors/errors.ts";
import { exchangePairs, pairId, type CurrencyRow } from "../currencies/currencies.ts";
import { submitOnce } from "../transfers/submit-once.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import {
  exchanged,
  exchangeOperation,
  QUOTE_LIFETIME_MS,
  type ExchangeResult,
  type Quote,
} from "./exchange-operation.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface Exchange {
  /** Number of the user's wallet. */
  readonly wallet: bigint;
  /** The platform whose exchange account takes the other side. */
  readonly platform: string;
  readonly source: CurrencyRow;
  readonly target: CurrencyRow;
  /** Minor units of the source currency. */
  readonly amount: bigint;
  /** A quote is used up by one request, posted or refused. */
  readonly quote: (Quote & { readonly id: string; readonly usedBy: string | null }) | null;
}

/** Errors: `quote_used`, and those of the engine. */
export async function exchangeMoney<Given extends Exchange>(
  { engine, directory }: PostingServices,
  exchange: Exactly<Exchange, Given>,
  terms: OperationTerms,
): Promise<Submitted<ExchangeResult>> {
  const { wallet, platform, source, target, amount, quote, ...unread }: Exchange = exchange;
  unread satisfies NothingElse;
  const payload = {
    wallet,
    exchange: await directory.systemWallet(platform, "exchange"),
    source: Number(source.number),
    target: Number(target.number),
    amount,
    quote: quote && rateOf(quote),
  };
  const operation = operationOf(exchangeOperation, payload, terms);
  if (!quote) return submitOperation(engine, operation);
  const { id, usedBy } = quote;
  return submitOnce(engine, operation, { name: `quote:${id}`, usedBy, refusal: quoteUsed() });
}

function rateOf(quote: NonNullable<Exchange["quote"]>): Quote {
  const { id: _id, usedBy: _usedBy, numerator, denominator, expiresAt, ...unread } = quote;
  unread satisfies NothingElse;
  return { numerator, denominator, expiresAt };
}

function quoteUsed(): NewDayError {
  return new NewDayError("quote_used", {
    field: "quote.id",
    rule: { en: "was used by another request, posted or refused", zh: "已被其他请求使用" },
    remedy: {
      en: "Ask for a new quote; to repeat that request, send it with its own Idempotency-Key.",
      zh: "请重新询价；如需重复该请求，请使用其原有的 Idempotency-Key",
    },
  });
}

/** What an exchange of `amount` gives now, and until when. Errors: `exchange_not_offered`. */
export async function quoteExchange<Given extends Pick<Exchange, "source" | "target" | "amount">>(
  { db }: Pick<PostingServices, "db">,
  { source, target, amount }: Exactly<Pick<Exchange, "source" | "target" | "amount">, Given>,
): Promise<Quote & { readonly id: string; readonly received: bigint }> {
  const pairKey = pairId(Number(source.number), Number(target.number));
  const pair = (await exchangePairs.read(db, [pairKey], false)).get(pairKey);
  if (!pair) {
    const details = { field: "to", from: source.code, to: target.code };
    throw new NewDayError("exchange_not_offered", details);
  }
  const { numerator, denominator } = pair;
  const expiresAt = new Date(Date.now() + QUOTE_LIFETIME_MS);
  return { id: uuidv7(), received: exchanged(amount, pair), numerator, denominator, expiresAt };
}
