/** The erasure of a person whose id or name equals other texts changes no row of another user. */
import { expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { insertOperatorChange } from "../../src/identity/operator-changes/operator-changes.ts";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { audit } from "../../src/integrity/audit.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useV1, type Reply, type TestV1 } from "../http/v1/support.ts";
import { dumpRows } from "../support/dump.ts";
import { addTestPlatform } from "../support/platforms.ts";

/** Ids that stand in stored outcomes, counters, subjects of logs and metadata as something else. */
const ERASED = (
  "25 1 gems game_coins owned active purchase compatibility consent moon limit platform ada mars " +
  "grant transfer computing_power"
).split(" ");
const ERASE = { reason: "case 4711", open: "settle", property: "forfeit" };
const COIN = { currency: "game_coins" };

interface Sent {
  readonly path: string;
  readonly options: { readonly as: string; readonly body: object; readonly key: string };
  readonly reply: Reply;
}

/** What bob, carol and `moon:ada` do under keys, with outcomes that hold all kinds of texts. */
async function actAsOthers(test: TestV1, moon: string): Promise<Sent[]> {
  const { call, key } = test;
  const sent: Sent[] = [];
  const send = async (path: string, body: object, as = key) => {
    const options = { as, body, key: `other-${sent.length}` };
    const reply = await call("POST", path, options);
    sent.push({ path, options, reply });
    return reply.body;
  };
  const pay = { from: "bob", to: "carol", ...COIN, amount: "25" };
  const metadata = { note: "ada", of: "moon", number: "25", name: "500" };
  await send("/transfers", { ...pay, metadata, reference: "ada 25 to moon, for 500" });
  await send("/transfers", { ...pay, amount: "5000", reference: "ada" });
  await send("/holds", { ...pay, amount: "1", reference: "gems" });
  const granted = await send("/items/grants", {
    userId: "bob",
    name: "gems",
    type: "consumable",
    quantity: 25,
    metadata,
  });
  const itemId = granted.item.id;
  await send(`/items/${itemId}/gifts`, { to: "carol", quantity: 1 });
  const listing = { itemId, quantity: 10, prices: { game_coins: "25", computing_power: "1" } };
  const listed = await send("/listings", listing);
  const wanted = { userId: "carol", listingId: listed.id, quantity: 2, ...COIN, price: "25" };
  const bought = await send("/purchases", wanted);
  await send(`/purchases/${bought.transferId}/refunds`, { quantity: 1 });
  for (const currency of ["game_coins", "computing_power"])
    await send("/limits", {
      scope: "user",
      userId: "bob",
      currency,
      window: "day",
      maximum: "500",
      reason: "ada",
    });
  await send("/users/carol/freeze", { reason: "moon", debits: true, credits: false });
  await send("/transfers", { ...pay, from: "carol", to: "bob" });
  await send("/users/carol/unfreeze", { reason: "ada" });
  const terms = { ...COIN, perDay: "500", verbs: ["transfer"], reason: "ada" };
  await send("/wallets/bob/consents", { ...terms, platform: "mars" });
  await send("/wallets/moon:ada/consents", { ...terms, platform: "mars" }, moon);
  return sent;
}

/** The answers to the same requests; without the id of the request. */
async function repeat({ call }: TestV1, sent: readonly Sent[]): Promise<object[]> {
  const answers: object[] = [];
  for (const { path, options } of sent) {
    const { status, body } = await call("POST", path, options);
    answers.push({ path, status, ...body, requestId: null });
  }
  return answers;
}

async function addOtherRows({ database: { db } }: TestV1): Promise<void> {
  const counters = [
    ["purchase", "lot", "bob"],
    ["compatibility", "bob"],
    ["import", "moon:ada", "2026-01-01"],
    ["gifts waiting", "bob"],
    ["purchase", "ada", "bob", "2026-01-01"],
  ];
  await db.query(
    `insert into newday.limit_counters (id, count) select unnest($1::text[]), 3
      on conflict (id) do nothing`,
    [counters.map((parts) => JSON.stringify(parts))],
  );
  const changes = [
    ["platform suspend", "moon"],
    ["operator set", "ada"],
    ["currency set", "gems"],
    ["budget", "budget:moon:gems"],
    ["consent", "consent:moon:ada:mars:game_coins"],
    ["user freeze", "user-freeze:moon:ada:platform"],
    ["purchase refund", "0190163d-8694-739b-aea5-966c26f8ad90 (moon:ada)"],
  ] as const;
  for (const [what, subject] of changes)
    await db.transaction((tx) =>
      insertOperatorChange(
        tx,
        { operator: "ann", dryRun: false, reason: "ada" },
        { what, subject, before: null, after: { name: "ada", userId: null }, accounts: 0n },
      ),
    );
}

/** Each moves money and an item to the next, with a hold, a listing and a limit of their own. */
async function actAsErased(test: TestV1): Promise<void> {
  const { call, app } = test;
  for (const [place, userId] of ERASED.entries()) {
    const login = await app.inject({
      method: "POST",
      url: "/api/allinone/auth/login",
      payload: {
        allinoneUserId: userId,
        allinoneUsername: ["500", "3", "Case"][place] ?? "game_coins",
      },
    });
    const as = login.json<{ token: string }>().token;
    const to = ERASED[place + 1] ?? "1";
    const done = async (path: string, body: object, by = as) => {
      const reply = await call("POST", path, { as: by, body });
      expect([path, userId, reply.status, reply.body.code]).toEqual([path, userId, 201, undefined]);
      return reply.body;
    };
    await done("/transfers", { from: userId, to, ...COIN, amount: "1" });
    await done("/holds", { from: userId, ...COIN, amount: "2" }, test.key);
    const grant = { userId, name: "a fan", type: "consumable", quantity: 3 };
    const itemId = (await done("/items/grants", grant, test.key)).item.id;
    await done(`/items/${itemId}/gifts`, { to, quantity: 1 });
    await done("/listings", { itemId, quantity: 1, prices: { game_coins: "10" } });
    const terms = { ...COIN, perDay: "5", verbs: ["transfer"], reason: "a visit" };
    await done(`/wallets/${userId}/consents`, { ...terms, platform: "moon" }, test.key);
  }
}

it("changes no row of others, whose requests are answered as before", async () => {
  const test = await useV1();
  const { call, database, login } = test;
  const { db } = database;
  await addTestPlatform(db, "moon");
  await addTestPlatform(db, "mars");
  const scopes = scopesFor("platform");
  const { key: moon } = await createPlatformKey(db, { platform: "moon", scopes });
  expect((await call("PUT", "/wallets/moon:ada", { as: moon, body: {} })).status).toBe(201);
  const sent = await actAsOthers(test, moon);
  expect(sent.map(({ path, reply }) => [path, reply.status])).toEqual(
    sent.map(({ path }, place) => [path, place === 1 ? 422 : place === 11 ? 403 : 201]),
  );
  await addOtherRows(test);
  const theirs = await dumpRows(db);
  await openWallets(test.services, ERASED);
  await actAsErased(test);
  const now = new Set(await dumpRows(db));
  const kept = theirs.filter((row) => now.has(row));
  expect(kept.length).toBeGreaterThan(100);

  for (const userId of ["moon", "consent", "mars", "ada"]) {
    const as = await login(userId);
    const { body } = await call("GET", `/wallets/${userId}/consents/changes`, { as });
    const subjects = body.data.map(({ policy }: { policy: string }) => policy);
    expect(subjects).toEqual([`consent:${userId}:moon:game_coins`]);
    const exported = await call("GET", `/users/${userId}/export`);
    expect(JSON.stringify(exported.body)).not.toMatch(/"bob"|carol|moon:ada|suspend/);
    expect(exported.body.tables["newday.policy_changes"]).toHaveLength(1);
  }
  const log = await call("GET", "/wallets/moon:ada/consents/changes", { as: moon });
  expect(log.body.data).toHaveLength(1);

  const answers = await repeat(test, sent);
  for (const userId of ERASED) {
    const { status } = await call("POST", `/users/${userId}/erasure`, { body: ERASE });
    expect([userId, status]).toEqual([userId, 200]);
  }
  const after = new Set(await dumpRows(db));
  expect(kept.filter((row) => !after.has(row))).toEqual([]);
  expect(await repeat(test, sent)).toEqual(answers);
  expect((await audit(db)).breaches).toEqual([]);

  const [refund] = await setRefund(db, "erased:0");
  const found = (await audit(db)).breaches.flatMap(({ examples }) => examples);
  expect(found).toContain(`transfer ${refund?.id}`);
  await setRefund(db, "1");
});

/** Writes the quantity of every stored outcome of a refund, past the triggers. */
function setRefund(db: Database, quantity: string): Promise<{ id: string }[]> {
  return db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica");
    return tx.query<{ id: string }>(
      `update newday.transfers set result = result || jsonb_build_object('quantity', $1::text)
        where kind = 'purchase_refund' returning id`,
      [quantity],
    );
  });
}
