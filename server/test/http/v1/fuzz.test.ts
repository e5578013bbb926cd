/**
 * Every request is answered with a 2xx or a problem with a code of the catalogue, never a fault.
 */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ERRORS } from "../../../src/errors/error-table.ts";
import { expectSound } from "../../support/ledger.ts";
import { share } from "../../support/test-end.ts";
import { useV1, type Reply } from "./support.ts";

const RUNS = { numRuns: 150 };

const hostileText = fc.oneof(
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.constantFrom(
    "",
    "0",
    "-0",
    "00",
    "1e9",
    "1.0",
    " 1",
    "9223372036854775807",
    "9223372036854775808",
    "99999999999999999999999",
    "NaN",
    "Infinity",
    "0x10",
    "١",
    "\u0000",
    "\ud800",
    "__proto__",
    "constructor",
    "system",
    "system:newday:mint",
    "../..",
    "alice",
    "bob",
    "game_coins",
  ),
);

const hostile = fc.oneof(
  { arbitrary: hostileText, weight: 6 },
  { arbitrary: fc.jsonValue({ maxDepth: 2 }), weight: 2 },
  { arbitrary: fc.constantFrom(null, true, 0, -1, 1.5, 1e308, [], {}), weight: 1 },
);

const BODIES: Readonly<Record<string, readonly string[]>> = {
  "/transfers": [
    "from",
    "to",
    "currency",
    "amount",
    "reference",
    "reason",
    "metadata",
    "effectiveAt",
  ],
  "/transfers/up-to": ["from", "to", "currency", "maximum"],
  "/transfers/legs": ["legs"],
  "/transfers/bulk": ["mode", "transfers"],
  "/mints": ["userId", "currency", "amount"],
  "/holds": ["from", "to", "currency", "amount", "expiresAt"],
  "/exchanges": ["userId", "from", "to", "amount", "quote"],
  "/quotes": ["from", "to", "amount"],
  "/items/grants": ["userId", "name", "type", "stats", "quantity", "imageUrl", "icon"],
  "/listings": ["itemId", "prices", "quantity", "startsAt", "endsAt"],
  "/purchases": ["userId", "listingId", "quantity", "currency", "price"],
  "/stock": ["item", "price", "stock", "perUserLimit", "buyers", "startsAt", "endsAt"],
};

const GOOD: Readonly<Record<string, unknown>> = {
  from: "alice",
  to: "bob",
  userId: "alice",
  currency: "game_coins",
  amount: "1",
  maximum: "1",
  name: "n",
  type: "tool",
  mode: "independent",
  quantity: 1,
  itemId: "x",
  listingId: "y",
};

function expectAnswered(reply: Reply, sent: unknown): void {
  const text = `${reply.status} ${JSON.stringify(sent)} -> ${JSON.stringify(reply.body)}`;
  expect(reply.status, text).toBeLessThan(500);
  if (reply.status >= 400) expect(Object.keys(ERRORS), text).toContain(reply.body.code);
}

describe("hostile input", () => {
  const shared = share(() => useV1());

  it("in any field of any body is answered, and leaves the books sound", async () => {
    const { call, database } = await useV1();
    const request = fc.constantFrom(...Object.keys(BODIES)).chain((path) =>
      fc.record({
        path: fc.constant(path),
        fields: fc.dictionary(fc.constantFrom(...(BODIES[path] ?? [])), hostile, { maxKeys: 2 }),
        good: fc.boolean(),
      }),
    );
    await fc.assert(
      fc.asyncProperty(request, async ({ path, fields, good }) => {
        const names = BODIES[path] ?? [];
        const base = Object.fromEntries(
          names.filter((name) => good && name in GOOD).map((name) => [name, GOOD[name]]),
        );
        const body = { ...base, ...fields };
        expectAnswered(await call("POST", path, { body }), { path, body });
      }),
      RUNS,
    );
    await expectSound(database.db);
  });

  it("in any path and query is answered", async () => {
    const { call } = await useV1();
    const paths = fc.constantFrom(
      (id: string) => `/wallets/${id}`,
      (id: string) => `/wallets/${id}/items`,
      (id: string) => `/wallets/${id}/accounts/game_coins/statement`,
      (id: string) => `/wallets/alice/accounts/${id}`,
      (id: string) => `/transfers/${id}`,
      (id: string) => `/holds/${id}`,
      (id: string) => `/items/${id}/history`,
      (id: string) => `/listings/${id}`,
      () => "/wallets/alice/holds",
      () => "/listings",
    );
    const query = fc.dictionary(
      fc.constantFrom(
        "limit",
        "cursor",
        "from",
        "until",
        "at",
        "q",
        "sort",
        "priceMin",
        "currency",
      ),
      hostileText,
      { maxKeys: 2 },
    );
    await fc.assert(
      fc.asyncProperty(paths, hostileText, query, async (path, id, values) => {
        const search = new URLSearchParams(
          Object.entries(values).map(([name, value]): [string, string] => [
            name,
            value.toWellFormed(),
          ]),
        );
        const url = `${path(encodeURIComponent(id.toWellFormed()))}?${search.toString()}`;
        expectAnswered(await call("GET", url), url);
      }),
      RUNS,
    );
  });

  it.each(["\u0000", "a\u0000b", "\ud800", "\u0007"])(
    "that PostgreSQL cannot store is refused wherever it stands: %j",
    async (text) => {
      const { call } = shared();
      const pay = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
      const grant = { userId: "alice", name: "n", type: "tool" };
      const bodies: [string, object][] = [
        ["/transfers", { ...pay, reference: text }],
        ["/transfers", { ...pay, metadata: { note: text } }],
        ["/transfers", { ...pay, metadata: { [text]: 1 } }],
        ["/items/grants", { ...grant, name: text }],
        ["/items/grants", { ...grant, stats: { [text]: 1 } }],
        ["/items/grants", { ...grant, stats: { a: text } }],
        ["/items/grants", { ...grant, description: text }],
        ["/purchases", { userId: "alice", listingId: text }],
        ["/listings", { itemId: text, prices: { game_coins: "1" } }],
      ];
      for (const [path, body] of bodies) {
        const reply = await call("POST", path, { body });
        expect([path, body, reply.status]).toEqual([path, body, 400]);
      }
      const id = encodeURIComponent(text.toWellFormed());
      for (const path of [`/items/${id}`, `/listings/${id}`, `/listings?q=${id}`])
        expectAnswered(await call("GET", path), path);
      expectAnswered(await call("GET", `/listings?sellerId=${id}`), id);
    },
  );

  it.each([
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59-23:59",
    "2026-13-01T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-11-23T24:00:00Z",
  ])("as a time that no calendar of ours holds is refused: %s", async (time) => {
    const { call } = shared();
    const body = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    const posted = await call("POST", "/transfers", { body: { ...body, effectiveAt: time } });
    expect([posted.status, posted.body.field]).toEqual([400, "effectiveAt"]);
    const at = `/wallets/alice/accounts/game_coins/balance?at=${encodeURIComponent(time)}`;
    expect((await call("GET", at)).status).toBe(400);
  });

  it("as a time with nanoseconds, as many clients write it, is none", async () => {
    const { call } = shared();
    const body = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
    const effectiveAt = "2026-11-22T08:00:00.123456789Z";
    const { status, body: sent } = await call("POST", "/transfers", {
      body: { ...body, effectiveAt },
    });
    expect([status, sent.effectiveAt]).toEqual([201, "2026-11-22T08:00:00.123Z"]);
  });

  it("as a cursor is refused, however near to a real one", async () => {
    const { call } = shared();
    const { nextCursor } = (await call("GET", "/listings?limit=1")).body;
    expect(nextCursor).toEqual(expect.any(String));
    const real = Buffer.from(nextCursor, "base64url");
    await fc.assert(
      fc.asyncProperty(
        fc.nat(real.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, by) => {
          const edited = Buffer.from(real);
          edited[at] = (edited[at] ?? 0) ^ by;
          const cursor = edited.toString("base64url");
          const reply = await call("GET", `/listings?limit=1&cursor=${cursor}`);
          expect([reply.status, reply.body.code]).toEqual([400, "invalid_cursor"]);
        },
      ),
      RUNS,
    );
  });
});
