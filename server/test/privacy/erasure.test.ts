/** After an erasure nothing in the database leads to the person, and the books still prove themselves. */
import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { composeServices } from "../../src/compose.ts";
import type { Database } from "../../src/db/database.ts";
import { buildApp } from "../../src/http/app.ts";
import { insertOperatorChange } from "../../src/identity/operator-changes/operator-changes.ts";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { audit } from "../../src/integrity/audit.ts";
import { proveIssuance } from "../../src/ledger/policies/prove-issuance.ts";
import { requireTool } from "../../src/repair/backup/pg-tools.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { callerOf, useV1, type TestV1 } from "../http/v1/support.ts";
import { ADD, caller, grantStack, potion } from "../support/market.ts";
import { dumpRows } from "../support/dump.ts";
import { addTestPlatform } from "../support/platforms.ts";
import { onTestFinished } from "../support/test-end.ts";

const ADA = "ada-lovelace-1815";
const NAME = "Ada of Ockham";
const ERASE = { reason: "case 4711", open: "settle", property: "forfeit" };
const COIN = { currency: "game_coins" };
/** A request of Ada's that is repeated under a key. */
const LOAN = {
  from: ADA,
  to: "bob",
  ...COIN,
  amount: "5",
  reference: "a loan of Lady Lovelace",
  metadata: { note: "dear Babbage", to: ADA },
};
const LOAN_KEY = "loan-1";
const PATH = `/users/${ADA}/erasure`;

/** Everything that holds a text about Ada; returns the texts that must go. */
async function liveAsAda(test: TestV1): Promise<string[]> {
  const { call, app, database, services } = test;
  const { db } = database;
  await addTestPlatform(db, "moon");
  await db.query("insert into public.players (id, nickname, preferences) values ($1, $2, $3)", [
    ADA,
    NAME,
    { platform: "allinone", city: "Ockham Park" },
  ]);
  await db.query("insert into public.daily_adventures (player_id, title) values ($1, 'a day')", [
    ADA,
  ]);
  await openWallets(services, [ADA]);
  const { key: operator } = await createPlatformKey(db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
  });
  const login = await app.inject({
    method: "POST",
    url: "/api/allinone/auth/login",
    payload: { allinoneUserId: ADA, allinoneUsername: NAME },
  });
  const { token } = login.json<{ token: string }>();
  const done = async (path: string, body: object, as: string = test.key, key?: string) => {
    const reply = await call("POST", path, { as, body, ...(key !== undefined && { key }) });
    expect([path, reply.status, reply.body.code]).toEqual([path, 201, undefined]);
    return reply.body;
  };
  const pay = (from: string, to: string, amount: string) => ({ from, to, ...COIN, amount });
  await done("/transfers", LOAN, token, LOAN_KEY);
  await done("/transfers/legs", {
    legs: [
      { userId: "bob", ...COIN, amount: "-2" },
      { userId: "carol", ...COIN, amount: "1" },
      { userId: ADA, ...COIN, amount: "1" },
    ],
    reference: "the Analytical Engine",
  });
  await done(
    "/adjustments",
    { userId: ADA, ...COIN, amount: "3", reason: "Countess paid twice" },
    operator,
  );
  expect(
    (await call("POST", "/transfers", { as: token, body: pay(ADA, "bob", "1000") })).status,
  ).toBe(422);
  const texts = { reference: "for Lady Lovelace", metadata: { note: "dear Babbage" } };
  await done("/holds", { from: ADA, ...COIN, amount: "7", ...texts });
  await done("/holds", { from: "bob", to: ADA, ...COIN, amount: "7", ...texts });
  const voided = await done("/holds", { from: ADA, ...COIN, amount: "7" });
  await done(`/holds/${voided.id}/void`, texts);
  await done("/items/grants", { userId: ADA, name: "a fan", type: "consumable", ...texts });
  await done("/limits", {
    scope: "user",
    userId: ADA,
    ...COIN,
    window: "day",
    maximum: "900",
    reason: "gambler Byron",
  });
  await done(`/wallets/${ADA}/consents`, {
    platform: "moon",
    ...COIN,
    perDay: "5",
    verbs: ["transfer"],
    reason: "wants moon games",
  });
  await done(`/users/${ADA}/freeze`, {
    reason: "suspected of horses",
    debits: false,
    credits: false,
  });
  await db.transaction((tx) =>
    insertOperatorChange(
      tx,
      { operator: "ann", dryRun: false, reason: "asked by letter" },
      {
        what: "test-user add",
        subject: ADA,
        before: null,
        after: { address: "St James Square" },
        accounts: 0n,
      },
    ),
  );
  const mine = await grantStack(test, ADA, { quantity: 9 });
  const theirs = await grantStack(test, "bob", { quantity: 2 });
  await done(`/users/${ADA}/unfreeze`, { reason: "horses were fine" });
  await done(`/items/${mine}/gifts`, { to: "carol", quantity: 2 }, token);
  const lot = await done(
    "/listings",
    { itemId: mine, quantity: 3, prices: { game_coins: "10" } },
    token,
  );
  await done("/purchases", { userId: "bob", listingId: lot.id });
  await done("/listings", { itemId: mine, quantity: 1, prices: { game_coins: "10" } }, token);
  const other = await done("/listings", {
    itemId: theirs,
    quantity: 1,
    prices: { game_coins: "10" },
  });
  await done("/purchases", { userId: ADA, listingId: other.id });
  await done(`/items/${theirs}/gifts`, { to: ADA, ...texts }, await test.login("bob"));
  const imported = await caller(test, ADA, token).post(ADD, potion());
  expect(imported.status).toBe(200);
  return [
    ADA,
    NAME,
    "Ockham Park",
    "Lovelace",
    "Babbage",
    "Analytical",
    "Countess",
    "Byron",
    "moon games",
    "horses",
    "by letter",
    "St James",
  ];
}

/** Rows that the adoption took over, as a database of the legacy server has them. */
async function addLegacyRows(db: Database): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica"); // the tables are read-only by now
    await tx.query(
      `insert into public.market_items (name, category, rarity, price, seller_id, seller_name)
        values ('a fan', 'x', 'common', 5, $1, $2)`,
      [ADA, NAME],
    );
    await tx.query(
      `insert into public.transactions (buyer_id, seller_id, item_id, price, total_amount,
          seller_receives, currency, transaction_type)
        values ('bob', $1, 'i', 5, 5, 5, 'game_coins', 'purchase'),
          ($1, 'bob', 'i', 5, 5, 5, 'game_coins', 'purchase')`,
      [ADA],
    );
    await tx.query(
      "insert into public.user_inventories (user_id, item_name) values ($1, 'a fan')",
      [ADA],
    );
    await tx.query("insert into newday_legacy.wallets (user_id) values ($1)", [ADA]);
  });
}

async function dumpOf(db: Database): Promise<string> {
  return (await dumpRows(db)).join("\n");
}

function linesWith(dump: string, text: string): string[] {
  return dump.split("\n").filter((line) => line.toLowerCase().includes(text.toLowerCase()));
}

/** The books: ids, amounts, balances and times of every movement. */
function booksOf(db: Database) {
  return db.query(
    `select id, line, kind, amount, from_account, to_account, from_balance, to_balance, recorded_at,
        from_version, to_version from newday.transfers where kind not like 'erase%' and kind not in ('void', 'market_cancel')
      order by id, line`,
  );
}

it("takes the person out of every table of the database, and leaves the books", async () => {
  const test = await useV1();
  const { call, app, login, database, services } = test;
  const { db } = database;
  const texts = await liveAsAda(test);
  await addLegacyRows(db);
  const other = await buildApp(composeServices(services.config, db, services.build));
  onTestFinished(() => other.close());
  const elsewhere = callerOf({ ...test, app: other }, test.key);
  const session = await login(ADA);
  expect((await elsewhere("GET", `/wallets/${ADA}`, { as: session })).status).toBe(200);
  expect((await elsewhere("GET", `/wallets/${ADA}`)).status).toBe(200);
  const before = await dumpOf(db);
  expect(texts.filter((text) => linesWith(before, text).length === 0)).toEqual([]);
  const books = await booksOf(db);
  const { balance } = (await call("GET", `/wallets/${ADA}/accounts/game_coins`)).body;

  const refused = await call("POST", PATH, { body: { reason: "case 4711" } });
  expect([refused.status, refused.body.code]).toEqual([409, "erasure_blocked"]);
  const blockers = ["holds", "listings", "gifts", "items", "balances"];
  expect(refused.body.blockers).toEqual(blockers);
  const named = await call("POST", PATH, { body: { ...ERASE, reason: `${NAME} wants it` } });
  expect([named.status, named.body.field]).toEqual([400, "reason"]);
  const planned = await call("POST", PATH, { body: { ...ERASE, dryRun: true } });
  expect(planned.body).toMatchObject({
    status: "planned",
    blockers: [],
    balances: { game_coins: balance },
    open: { holds: 1, listings: 2, gifts: 1 },
    goes: { consents: 1 },
  });
  expect(await dumpOf(db)).toBe(before);

  const erased = await call("POST", PATH, { body: ERASE });
  expect(erased.body).toEqual({ userId: ADA, status: "erased", erasedOn: expect.any(String) });
  const dump = await dumpOf(db);
  expect(texts.flatMap((text) => linesWith(dump, text))).toEqual([]);
  expect(await booksOf(db)).toEqual(books);
  expect((await audit(db)).breaches).toEqual([]);
  const { currencies } = await proveIssuance(db);
  expect(currencies.filter(({ issued, held, sunk }) => issued !== held + sunk)).toEqual([]);
  const [wallet] = await db.query<{ id: string; platform: string }>(
    "select user_id as id, platform from newday.ledger_wallets where user_id like 'erased:%'",
  );
  expect(wallet?.platform).toBe("allinone");
  const forfeited = await db.query(
    `select r.user_id as receiver, r.role, t.amount::text from newday.transfers t
       join newday.ledger_wallets r on r.number = t.to_account >> 16
     where t.kind = 'erase_user' and t.amount > 0`,
  );
  const homeFees = { receiver: "system:newday:fees", role: "fees" };
  expect(forfeited).toContainEqual({ ...homeFees, amount: balance });
  const bobs = await call("GET", "/wallets/bob/accounts/game_coins/statement", {
    as: await login("bob"),
  });
  const withAda = bobs.body.data.filter(
    (entry: { counterparty: string }) => entry.counterparty === wallet?.id,
  );
  expect(withAda.length).toBeGreaterThan(2);

  expect((await call("POST", PATH, { body: ERASE })).body).toEqual(erased.body);
  for (const speak of [call, elsewhere]) {
    expect((await speak("GET", `/wallets/${ADA}`, { as: session })).status).toBe(401);
    await expect.poll(async () => (await speak("GET", `/wallets/${ADA}`)).status).toBe(404);
    const paid = await speak("POST", "/transfers", {
      body: { from: "bob", to: ADA, ...COIN, amount: "1" },
    });
    expect(paid.status).toBe(404);
  }

  await db.query("update newday.platforms set starter_grant = 1000, starter_budget_per_day = null");
  const back = await app.inject({
    method: "POST",
    url: "/api/allinone/auth/login",
    payload: { allinoneUserId: ADA },
  });
  expect(back.json()).toMatchObject({ isNewUser: true });
  const as = back.json<{ token: string }>().token;
  const repeated = await call("POST", "/transfers", { as, body: LOAN, key: LOAN_KEY });
  expect([repeated.status, repeated.body.code]).toEqual([409, "idempotency_conflict"]);
  expect(repeated.body.detail).toContain("belongs to a request of a user who was erased");
  const anew = await app.inject({
    method: "POST",
    url: "/api/allinone/auth/login",
    payload: { allinoneUserId: "someone-new" },
  });
  expect(anew.statusCode).toBe(200);
  // Others see the id as every new one; the grant is not paid a second time.
  const shared = async (userId: string) => {
    const { gameCoins, isNewWallet } = (await app.inject(`/api/shared/wallet/${userId}`)).json();
    return { gameCoins, isNewWallet };
  };
  expect(await shared(ADA)).toEqual(await shared("someone-new"));
  const account = async (userId: string) =>
    (await call("GET", `/wallets/${userId}/accounts/game_coins`)).body;
  expect(await account("someone-new")).toMatchObject({ locked: "1000", unfunded: "0" });
  expect(await account(ADA)).toMatchObject({ available: "0", locked: "0", unfunded: "1000" });
  const listingId = "nd_market_magnifier";
  const bought = await call("POST", "/purchases", { body: { userId: ADA, listingId } });
  expect(bought.body.code).toBe("starter_budget_spent");
});

it("answers others' reads of an erased person's id like those of a new one, without a grant", async () => {
  const test = await useV1();
  const { call, app, services } = test;
  await openWallets(services, [ADA]);
  await call("POST", PATH, { body: ERASE });
  const shared = async (userId: string) => {
    const {
      id: _,
      createdAt: __,
      updatedAt: ___,
      ...read
    } = (await app.inject(`/api/shared/wallet/${userId}`)).json();
    return JSON.stringify({ ...read, wallet: 0, data: 0, userId: 0 });
  };
  for (let reads = 0; reads < 2; reads += 1)
    expect(await shared(ADA)).toBe(await shared("a-newcomer"));
  const [books] = await test.database.db.query<{ granted: bigint }>(
    `select count(*) as granted from newday.transfers t
      join newday.ledger_wallets w on w.number = t.to_account >> 16 where w.user_id = $1`,
    [ADA],
  );
  expect(books?.granted).toBe(0n);
});

it("evicts the cached wallet of the person alone, and a preview evicts none of others", async () => {
  const asked: string[] = [];
  const test = await useV1("pg18", {}, (db) => ({
    ...db,
    query: (statement, values) => {
      const name = typeof statement === "string" ? "" : (statement.name ?? "");
      if (name.startsWith("owned-wallets-by"))
        asked.push(JSON.stringify(values, (_, one) => (typeof one === "bigint" ? `${one}` : one)));
      return db.query(statement, values);
    },
  }));
  const { call } = test;
  await call("PUT", `/wallets/${ADA}`, { key: null });
  await test.login("bob");
  const readBob = () => call("GET", "/wallets/bob");
  await readBob();
  asked.length = 0;
  await call("POST", PATH, { body: { ...ERASE, dryRun: true } });
  await call("POST", PATH, { body: ERASE });
  await readBob();
  expect(asked.filter((ids) => ids.includes("bob"))).toEqual([]);
  expect((await call("GET", `/wallets/${ADA}`)).status).toBe(404);
});

it("leaves neither name nor id in what pg_dump writes", async () => {
  const test = await useV1("pg15");
  const texts = await liveAsAda(test);
  const { path } = requireTool("pg_dump", 15);
  const dump = () =>
    spawnSync(path, [test.database.url], { encoding: "utf8", maxBuffer: 100 * 1024 * 1024 });
  const before = dump();
  expect(before.stderr).toBe("");
  expect(texts.filter((text) => linesWith(before.stdout, text).length === 0)).toEqual([]);
  expect((await test.call("POST", PATH, { body: ERASE })).status).toBe(200);
  const after = dump().stdout;
  expect(after).toContain("erased:");
  expect(texts.flatMap((text) => linesWith(after, text))).toEqual([]);
});
