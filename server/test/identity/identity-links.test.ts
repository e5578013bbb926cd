/** Linked identities on two servers in production: what a login opens, and what stays with whom. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { expectSound } from "../support/ledger.ts";
import { signAssertion } from "../support/assertions.ts";
import { BALANCE, caller } from "../support/market.ts";
import { openForFile } from "../support/test-end.ts";
import { readTimeline } from "../../src/operators/timeline/read-timeline.ts";
import { useTestApp } from "../support/app.ts";
import { fund, LINKS_ENV, linksOn, useLinks, type TestLinks } from "../support/links.ts";

let here: TestLinks;
let there: TestLinks;
let close: () => Promise<void>;

beforeAll(async () => {
  close = await openForFile(async () => {
    here = await useLinks();
    there = linksOn(await useTestApp({ database: here.database, env: LINKS_ENV }));
  });
}, 60_000);

afterAll(async () => {
  await expectSound(here.database.db);
  await close();
});

const pay = (from: string, to: string, amount = "1") => ({
  from,
  to,
  currency: "game_coins",
  amount,
});

describe("a linked identity", () => {
  it("opens the first one's wallet everywhere, and its own again once unlinked", async () => {
    await fund(here, "moon:ben", "bob");
    const first = await here.tokenOf("allinone", "ada");
    const before = await there.tokenOf("moon", "ben");
    expect((await there.call("GET", "/wallets/ben", { as: before })).status).toBe(200);

    const linked = await here.link(first, "moon", "ben");
    expect(linked).toMatchObject({
      status: 201,
      body: { userId: "moon:ben", platform: "moon", opens: "ada", linkedBy: "user:ada" },
    });
    expect(linked.body.endedSessions).toBe(1);
    await expect
      .poll(async () => (await there.call("GET", "/wallets/ben", { as: before })).status)
      .toBe(401);

    const login = await there.logIn("moon", "ben");
    expect(login.body).toMatchObject({ userId: "ada", platform: "moon", through: "moon:ben" });
    const as: string = login.body.token;
    expect((await here.call("GET", "/wallets/ada", { as })).body.userId).toBe("ada");
    expect((await here.call("GET", "/wallets/moon:ben", { as })).status).toBe(404);
    const paid = await here.call("POST", "/transfers", { as, body: pay("ada", "bob", "7") });
    expect(paid.status).toBe(201);
    expect((await here.call("GET", "/links", { as })).body.data).toMatchObject([
      { userId: "moon:ben", opens: "ada" },
    ]);
    const sessions = await here.call("GET", "/sessions", { as: first });
    expect(sessions.body.data).toMatchObject([
      { platform: "moon", through: "moon:ben", current: false },
      { platform: "allinone", current: true },
    ]);
    expect(sessions.body.data[1]).not.toHaveProperty("through");

    const ended = await here.call("DELETE", "/links/moon:ben", { as: first });
    expect(ended).toMatchObject({ status: 200, body: { userId: "moon:ben", endedSessions: 1 } });
    await expect
      .poll(async () => (await there.call("GET", "/wallets/ada", { as })).status)
      .toBe(401);
    const own = await there.logIn("moon", "ben");
    expect(own.body).toMatchObject({ userId: "moon:ben", platform: "moon", isNewUser: false });
    expect(own.body).not.toHaveProperty("through");
    expect(await here.coinsOf("moon:ben", "ada", "bob")).toEqual([1000n, 993n, 1007n]);
    expect((await here.call("GET", "/links", { as: first })).body.data).toEqual([]);
  });

  it("is named by the books, to the user and operators alone, in whichever surface it acts", async () => {
    const { db } = here.database;
    await fund(here, "rosa", "ralf");
    const first = await here.tokenOf("allinone", "rosa");
    await here.link(first, "moon", "rita");
    const as = await here.tokenOf("moon", "rita");
    const key = await here.keyOf("allinone");
    const peer = await here.tokenOf("allinone", "ralf");
    const asked = { as, body: pay("rosa", "ralf", "3"), key: "rosa pays ralf" };
    const { id } = (await here.call("POST", "/transfers", asked)).body;
    // Sent again from the user's own login it is the same request.
    const again = await here.call("POST", "/transfers", { ...asked, as: first });
    expect([again.body.id, again.body.replayed]).toEqual([id, true]);
    await here.call("POST", "/transfers", { as: first, body: pay("rosa", "ralf", "4") });
    const statement = async (reader: string, userId: string) => {
      const path = `/wallets/${userId}/accounts/game_coins/statement?limit=2`;
      const { data } = (await here.call("GET", path, { as: reader })).body;
      return data.map((entry: { through?: string }) => entry.through);
    };
    expect(await statement(first, "rosa")).toEqual([undefined, "moon:rita"]);
    expect(await statement(key, "rosa")).toEqual([undefined, undefined]);
    expect(await statement(peer, "ralf")).toEqual([undefined, undefined]);
    const shown = await Promise.all(
      [as, key, peer].map(
        async (reader) => (await here.call("GET", `/transfers/${id}`, { as: reader })).body.through,
      ),
    );
    expect(shown).toEqual(["moon:rita", undefined, undefined]);
    const path = "/wallets/rosa/accounts/game_coins/statement/export?format=csv";
    const lines = (await here.call("GET", path, { as: first })).body.split("\r\n");
    expect([lines[0].endsWith(",through"), lines[2].endsWith(",moon:rita")]).toEqual([true, true]);
    const wallet = await here.services.directory.walletNumber("rosa");
    const money = { kind: "money", after: undefined, limit: 2 } as const;
    const { events } = await readTimeline(db, { userId: "rosa", wallet }, money);
    expect(events.map(({ by, facts }) => [by, facts["through"]])).toEqual([
      ["user:rosa", undefined],
      ["user:rosa", "moon:rita"],
    ]);
  });

  it("works with the login and the bodies of the older clients", async () => {
    await here.link(await here.tokenOf("moon", "mia"), "allinone", "olga");
    const login = async (body: object) => {
      const assertion = await signAssertion("allinone", "olga");
      return caller(there, "").post("/api/allinone/auth/login", { ...body, assertion });
    };
    const { body } = await login({ allinoneUserId: "olga" });
    expect(body).toMatchObject({ userId: "moon:mia", data: { userId: "moon:mia" } });
    const user = caller(there, "olga", body.token);
    expect((await user.get(BALANCE)).status).toBe(200);
    const again = { allinoneUserId: "olga", token: body.token };
    const auto = await caller(here, "").post("/api/allinone/auth/login", again);
    expect(auto.body).toMatchObject({ userId: "moon:mia", autoLogin: true });
    const bought = async (buyerId: string) =>
      (await user.post("/api/shared/marketplace/none/purchase", { buyerId })).status;
    for (const buyerId of ["olga", "moon:mia"]) expect(await bought(buyerId)).toBe(404);
    expect(await bought("pia")).toBe(403);
  });

  it("acts as a user of the wallet's platform, within its limits and consents", async () => {
    await fund(here, "cleo", "bob", "moon:ned");
    const first = await here.tokenOf("allinone", "cleo");
    await here.link(first, "moon", "dan");
    const as = await here.tokenOf("moon", "dan");
    const keys = { moon: await here.keyOf("moon"), allinone: await here.keyOf("allinone") };
    const toMoon = pay("cleo", "moon:ned");
    for (const key of [as, keys.moon])
      expect((await here.call("POST", "/transfers", { as: key, body: toMoon })).status).toBe(404);

    const consent = { platform: "moon", currency: "game_coins", perDay: "5", verbs: ["transfer"] };
    await here.call("POST", "/wallets/cleo/consents", {
      as: first,
      body: { ...consent, reason: "play" },
    });
    // The key names the first identity by its own id, as without a link.
    const asKnown = { ...toMoon, from: "allinone:cleo" };
    for (const [key, body] of [
      [as, toMoon],
      [keys.moon, asKnown],
    ] as const)
      expect((await here.call("POST", "/transfers", { as: key, body })).status).toBe(201);

    await here.call("POST", "/limits", {
      as: keys.allinone,
      body: {
        scope: "user",
        userId: "cleo",
        currency: "game_coins",
        window: "day",
        maximum: "3",
        reason: "young",
      },
    });
    const over = await here.call("POST", "/transfers", { as, body: pay("cleo", "bob", "4") });
    expect(over.body.code).toBe("spending_limit_exceeded");
  });

  it("leaves its own wallet to its platform's key, and tells no key of the other identity", async () => {
    await fund(here, "moon:eve", "moon:ned");
    const first = await here.tokenOf("allinone", "fay");
    await here.link(first, "moon", "eve");
    const as = await here.tokenOf("moon", "eve");
    const [moon, allinone] = [await here.keyOf("moon"), await here.keyOf("allinone")];
    const own = await here.call("GET", "/wallets/eve", { as: moon });
    expect(own.body.userId).toBe("moon:eve");
    const paid = await here.call("POST", "/transfers", { as: moon, body: pay("eve", "ned") });
    expect(paid.status).toBe(201);
    expect((await here.call("GET", "/wallets/allinone:fay", { as: moon })).status).toBe(404);
    for (const [key, userId, other] of [
      [moon, "eve", "fay"],
      [allinone, "fay", "eve"],
    ] as const) {
      const exported = await here.call("GET", `/users/${userId}/export`, { as: key });
      expect(exported.body.userId).toMatch(userId);
      expect(JSON.stringify(exported.body)).not.toContain(other);
    }

    const shown = await here.call("GET", "/sessions?userId=fay", { as: allinone });
    expect(JSON.stringify(shown.body)).not.toContain("eve");
    const proved = await here.call("GET", "/sessions?userId=eve", { as: moon });
    expect(proved.body.data).toMatchObject([{ userId: "moon:eve", platform: "moon" }]);
    expect(JSON.stringify(proved.body)).not.toContain("fay");
    for (const method of ["GET", "POST"])
      expect(await here.call(method, "/links", { as: moon })).toMatchObject({ status: 403 });
    await here.call("DELETE", "/sessions?userId=eve", { as: moon });
    expect((await here.call("GET", "/wallets/fay", { as })).status).toBe(401);
    expect((await here.call("GET", "/wallets/fay", { as: first })).status).toBe(200);
  });

  it("keeps its claim on starter coins until it opens its own wallet", async () => {
    const first = await here.tokenOf("moon", "gil");
    await here.link(first, "allinone", "hana");
    const as = await here.tokenOf("allinone", "hana");
    expect((await here.call("GET", "/wallets/gil", { as })).body.userId).toBe("moon:gil");
    expect(await here.coinsOf("hana", "moon:gil")).toEqual([0n, 0n]);
    // By the id that the list shows, from the session that the identity itself opened.
    expect((await here.call("DELETE", "/links/hana", { as })).status).toBe(200);
    expect((await here.call("GET", "/wallets/gil", { as })).status).toBe(401);
    await here.tokenOf("allinone", "hana");
    expect(await here.coinsOf("hana", "moon:gil")).toEqual([1000n, 0n]);
    const log = await here.database.db.query(
      `select caller, what, before, after from newday.policy_changes
        where subject = 'link:hana' order by sequence`,
    );
    expect(log).toEqual([
      { caller: "user:moon:gil", what: "link", before: null, after: { userId: "moon:gil" } },
      { caller: "user:hana", what: "unlink", before: { userId: "moon:gil" }, after: null },
    ]);
  });

  it("is linked once however often the same two ask, twenty at most to a wallet", async () => {
    const first = await here.tokenOf("allinone", "ida");
    const once = await here.link(first, "moon", "l1");
    const as = await here.tokenOf("moon", "l1");
    const twice = await here.link(first, "moon", "l1");
    expect(twice).toMatchObject({ status: 201, body: { linkedAt: once.body.linkedAt } });
    expect(twice.body.endedSessions).toBe(0);
    expect((await here.call("GET", "/links", { as })).status).toBe(200);
    await here.database.db.query(
      `with named as (insert into newday.users (user_id, platform, external_id, display_name)
          select 'moon:m' || n, 'moon', 'm' || n, 'm' from generate_series(1, 19) n returning user_id)
        insert into newday.identity_links (linked_user_id, user_id, linked_by)
          select user_id, 'ida', 'test' from named`,
    );
    expect((await here.link(first, "moon", "l21")).body.code).toBe("too_many_links");
  });
});
