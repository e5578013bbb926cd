/** The way of an erasure through append-only rows is narrow: it takes a person out, and changes nothing else. */
import { createHmac } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database);
  await db.query(`insert into newday.policy_changes (id, caller, what, subject, reason, after)
    values (gen_random_uuid(), 'user:ada', 'limit', 'limit:1', 'why', '{}')`);
  await db.query(`insert into newday.purchases (id, listing_id, buyer_id, currency, price, commission,
      total_amount, seller_receives, sale_type)
    values ('p', 'l', 'ada', 'game_coins', 5, 0, 5, 5, 'player_market')`);
});
afterAll(() => database.drop());

/** As the SQL function of the erasure does. */
function whileErasing(change: string) {
  return db.transaction(async (tx) => {
    await tx.query("select set_config('newday.erasure', 'on', true)");
    await tx.query(change);
  });
}

describe("An append-only row", () => {
  it.each([
    "update newday.purchases set price = 6",
    "update newday.purchases set buyer_id = 'bob'",
    "update newday.policy_changes set reason = 'another'",
    "update newday.policy_changes set what = 'erased'",
    "update newday.policy_changes set salts[3] = '\\x00'",
    "update newday.policy_changes set link = sha256('')",
    "delete from newday.purchases",
    "truncate newday.policy_changes",
  ])("refuses %s, also while a person is erased", async (change) => {
    await expect(whileErasing(change)).rejects.toMatchObject({ code: "ND002" });
  });

  it("refuses the removal of a person outside an erasure", async () => {
    const change = db.query("update newday.purchases set buyer_id = 'erased:1'");
    await expect(change).rejects.toThrow(/append-only/);
  });

  it("lets the person go", async () => {
    await whileErasing("update newday.purchases set buyer_id = 'erased:1'");
    await whileErasing("update newday.policy_changes set reason = null, salts[3] = null");
  });
});

it("does not erase a wallet whose erasure the engine has not begun", async () => {
  await db.query("insert into newday.ledger_wallets (number, id, user_id) values (77, 'w', 'eve')");
  const erased = db.query("select newday.erase_person(77, 'allinone', 0)");
  await expect(erased).rejects.toThrow(/has not begun/);
});

it("marks a person by HMAC-SHA-256 under a key that reports cannot read", async () => {
  const [row] = await db.query<{ key: Buffer; mark: Buffer; read: boolean; use: boolean }>(
    `select key, newday.person_mark('Zoë') as mark,
        has_table_privilege('newday_read', 'newday.erasure_keys', 'select') as read,
        has_function_privilege('newday_read', 'newday.person_mark(text)', 'execute') as use
      from newday.erasure_keys`,
  );
  const expected = createHmac("sha256", row?.key ?? "")
    .update("Zoë")
    .digest("hex");
  expect(row?.mark.toString("hex")).toBe(expected);
  expect([row?.read, row?.use]).toEqual([false, false]);
});
