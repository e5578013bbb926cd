/** The SDK and docs/openapi.json, held together both ways. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createClient } from "../src/index.ts";
import { operationsOf, readOpenapi } from "../../scripts/generate/openapi-model.ts";
import { SDK_METHODS } from "../../scripts/generate/sdk-names.ts";
import { openWallets } from "../../server/src/ledger/wallets/open-wallets.ts";
import { useClient } from "../../server/test/support/client.ts";

it("calls every operation of the API by its method and path", async () => {
  const asked: string[] = [];
  const { status: _, ...groups } = createClient({
    baseUrl: "http://newday.invalid",
    fetch: (url, init) => {
      asked.push(`${init?.method} ${decodeURIComponent(new URL(new Request(url).url).pathname)}`);
      return Promise.resolve(new Response("{}"));
    },
  });
  const expected: string[] = [];
  for (const [group, methods] of Object.entries(groups))
    for (const [name, call] of Object.entries(methods)) {
      const { method, path } = operationNamed(SDK_METHODS[group]?.[name]);
      expected.push(`${method} ${path}`);
      await call(...((path.match(/\{\w+\}/g) ?? []) as never[]));
    }
  expect(asked).toEqual(expected);
  expect(asked).toHaveLength(operations().length);
});

function operations() {
  return operationsOf(readOpenapi(readFileSync("docs/openapi.json", "utf8")));
}

function operationNamed(id: string | undefined) {
  const found = operations().find(({ operation }) => operation.operationId === id);
  if (found === undefined) throw new Error(`${id} is no operation`);
  return found;
}

it("buys in the market, lists what was bought, and takes it back", async () => {
  const server = await useClient();
  await openWallets(server.services, ["user-001"]);
  const login = await server.call("/api/allinone/auth/login", {
    method: "POST",
    body: { allinoneUserId: "user-001" },
  });
  const client = createClient({ baseUrl: server.base, token: login.body.token });
  const { data } = await client.listings.list({ official: true, currency: "game_coins", limit: 5 });
  const offer = data.find(({ prices }) => Number(prices["game_coins"]) <= 1000);
  const bought = await client.purchases.post({
    userId: "user-001",
    listingId: offer?.id ?? "",
    currency: "game_coins",
  });
  const account = await client.wallets.getAccount("user-001", "game_coins");
  expect(account.balance).toBe(String(1000n - BigInt(bought.total)));
  const listing = await client.listings.post({
    itemId: bought.itemId,
    prices: { game_coins: "40" },
  });
  expect((await client.items.get(bought.itemId)).state).toBe("escrowed");
  expect((await client.listings.cancel(listing.id)).status).toBe("removed");
  const owned = await client.items.list("user-001", { state: "owned" });
  expect(owned.data.map(({ id }) => id)).toEqual([bought.itemId]);
  expect((await client.items.listEvents(bought.itemId)).data.length).toBeGreaterThan(2);
  const file = await client.wallets.exportStatement("user-001", "game_coins", { format: "csv" });
  expect(file.trim().split("\n").length).toBeGreaterThan(2);
});
