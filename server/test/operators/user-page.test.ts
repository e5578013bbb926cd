/** A user's page, timeline, export and erasure at /api/admin, against what was really done. */
import { expect, it } from "vitest";
import { useV1 } from "../http/v1/support.ts";
import { newKey, useOperatorOf, useOwner } from "../support/operator-browser.ts";
import { share } from "../support/test-end.ts";

const REASON = "ticket 4711";

const opened = share(async () => {
  const v1 = await useV1();
  const owner = await useOwner(v1);
  const second = await useOperatorOf(v1, owner, { login: "bo", role: "owner" });
  const support = await useOperatorOf(v1, owner, { login: "sol", role: "support" });
  return { v1, owner, second, support };
});

async function post(path: string, body: object) {
  const reply = await opened().v1.call("POST", path, { body });
  expect([path, reply.status, reply.body.code]).toEqual([path, 201, undefined]);
  return reply.body;
}

interface Event {
  readonly kind: string;
  readonly event: string;
  readonly at: string;
  readonly by: string | null;
  readonly facts: Readonly<Record<string, unknown>>;
}

/** Every page, with something done in between. */
async function timelineOf(
  userId: string,
  query: string,
  between: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Event[]> {
  const events: Event[] = [];
  let cursor = "";
  for (;;) {
    const path = `/users/${userId}/timeline?${query}${cursor && `&cursor=${cursor}`}`;
    const { status, body } = await opened().support.call("GET", path);
    expect([path, status, body.code]).toEqual([path, 200, undefined]);
    events.push(...(body.data as Event[]));
    if (body.nextCursor === null) return events;
    cursor = body.nextCursor as string;
    await between();
  }
}

const nameOf = ({ kind, event }: Event) => `${kind} ${event}`;
/** Without the time of an event and what else differs from run to run. */
const identityOf = (event: Event) => JSON.stringify(event);

it("is one timeline of what was done, by whom, in pages of any size", async () => {
  const { v1, support } = opened();
  await v1.login("alice");
  await post("/transfers", {
    from: "alice",
    to: "bob",
    currency: "game_coins",
    amount: "100",
    reason: "dinner",
  });
  const sword = (await post("/items/grants", { userId: "alice", name: "Sword", type: "weapon" }))
    .item;
  const shield = (await post("/items/grants", { userId: "alice", name: "Shield", type: "armor" }))
    .item;
  await post(`/items/${sword.id}/gifts`, { to: "bob" });
  const listing = await post("/listings", { itemId: shield.id, prices: { game_coins: "50" } });
  await post("/purchases", { userId: "bob", listingId: listing.id });
  await post("/limits", {
    scope: "user",
    userId: "alice",
    currency: "game_coins",
    window: "day",
    maximum: "900",
    reason: "young",
  });
  await support.call("POST", "/users/alice/freezes", { reason: REASON }, newKey());
  await support.call("DELETE", "/users/alice/freezes", { reason: REASON }, newKey());

  const whole = await timelineOf("alice", "limit=200");
  expect(whole.map(nameOf).toSorted()).toEqual(
    [
      "acts user freeze",
      "acts user unfreeze",
      "items give",
      "items grant",
      "items grant",
      "items list",
      "market list",
      "market sell",
      "money open_wallet",
      "money market_purchase",
      "money transfer",
      "rules limit",
      "rules user-freeze",
      "rules user-freeze",
      "sessions login",
    ].toSorted(),
  );
  expect(whole.find((event) => event.event === "transfer")).toMatchObject({
    by: "platform:allinone",
    facts: { amount: "-100", counterparty: "bob", currency: "game_coins", reason: "dinner" },
  });
  expect(whole.find((event) => event.event === "sell")).toMatchObject({
    facts: { buyer: "bob", name: "Shield", price: "50" },
  });
  expect(whole.find((event) => nameOf(event) === "acts user freeze")).toMatchObject({
    by: "operator:sol",
    facts: { reason: REASON },
  });
  const times = whole.map(({ at }) => at);
  expect(times).toEqual(times.toSorted().toReversed());

  const inPages = await timelineOf("alice", "limit=2", () =>
    post("/transfers", { from: "bob", to: "alice", currency: "game_coins", amount: "1" }),
  );
  expect(inPages.map(identityOf)).toEqual(whole.map(identityOf));
  const newest = await timelineOf("alice", "limit=200");
  for (const kind of ["money", "items", "market", "sessions", "rules", "acts"])
    expect(await timelineOf("alice", `kind=${kind}&limit=3`)).toEqual(
      newest.filter((event) => event.kind === kind),
    );
});

it("shows everything about a user on a page, and opens no wallet", async () => {
  const { v1, support } = opened();
  await post("/items/grants", { userId: "carol", name: "Lamp", type: "tool" });
  await v1.login("carol");
  await v1.call("POST", "/users/carol/freeze", { body: { reason: "chargeback" } });
  const { body } = await support.call("GET", "/users/carol");
  expect(body).toMatchObject({
    user: { userId: "carol", platform: "allinone", verifiedAt: null },
    flags: { player: false, testUser: false, erased: false },
    counts: { items: 1, listings: 0, openHolds: 0 },
    freezes: { operator: null, platform: { reason: "chargeback", debits: true } },
    limits: [],
    links: { opens: null, openedBy: [] },
  });
  expect(body.accounts).toEqual([
    expect.objectContaining({ currency: "game_coins", balance: "1000" }),
  ]);
  expect(body.sessions).toEqual([expect.objectContaining({ platform: "allinone" })]);

  const { db } = v1.services;
  await db.query(
    "insert into newday.users (user_id, platform, external_id, display_name) values ('visitor', 'allinone', 'visitor', 'V')",
  );
  const visitor = await support.call("GET", "/users/visitor");
  expect(visitor.body).toMatchObject({ wallet: null, accounts: [], starterClaim: "0" });
  expect(await timelineOf("visitor", "limit=5")).toEqual([]);
  const [wallet] = await db.query("select 1 from newday.ledger_wallets where user_id = 'visitor'");
  expect(wallet).toBeUndefined();
});

it.each(["", "/timeline", `/export?reason=${encodeURIComponent(REASON)}`])(
  "names an unknown id: /users/unknown-user%s",
  async (path) => {
    for (const id of ["unknown-user", "system:newday:mint"]) {
      const { status, body } = await opened().support.call("GET", `/users/${id}${path}`);
      expect([status, body.field]).toEqual([404, "userId"]);
    }
  },
);

it("exports for support, and says in the log who read it and why", async () => {
  const { support, owner } = opened();
  const path = `/users/bob/export?reason=${encodeURIComponent(REASON)}`;
  expect((await support.call("GET", "/users/bob/export")).body.field).toBe("reason");
  const { status, body } = await support.call("GET", path);
  expect([status, body.schema, body.userId]).toEqual([200, "newday.person/1", "bob"]);
  const acts = await owner.call("GET", "/acts?subject=bob");
  expect(acts.body.data[0]).toMatchObject({
    what: "user export",
    operator: "operator:sol",
    reason: REASON,
  });
});

it("erases by two owners: previewed, refused with property, logged without the person", async () => {
  const { v1, support, owner, second } = opened();
  await v1.call("PUT", "/wallets/dora", { key: null });
  await post("/items/grants", { userId: "dora", name: "Rope", type: "tool" });
  const erase = (body: object, query = "") =>
    owner.call("POST", `/users/dora/erasure${query}`, { reason: REASON, ...body }, newKey());
  expect((await support.call("POST", "/users/dora/erasure", { reason: REASON })).status).toBe(403);
  const planned = await erase({}, "?dryRun=true");
  expect(planned.body).toMatchObject({
    status: "planned",
    blockers: expect.arrayContaining(["items"]),
  });
  expect((await erase({})).body).toMatchObject({ status: 409, code: "erasure_blocked" });
  const before = await owner.call("GET", "/acts?subject=dora");
  expect(before.body.data).toEqual([]);
  const asked = await erase({ open: "settle", property: "forfeit" });
  expect([asked.status, asked.body.needsApproval]).toEqual([202, true]);
  expect((await support.call("GET", "/users/dora")).status).toBe(200);
  const path = `/approvals/${asked.body.approval}/approval`;
  expect((await owner.call("POST", path, {}, newKey())).body.code).toBe("approval_of_own");
  const key = newKey();
  const done = await second.call("POST", path, {}, key);
  expect(done.body).toMatchObject({ what: "user erase", after: { erasedOn: expect.any(String) } });
  expect((await second.call("POST", path, {}, key)).body).toMatchObject({ replayed: true });
  expect((await support.call("GET", "/users/dora")).status).toBe(404);
  expect((await owner.call("GET", "/users?q=dora")).body.data).toEqual([]);
  const acts = await owner.call("GET", "/acts");
  const logged = acts.body.data
    .slice(0, 3)
    .map(({ what, operator }: { what: string; operator: string }) => `${what} by ${operator}`);
  expect(logged).toEqual([
    "user erase by operator:ada",
    "approval approve by operator:bo",
    "approval ask by operator:ada",
  ]);
  expect(JSON.stringify(acts.body)).not.toContain("dora");
});

it("searches through the route in pages, and refuses a text of marks alone", async () => {
  const { support } = opened();
  const first = await support.call("GET", "/users?q=o&limit=1");
  expect(first.body.data).toHaveLength(1);
  const cursor = first.body.nextCursor as string;
  const second = await support.call("GET", `/users?q=o&limit=200&cursor=${cursor}`);
  const found = [...first.body.data, ...second.body.data].map(({ userId }) => userId);
  expect(found).toEqual(expect.arrayContaining(["bob", "carol"]));
  expect(new Set(found).size).toBe(found.length);
  const other = await support.call("GET", `/users?q=a&cursor=${cursor}`);
  expect([other.status, other.body.code]).toEqual([400, "invalid_cursor"]);
  const marks = await support.call("GET", `/users?q=${encodeURIComponent("\u0301")}`);
  expect([marks.status, marks.body.field]).toEqual([400, "q"]);
});
