/** A world that has grown as large as its limits let it: what the worst requests of each route meet. */
import { expect } from "vitest";
import { createPlatformKey } from "../../../src/identity/platform-keys.ts";
import { scopesFor } from "../../../src/identity/scopes.ts";
import { openWallets } from "../../../src/ledger/wallets/open-wallets.ts";
import { moveGameMoney } from "../../../src/game/rewards/game-money.ts";
import { secretOf, signAssertion } from "../../support/assertions.ts";
import { useCostMeter, type CostMeter, type Costs } from "../../support/costs.ts";
import { grantStack } from "../../support/market.ts";
import { useWorstOperators } from "./worst-operators.ts";
import { useV1, type TestV1 } from "../v1/support.ts";

const SERVICE_KEY = `nd_service_${"k".repeat(40)}`;

/** As long as user ids may be in a path. */
export const RICH = `rich-${"r".repeat(120)}`;
export const POOR = `poor-${"p".repeat(120)}`;
export const RECEIVER = "receiver";
const GIVERS = ["giver-1", "giver-2", "giver-3", "giver-4"];
/** With the payer as many accounts as one transfer may have. */
export const PAYEES = Array.from({ length: 99 }, (_, n) => `payee-${n}`);
export const LEGS = [
  ...PAYEES.map((userId) => ({ userId, currency: "game_coins", amount: "1" })),
  { userId: RICH, currency: "game_coins", amount: "-99" },
];

/** 30 KB. */
export const METADATA = Object.fromEntries(
  Array.from({ length: 20 }, (_, n) => [`m${n}`, "字".repeat(500)]),
);
/** Facts of 4,096 bytes. */
export const LARGEST = {
  name: "n".repeat(255),
  description: "d".repeat(2_000),
  stats: Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`s${n}`, "x".repeat(190)])),
};
const LARGEST_ITEM = { ...LARGEST, type: "weapon" };
export const REFERENCE = { reference: "字".repeat(255), metadata: METADATA };

/** Labels of AllinONE, as long as their names may be, with rules of nearly 8,192 bytes. */
export const OWN_TYPE = `own-type-${"t".repeat(23)}`;
export const OWN_RARITY = `own-rarity-${"r".repeat(21)}`;
export const RULES = Array.from({ length: 32 }, (_, n) => ({
  name: `field_${`${n}`.padStart(2, "0")}${"f".repeat(24)}`,
  kind: "choice",
  choices: ["a".repeat(64), "b".repeat(48), "c".repeat(20), "d".repeat(20)],
}));
const OWN_LABELS = {
  [`/item-types/${OWN_TYPE}`]: { shownAs: "special", fields: RULES },
  [`/rarities/${OWN_RARITY}`]: { shownAs: "epic" },
};
/** An item of both, with a value of each field; facts of nearly 4,096 bytes. */
export const OWN_ITEM = {
  name: LARGEST.name,
  description: "d".repeat(1_500),
  type: OWN_TYPE,
  rarity: OWN_RARITY,
  fields: Object.fromEntries(RULES.map(({ name }) => [name, "c".repeat(20)])),
};
export const PAY = { from: RICH, to: POOR, currency: "game_coins", amount: "1" };

export interface WorstWorld extends TestV1 {
  readonly meter: CostMeter;
  readonly as: Record<
    "key" | "operator" | "rich" | "poor" | "receiver" | "service" | "linker" | "owner" | "approver",
    string
  >;
  /** A new stack of the user; a request uses it up. */
  readonly stack: (userId?: string, quantity?: number) => Promise<string>;
  /** A body that is sure to be answered, posted beforehand; returns its reply. */
  readonly prepare: (path: string, body: object, as?: string) => Promise<Record<string, string>>;
  /** An item with the longest history, and a transfer with the most entries. */
  readonly oldItem: string;
  readonly wideTransfer: string;
}

/** Of one request; a budget is what it may cost at most, some more than measured. */
export interface Ask {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: object;
  readonly as: keyof WorstWorld["as"] | null;
  readonly budget: Costs;
}

/** By route, as the OpenAPI document spells it; made when its turn comes. */
export type Asks = Readonly<Record<string, (world: WorstWorld) => Ask | Promise<Ask>>>;

export async function useWorstWorld(): Promise<WorstWorld> {
  const meter = useCostMeter();
  const v1 = await useV1(
    "pg18",
    {
      NEWDAY_SERVICE_KEYS: SERVICE_KEY,
      NEWDAY_PLATFORM_SECRETS: `moon=${secretOf("moon")}`,
    },
    meter.watch,
  );
  const { call, services, login } = v1;
  await openWallets(services, [RICH, POOR, RECEIVER, ...GIVERS, ...PAYEES]);
  const amounts = { game_coins: 1_000_000n };
  const reward = {
    userId: RICH,
    amounts,
    reason: "world",
    gameId: null,
    idempotencyKey: undefined,
  };
  await moveGameMoney(services, "reward", reward);
  const { key: operator } = await createPlatformKey(v1.database.db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
    label: "world",
  });
  const prepare: WorstWorld["prepare"] = async (path, body, as) => {
    const reply = await call("POST", path, { body, ...(as === undefined ? {} : { as }) });
    expect([path, reply.status, reply.status < 300 || reply.body]).toEqual([
      path,
      reply.status,
      true,
    ]);
    return reply.body;
  };
  const oldItem = await grantStack(v1, RICH, { quantity: 1 });
  const world: Omit<WorstWorld, "wideTransfer"> = {
    ...v1,
    meter,
    as: {
      key: v1.key,
      operator,
      rich: await login(RICH),
      poor: await login(POOR),
      receiver: await login(RECEIVER),
      service: SERVICE_KEY,
      linker: await logInByAssertion(v1, "linker"),
      ...(await useWorstOperators(v1.database.db)),
    },
    stack: (userId = RICH, quantity = 100) => grantStack(v1, userId, { ...LARGEST, quantity }),
    prepare,
    oldItem,
  };
  await fill(world);
  const { id } = await prepare("/transfers/legs", { legs: LEGS, metadata: METADATA });
  return { ...world, wideTransfer: id ?? "" };
}

/** A new session of a user of moon, who proves themselves; returns its token. */
export async function logInByAssertion({ call }: TestV1, sub: string): Promise<string> {
  const body = { assertion: await signAssertion("moon", sub) };
  return (await call("POST", "/sessions", { as: null, body })).body.token;
}

async function fill({ call, prepare, stack, login, oldItem }: Omit<WorstWorld, "wideTransfer">) {
  const many = (count: number, post: (index: number) => Promise<unknown>) =>
    Promise.all(Array.from({ length: count }, (_, index) => post(index)));
  for (const [path, body] of Object.entries(OWN_LABELS))
    expect([path, (await call("PUT", path, { body })).status]).toEqual([path, 201]);
  const grants = Array.from({ length: 220 }, () => ({ userId: RICH, ...LARGEST_ITEM }));
  await prepare("/items/grants/bulk", { mode: "independent", grants });
  const transfers = Array.from({ length: 30 }, () => ({ ...PAY, metadata: METADATA }));
  for (let n = 0; n < 2; n += 1)
    await prepare("/transfers/bulk", { mode: "independent", transfers });
  await many(210, () => prepare("/holds", PAY_HOLD));
  const listed = await stack(POOR, 1_000);
  const prices = { game_coins: "1" };
  await many(100, () => prepare("/listings", { itemId: listed, prices }));
  const large = await prepare("/listings", { itemId: listed, prices, quantity: 800 });
  await many(210, () => prepare("/purchases", { userId: RICH, listingId: large["id"] }));
  for (let n = 0; n < 55; n += 1) {
    await prepare(`/items/${oldItem}/exports`, { platform: "allinone" });
    await prepare(`/items/${oldItem}/returns`, {});
  }
  for (const giver of GIVERS) {
    const [id, as] = [await stack(giver), await login(giver)];
    for (let n = 0; n < 16; n += 1)
      await prepare(`/items/${id}/gifts`, { to: RECEIVER, quantity: 1 }, as);
  }
}

const PAY_HOLD = { from: RICH, to: POOR, currency: "game_coins", amount: "1", metadata: METADATA };
