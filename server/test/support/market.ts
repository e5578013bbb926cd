/** Callers of the older surfaces: log in, then speak JSON with the token. */
import { setTimeout as sleep } from "node:timers/promises";
import { requirePosted } from "../../src/engine/outcome.ts";
import { grantItem } from "../../src/items/items/grant-item.ts";
import type { ItemFacts } from "../../src/items/items/item-queries.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import type { TestApp } from "./app.ts";

export interface Reply {
  readonly status: number;
  // The body of a reply as a client sees it: JSON of any shape.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly body: any;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface Caller {
  readonly userId: string;
  get(url: string): Promise<Reply>;
  post(url: string, payload?: object, headers?: Record<string, string>): Promise<Reply>;
}

/** A user with 1000 coins that may be sent to any user, unless the user has a wallet already. */
export async function logIn(test: Pick<TestApp, "app" | "services">, userId: string) {
  await openWallets(test.services, [userId]);
  return logInAsExternalUser(test, userId);
}

/** A user as the server meets them for the first time: with a claim on the starter grant. */
export async function logInAsExternalUser(
  { app }: Pick<TestApp, "app">,
  userId: string,
): Promise<Caller> {
  const login = await app.inject({
    method: "POST",
    url: "/api/allinone/auth/login",
    payload: { allinoneUserId: userId, allinoneUsername: `name of ${userId}` },
  });
  return caller({ app }, userId, login.json().token);
}

export function caller({ app }: Pick<TestApp, "app">, userId: string, token?: string): Caller {
  const auth: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const reply = (answer: Awaited<ReturnType<typeof app.inject>>): Reply => ({
    status: answer.statusCode,
    body: answer.body === "" ? undefined : answer.json(),
    headers: answer.headers,
  });
  return {
    userId,
    get: async (url) => reply(await app.inject({ url, headers: auth })),
    post: async (url, payload = {}, headers = {}) =>
      reply(await app.inject({ method: "POST", url, payload, headers: { ...auth, ...headers } })),
  };
}

export const ADD = "/api/allinone/inventory/add";
export const INVENTORY = "/api/allinone/inventory";
export const MARKET = "/api/allinone/market/items";
export const LIST = "/api/allinone/market/list";
export const CANCEL = "/api/allinone/market/cancel";
export const PURCHASE = "/api/allinone/market/purchase";
export const TRANSFER = "/api/allinone/market/transfer";
export const BALANCE = "/api/allinone/wallet/balance";

const DAY_MS = 86_400_000;
/** Longer than any test takes. */
const TEST_MS = 60_000;

/** For tests of limits a day, which begin anew at midnight UTC: the day does not end meanwhile. */
export async function withinOneDay(): Promise<void> {
  const left = DAY_MS - (Date.now() % DAY_MS);
  if (left < TEST_MS) await sleep(left + 1);
}

let serial = 0;

/** A valid import; every call has another id. */
export function potion(overrides: object = {}): Record<string, unknown> {
  serial += 1;
  return {
    itemId: `nd_nd_store_consumable_001_1769${serial}_abc123`,
    name: "生命药水",
    itemType: "consumable",
    rarity: "common",
    quantity: 1,
    ...overrides,
  };
}

/** A stack that New Day granted, which has no limit of imports; returns its id. */
export async function grantStack(
  { services }: Pick<TestApp, "services">,
  ownerId: string,
  { quantity, ...facts }: Partial<ItemFacts> & { readonly quantity: number },
): Promise<string> {
  const potionFacts: ItemFacts = {
    name: "生命药水",
    description: "",
    itemType: "consumable",
    rarity: "common",
    stats: null,
    icon: null,
    imageUrl: null,
    ...facts,
  };
  const grant = async () => ({ ownerId, facts: potionFacts, quantity, platform: "newday" });
  return requirePosted(await grantItem(services, grant, { caller: "newday" })).result.itemId;
}

/** Imports an item and returns its New Day id. */
export async function importPotion(user: Caller, overrides: object = {}): Promise<string> {
  const { body } = await user.post(ADD, potion(overrides));
  return body.item.id;
}
