/** Forged cursors, by a reader of their format. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { decodeCursor, encodeCursor } from "../../../src/http/v1/request/cursor.ts";
import { useV1, type TestV1 } from "./support.ts";

/** Every list, with the words that its cursors are bound to. */
async function lists({ call, database }: TestV1): Promise<[string, unknown, string[]][]> {
  const { id: wallet } = (await call("GET", "/wallets/alice")).body;
  const granted = await call("POST", "/items/grants", {
    body: { userId: "alice", name: "Sword", type: "weapon" },
  });
  expect(granted.status).toBe(201);
  const itemId = granted.body.item.id;
  const [account] = await database.db.query<{ account: bigint }>(
    `select a.id as account from newday.accounts a join newday.currencies c on c.number = a.id & 65535
     where c.code = 'game_coins' and a.id >> 16 = (select number from newday.ledger_wallets where user_id = 'alice')`,
  );
  return [
    ["/wallets/alice/holds?", ["holds", wallet], ["createdAt", "id"]],
    ["/wallets/alice/items?", ["items", wallet, "owned", null, null], ["at", "id"]],
    [`/items/${itemId}/history?`, ["history", itemId], ["version"]],
    ["/wallets/alice/purchases?", ["purchases", wallet, "buyer", {}], ["at", "id"]],
    ["/recipes?", ["recipes", "allinone"], ["id"]],
    [
      "/wallets/alice/accounts/game_coins/statement?",
      ["statement", `${account?.account}`, undefined, undefined],
      ["version"],
    ],
  ];
}

const GOOD = "2026-11-28 20:00:00.123456+00";
const HOSTILE = [
  "",
  "x",
  "-1",
  "1e9",
  "NaN",
  "9223372036854775808",
  "99999999999999999999",
  " 1",
  "0x1",
  "infinity",
  "now",
  "2026-02-30 00:00:00+00",
  "2026-13-01 00:00:00+00",
  "0000-01-01 00:00:00+00",
  "2026-01-01 24:00:01+00",
  "2026-01-01 00:00:00+99",
  "294277-01-01 00:00:00+00",
  "a\u0000b",
  "\ud800",
  "'; drop table x",
  GOOD,
  "1",
  "0198c0de-0000-7000-8000-000000000001",
];

it("M7: a forged position is 400 or a page, never 500, in every list", async () => {
  const test = await useV1();
  const statuses = new Set<number>();
  for (const [path, listing, names] of await lists(test)) {
    const positions = HOSTILE.flatMap((hostile) =>
      names.map((name) =>
        Object.fromEntries(
          names.map((one) => [one, one === name ? hostile : one === "id" ? "1" : GOOD]),
        ),
      ),
    );
    const whole = [null, [], 7, {}, { ...positions[0], more: "x" }, { [names[0] ?? ""]: 7 }];
    for (const position of [...positions, ...whole]) {
      const cursor = encodeCursor(listing, position as Record<string, string>);
      const reply = await test.call("GET", `${path}cursor=${cursor}`);
      expect([path, position, reply.status === 200 || reply.body.code]).toEqual([
        path,
        position,
        reply.status === 200 ? true : "invalid_cursor",
      ]);
      statuses.add(reply.status);
    }
    const refused = await test.call(
      "GET",
      `${path}cursor=${encodeCursor(listing, { id: "\u0000" })}`,
    );
    expect([path, refused.status]).toEqual([path, 400]);
  }
  expect(statuses).toEqual(new Set([200, 400]));
});

it("M7: what this server gave out is what it reads", () => {
  fc.assert(
    fc.property(
      fc.date({ min: new Date("1970-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
      fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }),
      (date, version) => {
        const at = date.toISOString().replace("T", " ").replace("Z", "+00");
        const position = { at, version: `${version}` };
        const cursor = encodeCursor("list", position);
        expect(decodeCursor("list", cursor, { at: "time", version: "number" })).toEqual(position);
      },
    ),
  );
});

it.each(["A", "_", "=", ".", "\u0000"])("with %j behind it is refused", async (letter) => {
  const { call } = await useV1();
  const { nextCursor } = (await call("GET", "/listings?limit=1")).body;
  const cursor = encodeURIComponent(`${nextCursor}${letter}`);
  const reply = await call("GET", `/listings?limit=1&cursor=${cursor}`);
  expect([reply.status, reply.body.code]).toEqual([400, "invalid_cursor"]);
});

it.each(["0x10", "1e1", " 1", "1.0", "+1", "01", ""])(
  "a limit that JSON does not spell so is refused: %j",
  async (limit) => {
    const { call } = await useV1();
    const reply = await call("GET", `/listings?limit=${encodeURIComponent(limit)}`);
    expect([reply.status, reply.body.code, reply.body.field]).toEqual([
      400,
      "invalid_field",
      "limit",
    ]);
  },
);
