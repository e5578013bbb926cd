/** The SDK and docs/openapi.json, held together both ways. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { createClient } from "../src/index.ts";
import { useClient } from "../../server/test/support/client.ts";

it("has a method for every operation of the API, and none besides", async () => {
  const asked: string[] = [];
  const client = createClient({
    baseUrl: "http://newday.invalid",
    fetch: (url, init) => {
      asked.push(`${init?.method} ${new URL(new Request(url).url).pathname}`);
      return Promise.resolve(new Response("{}"));
    },
  });
  const { wallets, transfers, holds, exchange, items, catalogue, listings, purchases, recipes } =
    client;
  const any = {} as never;
  for (const of of [wallets.open, wallets.get]) await of("{userId}");
  await wallets.listCurrencies();
  for (const of of [wallets.getAccount, wallets.getStatement, wallets.close, wallets.reopen])
    await of("{userId}", "{currency}");
  await wallets.getBalanceAt("{userId}", "{currency}", "now");
  await wallets.exportStatement("{userId}", "{currency}", any);
  await wallets.freeze("{userId}", "{currency}", any);
  const { post, postUpTo, postLegs, postBulk, mint, burn, adjust } = transfers;
  for (const of of [post, postUpTo, postLegs, postBulk, mint, burn, adjust]) await of(any);
  for (const of of [holds.post, exchange.quote, exchange.execute, listings.post, purchases.post])
    await of(any);
  for (const of of [transfers.get, transfers.refund, holds.get, holds.capture, holds.void])
    await of("{id}");
  for (const of of [holds.list, items.list, purchases.list]) await of("{userId}");
  for (const of of [items.get, items.listEvents, items.return, listings.get, listings.cancel])
    await of("{id}");
  for (const of of [items.gift, items.export]) await of("{id}", any);
  for (const of of [items.acceptGift, items.declineGift]) await of("{id}");
  for (const of of [items.grant, items.grantBulk]) await of(any);
  await catalogue.list();
  await listings.list();
  await recipes.list();
  await recipes.get("{id}");
  for (const of of [recipes.put, recipes.craft]) await of("{id}", any);
  expect(asked.map(decodeURIComponent).toSorted()).toEqual(operations());
});

function operations(): string[] {
  const { paths } = JSON.parse(readFileSync("docs/openapi.json", "utf8")) as {
    paths: Record<string, object>;
  };
  return Object.entries(paths)
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .toSorted();
}

it("buys in the market, lists what was bought, and takes it back", async () => {
  const server = await useClient();
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
