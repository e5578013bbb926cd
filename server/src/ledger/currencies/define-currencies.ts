/**
 * Changes of the model by operators: currencies, their bounds, minters and exchange pairs.
 *
 * Guarantees: a change that the books contradict is refused; a scale is constant, because another
 * one would change every amount's meaning; each change is recorded with its author in the same
 * transaction; running servers follow with their next posting. A dry run finds every refusal,
 * read-only.
 */
import type { Database, Transaction } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { requireStoredPlatform } from "../../identity/platforms/platform-directory.ts";
import type { CurrencyRow } from "./currencies.ts";
import { listCurrencies } from "./currency-queries.ts";
import type { JsonObject } from "../../engine/operation.ts";
import {
  makeOperatorChange,
  type ModelChange,
  type OperatorContext,
  type PlannedChange,
} from "../../identity/operator-changes/operator-changes.ts";
import {
  deleteExchangePair,
  insertCurrency,
  listExchangePairs,
  lockAccounts,
  lockModel,
  readFollowers,
  updateCurrency,
  updateFollowers,
  upsertExchangePair,
  type PairRow,
} from "./operator-queries.ts";
import type { Message } from "../../lib/messages.ts";

/** /api/shared and /api/allinone answer balances as JSON numbers, which are exact up to here. */
const BALANCE_LIMIT = 9_007_199_254_740_991n;
/** With 15 places an account holds up to 9 whole coins; with 18 it would hold 0.009 of one. */
const SCALE_MAX = 15;
const CODE = /^[a-z][a-z0-9_]{1,31}$/;

/** Bounds of a currency that is added without them. */
export const DEFAULT_MAXIMUM = BALANCE_LIMIT;
export const DEFAULT_EXPOSURE = 1_000_000n;

/** The first values of a currency; the database gives its number. */
export type CurrencyWanted = Omit<CurrencyRow, "number">;

/** Errors: `invalid_field` for a taken or malformed code, scale, bound or platform. */
export async function addCurrency(
  db: Database,
  context: OperatorContext,
  wanted: CurrencyWanted,
): Promise<ModelChange> {
  requireForm(CODE.test(wanted.code), "code", {
    en: "has 2 to 32 of a-z, 0-9 and _, a letter first",
    zh: "由 2 到 32 个 a-z、0-9 和 _ 组成，以字母开头",
  });
  requireForm(
    Number.isInteger(wanted.scale) && wanted.scale >= 0 && wanted.scale <= SCALE_MAX,
    "scale",
    {
      en: `is a whole number of decimal places from 0 to ${SCALE_MAX}: a balance has 16 digits at most`,
      zh: `必须是 0 到 ${SCALE_MAX} 之间的整数位数：余额最多 16 位数字`,
    },
  );
  requireBounds(wanted);
  return change(db, context, async (tx) => {
    for (const minter of wanted.minters) await requireStoredPlatform(tx, minter, "minters");
    const taken = (await listCurrencies(tx)).some(({ code }) => code === wanted.code);
    requireForm(!taken, "code", { en: "is taken by another currency", zh: "已被其他货币使用" });
    return {
      planned: named("currency add", wanted.code, null, describeCurrency(wanted)),
      apply: () => insertCurrency(tx, wanted),
    };
  });
}

/** Bounds by which a currency's accounts go; those left out stay. */
export type BoundsWanted = { readonly code: string } & Partial<
  Pick<CurrencyRow, "minimum" | "maximum" | "exposure">
>;

/** Errors: `invalid_currency`, `invalid_field`, `database_busy`. */
export async function setBounds(
  db: Database,
  context: OperatorContext,
  wanted: BoundsWanted,
): Promise<ModelChange> {
  // Of the server's roles only that of the posting engine changes accounts.
  const connection = await db.connect("newday-bounds");
  try {
    return await changeBounds(connection, context, wanted);
  } finally {
    await connection.close();
  }
}

function changeBounds(
  db: Pick<Database, "transaction">,
  context: OperatorContext,
  { code, ...bounds }: BoundsWanted,
): Promise<ModelChange> {
  return change(db, context, async (tx) => {
    const before = await requireCurrency(tx, code);
    const after = { ...before, ...bounds };
    requireBounds(after);
    if (!context.dryRun) await lockAccounts(tx);
    const followers = { number: before.number, before, after };
    const { accounts, outside, example } = await readFollowers(tx, followers);
    if (outside > 0n) throw balancesOutside(outside, example ?? "");
    return {
      planned: { ...changed("currency bounds", before, after), accounts },
      apply: async () => {
        await updateCurrency(tx, after);
        await updateFollowers(tx, followers);
      },
    };
  });
}

/** Adds or removes a platform as issuer of a currency. Errors: as `setBounds`. */
export async function setMinter(
  db: Database,
  context: OperatorContext,
  { code, platform, allowed }: { code: string; platform: string; allowed: boolean },
): Promise<ModelChange> {
  return change(db, context, async (tx) => {
    // A name of before there were rows can still be taken away.
    if (allowed) await requireStoredPlatform(tx, platform, "platform");
    const before = await requireCurrency(tx, code);
    const others = before.minters.filter((minter) => minter !== platform);
    const after = { ...before, minters: allowed ? [...others, platform].sort() : others };
    return {
      planned: changed(`currency ${allowed ? "allow-mint" : "forbid-mint"}`, before, after),
      apply: () => updateCurrency(tx, after),
    };
  });
}

/** Offers a pair, or gives it another rate. Errors: `invalid_currency`, `invalid_field`. */
export async function offerPair(
  db: Database,
  context: OperatorContext,
  pair: PairRow,
): Promise<ModelChange> {
  requireForm(pair.numerator > 0n && pair.denominator > 0n, "rate", {
    en: "has two parts above zero",
    zh: "两部分都必须大于零",
  });
  requireForm(pair.from !== pair.to, "to", {
    en: "is another currency than the first",
    zh: "必须与第一种货币不同",
  });
  return change(db, context, async (tx) => {
    await requireCurrency(tx, pair.from);
    await requireCurrency(tx, pair.to);
    const before = await findPair(tx, pair);
    const rate = before ? describeRate(before) : null;
    return {
      planned: named("exchange-pair add", subjectOf(pair), rate, describeRate(pair)),
      apply: () => upsertExchangePair(tx, pair),
    };
  });
}

/** Ends a pair; past exchanges stay. Errors: `exchange_not_offered`. */
export function closePair(
  db: Database,
  context: OperatorContext,
  { from, to }: Pick<PairRow, "from" | "to">,
): Promise<ModelChange> {
  return change(db, context, async (tx) => {
    const before = await findPair(tx, { from, to });
    if (!before) throw new NewDayError("exchange_not_offered", { field: "to", from, to });
    return {
      planned: named("exchange-pair close", subjectOf(before), describeRate(before), null),
      apply: () => deleteExchangePair(tx, from, to),
    };
  });
}

/** Serialises operators. */
function change(
  db: Pick<Database, "transaction">,
  context: OperatorContext,
  plan: (tx: Transaction) => Promise<PlannedChange>,
): Promise<ModelChange> {
  return makeOperatorChange(db, context, lockModel, plan);
}

async function requireCurrency(tx: Transaction, code: string): Promise<CurrencyRow> {
  const found = (await listCurrencies(tx)).find((currency) => currency.code === code);
  if (found) return found;
  throw new NewDayError("invalid_currency", {
    field: "code",
    rule: { en: `${code} is not a currency of New Day`, zh: `${code} 不是 New Day 的货币` },
    remedy: {
      en: "Use a currency that newday currency list shows.",
      zh: "请使用 newday currency list 显示的货币",
    },
  });
}

async function findPair(tx: Transaction, { from, to }: Pick<PairRow, "from" | "to">) {
  return (await listExchangePairs(tx)).find((pair) => pair.from === from && pair.to === to);
}

function balancesOutside(outside: bigint, example: string): NewDayError {
  return new NewDayError("invalid_field", {
    field: "bounds",
    rule: {
      en: `would be broken by ${outside} balances, such as that of ${example}`,
      zh: `将有 ${outside} 个余额超出，例如 ${example}`,
    },
    remedy: {
      en: "Choose bounds that hold them, or move the money first; nothing was changed.",
      zh: "请选择能容纳这些余额的范围，或先转移资金；未做任何更改",
    },
  });
}

function requireBounds({ minimum, maximum, exposure }: Omit<CurrencyWanted, "code" | "scale">) {
  requireForm(minimum >= -BALANCE_LIMIT, "minimum", {
    en: `is at least -${BALANCE_LIMIT}`,
    zh: `不能小于 -${BALANCE_LIMIT}`,
  });
  requireForm(maximum <= BALANCE_LIMIT, "maximum", {
    en: `is at most ${BALANCE_LIMIT}`,
    zh: `不能大于 ${BALANCE_LIMIT}`,
  });
  requireForm(minimum <= 0n, "minimum", {
    en: "is at most 0, with which an account begins",
    zh: "不能大于账户的初始余额 0",
  });
  requireForm(maximum >= 0n, "maximum", {
    en: "is at least 0, with which an account begins",
    zh: "不能小于账户的初始余额 0",
  });
  requireForm(exposure >= 0n && exposure <= BALANCE_LIMIT, "exposure", {
    en: `is 0 to ${BALANCE_LIMIT}`,
    zh: `必须在 0 到 ${BALANCE_LIMIT} 之间`,
  });
}

function requireForm(holds: boolean, field: string, rule: Message): void {
  if (!holds) throw new NewDayError("invalid_field", { field, rule });
}

function changed(what: string, before: CurrencyRow, after: CurrencyRow): ModelChange {
  return named(what, before.code, describeCurrency(before), describeCurrency(after));
}

function named(
  what: string,
  subject: string,
  before: JsonObject | null,
  after: JsonObject | null,
): ModelChange {
  return { what, subject, before, after, accounts: 0n };
}

function describeCurrency(currency: CurrencyWanted): JsonObject {
  const { scale, minimum, maximum, exposure, minters } = currency;
  const bounds = { minimum: `${minimum}`, maximum: `${maximum}`, exposure: `${exposure}` };
  return { scale, ...bounds, minters: [...minters] };
}

function describeRate({ numerator, denominator }: PairRow): JsonObject {
  return { rate: `${numerator}:${denominator}` };
}

function subjectOf({ from, to }: PairRow): string {
  return `${from} -> ${to}`;
}
