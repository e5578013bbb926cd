/** The export has everything about one person and nothing about another, in pages. */
import { mkdtempSync, readFileSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { exportPerson } from "../../src/privacy/export-person.ts";
import { secretOf, signAssertion } from "../support/assertions.ts";
import { useTestDatabase } from "../support/database.ts";
import { grantStack } from "../support/market.ts";
import { useV1 } from "../http/v1/support.ts";
import { newKey, useOwner } from "../support/operator-browser.ts";
import { buildOnce, newdayBeside } from "../support/server-process.ts";

beforeAll(buildOnce);

it("answers the person, the home platform and commands, until an operator erases the person", async () => {
  const test = await useV1("pg18", { NEWDAY_PLATFORM_SECRETS: `allinone=${secretOf("allinone")}` });
  const { call, login } = test;
  const bob = await login("bob");
  const item = await grantStack(test, "alice", { quantity: 3 });
  const pay = { from: "alice", to: "bob", currency: "game_coins", amount: "1" };
  const body = { ...pay, reference: "order 7", metadata: { note: "thanks" } };
  expect((await call("POST", "/transfers", { body })).status).toBe(201);
  const freeze = { body: { reason: "bot?", debits: false, credits: false } };
  expect((await call("POST", "/users/alice/freeze", freeze)).status).toBe(201);
  expect(
    (await call("POST", "/users/alice/unfreeze", { body: { reason: "not a bot" } })).status,
  ).toBe(201);

  const assertion = await signAssertion("allinone", "alice");
  const session = await call("POST", "/sessions", { as: null, body: { assertion } });
  const own = await call("GET", "/users/alice/export", { as: session.body.token });
  expect(own.status).toBe(200);
  expect(own.body).toMatchObject({ schema: "newday.person/1", userId: "alice" });
  const [coins] = own.body.accounts;
  expect(coins).toMatchObject({ currency: "game_coins", balance: "999" });
  expect(coins.entries).toMatchObject([
    { version: "1", amount: "1000" },
    { version: "2", amount: "-1", balance: "999", counterparty: "bob", reference: "order 7" },
  ]);
  const { tables } = own.body;
  expect(tables["newday.users"]).toMatchObject([{ user_id: "alice", external_id: "alice" }]);
  expect(tables["newday.items"]).toMatchObject([{ id: item, quantity: "3" }]);
  expect(tables["newday.item_history"]).toMatchObject([{ item_id: item, action: "grant" }]);
  const reasons = tables["newday.policy_changes"].map((row: { reason: string }) => row.reason);
  expect(reasons.toSorted()).toEqual(["bot?", "not a bot"]);
  expect(JSON.stringify(own.body)).not.toMatch(/token_hash|name of bob|salts/);
  expect(tables["newday.sessions"].length).toBeGreaterThan(0);

  const asPlatform = await call("GET", "/users/alice/export");
  expect({ ...asPlatform.body, exportedAt: own.body.exportedAt }).toEqual(own.body);
  expect((await call("GET", "/users/alice/export", { as: bob })).status).toBe(404);
  expect((await call("GET", "/users/unopened/export")).status).toBe(404);

  const out = join(mkdtempSync(join(tmpdir(), "export-")), "alice.json");
  const settings = { DATABASE_URL: test.database.url };
  const written = await newdayBeside(["user", "export", "alice", "--out", out], settings);
  expect(written).toMatchObject({ status: 0, stdout: "" });
  const file = JSON.parse(readFileSync(out, "utf8"));
  // Who looked is part of what is stored about the person.
  const exported = { what: "user export", subject: "alice", after: { schema: "newday.person/1" } };
  expect(file.tables["newday.operator_changes"]).toMatchObject([exported]);
  expect({
    ...file,
    exportedAt: own.body.exportedAt,
    tables: { ...file.tables, "newday.operator_changes": [] },
  }).toEqual(own.body);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const again = await newdayBeside(["user", "export", "alice", "--out", out], settings);
  expect(again.status).toBe(2);
  expect(again.stderr).toContain("names a file that exists");

  const erase = async (...options: string[]) => {
    const command = ["user", "erase", "alice", "--reason", "case 5", "--by", "ann", ...options];
    return newdayBeside([...command, "--json"], settings);
  };
  const blocked = await erase();
  expect(blocked.status).toBe(2);
  expect(blocked.stderr).toContain("items, balances");
  const planned = JSON.parse((await erase("--forfeit", "--dry-run")).stdout);
  expect(planned).toMatchObject({ before: { items: "1" }, after: { refusedBy: [] }, dryRun: true });
  expect((await call("GET", "/users/alice/export")).status).toBe(200);
  const asked = JSON.parse((await erase("--forfeit")).stdout);
  expect(asked).toMatchObject({ needsApproval: true, operator: "ann" });
  expect((await call("GET", "/users/alice/export")).status).toBe(200);
  const path = `/approvals/${asked.approval}/approval`;
  const erased = await (await useOwner(test)).call("POST", path, {}, newKey());
  expect(erased.body).toMatchObject({ after: { erasedOn: expect.any(String) } });
  expect(JSON.parse((await erase("--forfeit")).stdout).after).toEqual(erased.body.after);
  await expect.poll(async () => (await call("GET", "/users/alice/export")).status).toBe(404);
});

it("reads rows in pages, each once, whatever the key", async () => {
  const { db } = await useTestDatabase();
  await db.query(
    `insert into newday.ledger_wallets (number, id, user_id) values (900, 'w', 'many')`,
  );
  await db.query(
    `insert into newday.item_history
        (item_id, version, action, owner_id, state, quantity, quantity_change)
      select 'i' || n / 7, n, 'grant', case when n % 3 = 0 then 'many' else 'other' end, 'owned', n, n
      from generate_series(1, 7500) n`,
  );
  const pieces = exportPerson(db, { userId: "many", wallet: 900n });
  let text = "";
  let longest = 0;
  for await (const piece of pieces) {
    text += piece;
    longest = Math.max(longest, piece.length);
  }
  const { tables, accounts } = JSON.parse(text);
  const quantities = tables["newday.item_history"].map(({ quantity }: { quantity: string }) =>
    Number(quantity),
  );
  expect(quantities.toSorted((a: number, b: number) => a - b)).toEqual(
    Array.from({ length: 2500 }, (_, n) => 3 * (n + 1)),
  );
  expect(accounts).toEqual([]);
  expect(longest).toBeLessThan(2_000);
});
