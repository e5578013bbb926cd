/** The worst legal request of a platform's own stock, and its budget. */
import { OWN_ITEM_POST, PAGE, POST, READ, V1 } from "./v1-budgets.ts";
import { OWN_ITEM, REFERENCE, type Asks, type WorstWorld } from "./worst-world.ts";

const DAY_MS = 86_400_000;
const inDays = (days: number) => new Date(Date.now() + days * DAY_MS).toISOString();

const TERMS = {
  price: { currency: "game_coins", amount: "1" },
  stock: 1_000_000,
  perUserLimit: 1_000_000,
  perDayLimit: 1_000_000,
  buyers: "all",
  startsAt: inDays(-1),
  endsAt: inDays(1),
};
const OFFER = { item: OWN_ITEM, ...TERMS };

async function offerId({ prepare }: WorstWorld): Promise<string> {
  return (await prepare("/stock", OFFER))["id"] ?? "";
}

export const stockAsks: Asks = {
  [`POST ${V1}/stock`]: () => ({
    url: `${V1}/stock`,
    body: { ...OFFER, item: { ...OWN_ITEM, name: "new" }, ...REFERENCE },
    as: "key",
    budget: OWN_ITEM_POST,
  }),
  [`GET ${V1}/stock`]: async (world) => {
    await Promise.all(Array.from({ length: 210 }, () => offerId(world)));
    return { url: `${V1}/stock?limit=200`, as: "key", budget: PAGE };
  },
  [`GET ${V1}/stock/{id}`]: async (world) => ({
    url: `${V1}/stock/${await offerId(world)}`,
    as: "key",
    budget: READ,
  }),
  [`PATCH ${V1}/stock/{id}`]: async (world) => ({
    url: `${V1}/stock/${await offerId(world)}`,
    headers: { "if-match": "*" },
    body: { ...TERMS, status: "paused", ...REFERENCE },
    as: "key",
    budget: POST,
  }),
};
