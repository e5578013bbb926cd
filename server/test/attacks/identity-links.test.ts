/** What is tried with links of identities against two servers in production. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resumePlatform, suspendPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { rotatePlatformSecret } from "../../src/identity/platforms/secret-changes.ts";
import { useTestApp } from "../support/app.ts";
import { signAssertion } from "../support/assertions.ts";
import { expectSound } from "../support/ledger.ts";
import { caller } from "../support/market.ts";
import { addTestPlatform, BY_TEST, TEST_KEY_SOURCE } from "../support/platforms.ts";
import { openForFile } from "../support/test-end.ts";
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

const codeOf = async (reply: Promise<{ body: { code?: string } }>) => (await reply).body.code;
const statusAs = async (test: TestLinks, as: string) =>
  (await test.call("GET", "/sessions", { as })).status;

async function linkedPairs(): Promise<{ linked: string; opens: string }[]> {
  return here.database.db.query(
    "select linked_user_id as linked, user_id as opens from newday.identity_links order by 1",
  );
}

describe("a link without the proof of both", () => {
  it("is refused for a stolen session, a key, an older login and another text", async () => {
    const [first, stolen] = [
      await here.tokenOf("allinone", "ada"),
      await here.tokenOf("moon", "ben"),
    ];
    const link = (as: string | null, assertion: string) =>
      here.call("POST", "/links", { as, body: { assertion } });
    for (const text of [stolen, "no.jwt.here", await signAssertion("mars", "ben")])
      expect((await link(first, text)).status).toBe(401);
    const forged = await signAssertion("moon", "ben", { iss: "steam" });
    expect((await link(first, forged)).status).toBe(401);
    const fresh = () => signAssertion("moon", "ben");
    expect((await link(null, await fresh())).status).toBe(401);
    for (const platform of ["allinone", "moon"])
      expect((await link(await here.keyOf(platform), await fresh())).status).toBe(403);

    const sandbox = linksOn(await useTestApp({ database: here.database }));
    const login = { allinoneUserId: "unverified-ada" };
    const old = await caller(sandbox, "").post("/api/allinone/auth/login", login);
    const unverified = await sandbox.link(old.body.token, "moon", "ben");
    expect(unverified).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect(await linkedPairs()).toEqual([]);
    expect(await statusAs(there, stolen)).toBe(200);
  });

  it("is refused with an assertion that was used, by a login or by another link", async () => {
    const first = await here.tokenOf("allinone", "cleo");
    const assertion = await signAssertion("moon", "dan");
    const body = { assertion };
    expect((await here.call("POST", "/sessions", { as: null, body })).status).toBe(201);
    expect((await here.call("POST", "/links", { as: first, body })).status).toBe(401);
    const second = { assertion: await signAssertion("moon", "dan") };
    const replies = await Promise.all(
      [here, there, here].map((test) => test.call("POST", "/links", { as: first, body: second })),
    );
    expect(replies.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401, 401]);
    expect((await there.call("POST", "/sessions", { as: null, body: second })).status).toBe(401);
  });
});

describe("a collision", () => {
  it("is named and changes nothing: oneself, a third person, a chain, a cycle", async () => {
    await fund(here, "col-a", "moon:col-b", "steam:col-c");
    const a = await here.tokenOf("allinone", "col-a");
    const c = await here.tokenOf("steam", "col-c");
    expect(await codeOf(here.link(a, "allinone", "col-a"))).toBe("link_to_itself");
    expect((await here.link(a, "moon", "col-b")).status).toBe(201);
    expect(await codeOf(here.link(c, "moon", "col-b"))).toBe("linked_elsewhere");
    // a has a link, so it opens its own wallet for good.
    expect(await codeOf(here.link(c, "allinone", "col-a"))).toBe("identity_has_links");
    const throughB = await here.tokenOf("moon", "col-b");
    expect(await codeOf(here.link(throughB, "steam", "col-c"))).toBe("forbidden");
    expect(await codeOf(here.link(throughB, "allinone", "col-a"))).toBe("forbidden");
    expect(await here.coinsOf("col-a", "moon:col-b", "steam:col-c")).toEqual([1000n, 1000n, 1000n]);
    expect(await statusAs(here, c)).toBe(200);
  });

  it("is found also when two links are asked for at once, on two servers", async () => {
    for (let round = 0; round < 6; round += 1) {
      const [one, two, three] = [`race-a${round}`, `race-b${round}`, `race-c${round}`];
      const [a, b, c] = await Promise.all([
        here.tokenOf("allinone", one),
        here.tokenOf("moon", two),
        here.tokenOf("steam", three),
      ]);
      const replies = await Promise.all([
        here.link(a, "moon", two),
        there.link(b, "allinone", one),
        there.link(c, "moon", two),
        here.link(b, "steam", three),
        here.logIn("moon", two),
        there.logIn("allinone", one),
      ]);
      expect(replies.every(({ status }) => [201, 401, 409].includes(status))).toBe(true);
      const pairs = (await linkedPairs()).filter(({ linked }) => /race/.test(linked));
      const opened = new Set(pairs.map(({ opens }) => opens));
      expect(pairs.filter(({ linked }) => opened.has(linked))).toEqual([]);
      const dead = await here.database.db.query(
        `select s.user_id from newday.sessions s join newday.identity_links l
          on l.linked_user_id = s.user_id where s.revoked_at is null`,
      );
      expect(dead).toEqual([]);
    }
    expect((await linkedPairs()).some(({ linked }) => /race/.test(linked))).toBe(true);
  });
});

describe("a frozen or suspended side", () => {
  it("stops the link, its logins and its live sessions on every server, and no others", async () => {
    await fund(here, "fr-a", "moon:fr-b");
    const first = await here.tokenOf("allinone", "fr-a");
    const keys = { a: await here.keyOf("allinone"), b: await here.keyOf("moon") };
    const freeze = (as: string, userId: string, verb = "freeze") =>
      here.call("POST", `/users/${userId}/${verb}`, { as, body: { reason: "sold coins" } });
    await freeze(keys.b, "fr-b");
    expect(await codeOf(here.link(first, "moon", "fr-b"))).toBe("user_frozen");
    await freeze(keys.b, "fr-b", "unfreeze");
    expect((await here.link(first, "moon", "fr-b")).status).toBe(201);
    const through = await there.tokenOf("moon", "fr-b");
    expect(await statusAs(there, through)).toBe(200);

    await freeze(keys.b, "fr-b");
    await expect.poll(() => statusAs(there, through)).toBe(403);
    expect(await codeOf(here.logIn("moon", "fr-b"))).toBe("user_frozen");
    expect(await statusAs(there, first)).toBe(200);
    await freeze(keys.b, "fr-b", "unfreeze");
    await expect.poll(() => statusAs(there, through)).toBe(200);

    await freeze(keys.a, "fr-a");
    await expect.poll(() => statusAs(there, through)).toBe(403);
    expect(await codeOf(here.logIn("moon", "fr-b"))).toBe("user_frozen");
    await freeze(keys.a, "fr-a", "unfreeze");
  });

  it("also when the platform of either is suspended, or withdraws the secret", async () => {
    const { db } = here.database;
    for (const name of ["pluto", "venus"]) await addTestPlatform(db, name);
    for (const { services } of [here, there]) services.credentials.evictAll();
    const first = await here.tokenOf("pluto", "su-a");
    expect((await here.link(first, "venus", "su-b")).status).toBe(201);
    const through = await there.tokenOf("venus", "su-b");
    for (const [name, alone] of [
      ["pluto", 403],
      ["venus", 200],
    ] as const) {
      await suspendPlatform(db, { ...BY_TEST, reason: "an attack" }, TEST_KEY_SOURCE, name);
      await expect.poll(() => statusAs(there, through)).toBe(403);
      expect(await codeOf(there.logIn("venus", "su-b"))).toBe("platform_suspended");
      expect(await statusAs(there, first)).toBe(alone);
      await resumePlatform(db, BY_TEST, TEST_KEY_SOURCE, name);
      await expect.poll(() => statusAs(there, through)).toBe(200);
    }
    await rotatePlatformSecret(db, BY_TEST, TEST_KEY_SOURCE, { name: "venus", keepOldForMs: 0 });
    await expect.poll(() => statusAs(there, through)).toBe(401);
    expect(await statusAs(there, first)).toBe(200);
  });
});

describe("unlinking", () => {
  it("is refused to other users, keys, other linked identities and ended sessions", async () => {
    await fund(here, "un-a", "moon:un-b", "steam:un-c");
    const first = await here.tokenOf("allinone", "un-a");
    await here.link(first, "moon", "un-b");
    await here.link(first, "steam", "un-c");
    const [b, c] = [await here.tokenOf("moon", "un-b"), await there.tokenOf("steam", "un-c")];
    const unlink = (as: string, userId = "moon:un-b") =>
      there.call("DELETE", `/links/${userId}`, { as });
    const other = await here.tokenOf("allinone", "un-x");
    expect(await codeOf(unlink(other))).toBe("link_not_found");
    expect(await codeOf(unlink(await here.keyOf("moon")))).toBe("forbidden");
    expect(await codeOf(unlink(c))).toBe("forbidden");
    expect(await codeOf(unlink(first, "moon:unlinked"))).toBe("link_not_found");
    expect(await codeOf(unlink(first, "system"))).toBe("invalid_user_id");
    expect((await unlink(b)).status).toBe(200);
    expect((await unlink(b)).status).toBe(401);
    expect(await codeOf(unlink(first))).toBe("link_not_found");
    expect(await statusAs(here, c)).toBe(200);
    expect(await here.coinsOf("un-a", "moon:un-b", "steam:un-c")).toEqual([1000n, 1000n, 1000n]);
  });

  it("leaves no session of a login that raced with it", async () => {
    const first = await here.tokenOf("allinone", "ra-a");
    for (let round = 0; round < 5; round += 1) {
      await here.link(first, "moon", "ra-b");
      const [ended, login] = await Promise.all([
        here.call("DELETE", "/links/moon:ra-b", { as: first }),
        there.logIn("moon", "ra-b"),
      ]);
      expect([ended.status, login.status]).toEqual([200, 201]);
      const { userId, token } = login.body;
      if (userId === "moon:ra-b") expect(await statusAs(there, token)).toBe(200);
      else await expect.poll(() => statusAs(there, token)).toBe(401);
    }
  });
});

describe("an erased side", () => {
  it("takes its links and their sessions with it, and leaves the other one's wallet alone", async () => {
    const erase = async (platform: string, userId: string) =>
      here.call("POST", `/users/${userId}/erasure`, {
        as: await here.keyOf(platform),
        body: { reason: "case 7", open: "settle", property: "forfeit" },
      });
    await fund(here, "er-a", "moon:er-b", "moon:er-c");
    const first = await here.tokenOf("allinone", "er-a");
    for (const sub of ["er-b", "er-c"]) await here.link(first, "moon", sub);
    const [b, c] = [await here.tokenOf("moon", "er-b"), await there.tokenOf("moon", "er-c")];

    expect((await erase("moon", "er-b")).status).toBe(200);
    expect(await statusAs(here, b)).toBe(401);
    expect((await here.call("GET", "/links", { as: c })).body.data).toMatchObject([
      { userId: "moon:er-c" },
    ]);
    expect((await here.logIn("moon", "er-b")).body).toMatchObject({
      userId: "moon:er-b",
      isNewUser: true,
    });

    expect((await erase("allinone", "er-a")).status).toBe(200);
    await expect.poll(() => statusAs(there, c)).toBe(401);
    expect((await there.logIn("moon", "er-c")).body.userId).toBe("moon:er-c");
    expect(await here.coinsOf("moon:er-c")).toEqual([1000n]);
    const left = await here.database.db.query(
      "select subject from newday.policy_changes where subject ~ 'er-[ab]' or caller ~ 'er-[ab]'",
    );
    expect(left).toEqual([]);
  });
});
