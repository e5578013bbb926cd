/** `/api/admin/economy`: figures of the economy, prices of items, and the users who hold most. */
import { Type } from "typebox";
import { concentrationOf, decimalOf } from "../../../integrity/economy/buckets.ts";
import {
  listBuckets,
  listPrices,
  listTopHolders,
  readEconomyProgress,
  type PriceRow,
} from "../../../integrity/economy/economy-queries.ts";
import { periodOf, readEconomy } from "../../../integrity/economy/read-economy.ts";
import { NewDayError } from "../../../errors/errors.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { toPage } from "../../v1/replies/page.ts";
import { decodeCursor, encodeCursor } from "../../v1/request/cursor.ts";
import {
  CurrencyCodeSchema,
  PAGE_SIZE_DEFAULT,
  pageOf,
  pageQuery,
  ref,
  strictObject,
  Timestamp,
} from "../../v1/schemas/schemas.ts";
import { showEconomy, digitsOf } from "../app/economy-replies.ts";
import {
  ConcentrationSchema,
  DaySchema,
  EconomySchema,
  HolderSchema,
  PriceSchema,
} from "../app/schemas-economy.ts";

const tags = ["Economy"];
const config = { operators: { role: "viewer" } } as const;
const Word = Type.String({ minLength: 1, maxLength: 64 });
/** Longer ones would answer more days than a page shows. */
const DAYS_MAX = 366;
const DAY_MS = 86_400_000;
/** The last day of the year 9999. */
const DAY_NUMBER_MAX = 2_932_896;

const economySchema = {
  operationId: "getEconomy",
  tags,
  title: { en: "Read the economy's figures", zh: "查看经济指标" },
  description: `What was issued, sunk and is held, fees, velocity, inflation and concentration, by currency and
platform. A worker counts the journal behind the postings: \`asOf\` is the moment up to which the figures are true.
The period has 1 to ${DAYS_MAX} UTC days; without one it is the last thirty.`,
  querystring: strictObject({
    currency: Type.Optional(ref(CurrencyCodeSchema)),
    platform: Type.Optional(Word),
    from: Type.Optional(ref(DaySchema)),
    until: Type.Optional(ref(DaySchema)),
  }),
  response: { 200: ref(EconomySchema) },
};

const pricesSchema = {
  operationId: "listPrices",
  tags,
  title: { en: "List the prices of items", zh: "列出道具价格" },
  description: "Sales of each day by type of item and currency, newest day first.",
  querystring: strictObject({
    ...pageQuery,
    type: Type.Optional(Word),
    currency: Type.Optional(ref(CurrencyCodeSchema)),
  }),
  response: { 200: pageOf(ref(PriceSchema)) },
};

const holdersSchema = {
  operationId: "getHolders",
  tags,
  title: { en: "Read who holds most", zh: "查看持有最多的用户" },
  description: "At most 100 users of a currency, read by a slow sweep over the accounts.",
  querystring: strictObject({ currency: ref(CurrencyCodeSchema) }),
  response: {
    200: Type.Object({
      asOf: ref(Timestamp),
      currency: Type.String(),
      ...ConcentrationSchema.properties,
      data: Type.Array(ref(HolderSchema)),
    }),
  },
};

export function economyRoutes(admin: V1App, { db }: Services): void {
  admin.get("/economy", { schema: economySchema, config }, async (request) => {
    const { currency, platform, from, until } = request.query;
    const period = readPeriod(from, until);
    return showEconomy(await readEconomy(db, { currency, platform }, period));
  });
  admin.get("/economy/prices", { schema: pricesSchema, config }, async (request) => {
    const { limit = PAGE_SIZE_DEFAULT, cursor, type, currency } = request.query;
    const listing = { prices: { type, currency } };
    const forms = { day: "number", itemType: "text", currency: "text" } as const;
    const position = decodeCursor(listing, cursor, forms);
    const after = position && { ...position, day: dayFrom(Number(position.day)) };
    const rows = await listPrices(db, { itemType: type, currency, after, limit: limit + 1 });
    return toPage(rows, rows.slice(0, limit).map(showPrice), (row) =>
      encodeCursor(listing, {
        day: `${Date.parse(row.day) / DAY_MS}`,
        itemType: row.itemType,
        currency: row.currency,
      }),
    );
  });
  admin.get("/economy/holders", { schema: holdersSchema, config }, async (request) => {
    const { currency } = request.query;
    const { asOf } = await readEconomyProgress(db);
    const concentration = concentrationOf(await listBuckets(db, { currency }));
    const holders = await listTopHolders(db, currency);
    return {
      asOf: asOf.toISOString(),
      currency,
      ...digitsOf(concentration),
      data: holders.map(({ userId, platform, balance, asOf: read }) => ({
        userId,
        platform,
        balance: `${balance}`,
        share: decimalOf({ over: balance, under: concentration.held }),
        asOf: read.toISOString(),
      })),
    };
  });
}

/** From the number of days since 1970. Errors: `invalid_cursor` for one that no calendar has. */
function dayFrom(number: number): string {
  if (number < 0 || number > DAY_NUMBER_MAX)
    throw new NewDayError("invalid_cursor", { field: "cursor" });
  return new Date(number * DAY_MS).toISOString().slice(0, 10);
}

function showPrice(row: PriceRow) {
  const { sales, low, high, total, pieces } = row;
  return {
    ...row,
    average: decimalOf({ over: BigInt(total), under: BigInt(pieces) }),
    sales: `${sales}`,
    low: `${low}`,
    high: `${high}`,
  };
}

/** Errors: `invalid_field` for a day that no calendar has, and for a period that is empty or too long. */
function readPeriod(from: string | undefined, until: string | undefined) {
  const end = until === undefined ? new Date() : dayOf("until", until);
  const { from: first, until: last } = periodOf(end);
  const begin = from === undefined ? first : (dayOf("from", from), from);
  const days = (end.getTime() - Date.parse(begin)) / DAY_MS;
  if (days < 0 || days >= DAYS_MAX)
    throw new NewDayError("invalid_field", {
      field: "from",
      rule: {
        en: `is a day of the ${DAYS_MAX} that end with \`until\``,
        zh: `应为截至 until 的 ${DAYS_MAX} 天之内的日期`,
      },
    });
  return { from: begin, until: last };
}

function dayOf(field: string, day: string): Date {
  const time = new Date(`${day}T00:00:00Z`);
  if (Number.isNaN(time.getTime()) || time.toISOString().slice(0, 10) !== day)
    throw new NewDayError("invalid_field", {
      field,
      rule: { en: "is a day of the calendar", zh: "应为有效日期" },
    });
  return time;
}
