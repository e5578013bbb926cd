/** A server process whose login owns nothing and is a member of the roles only. */
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { prepareRoles } from "../../src/db/roles/roles.ts";
import { createPostingServices } from "../../src/ledger/wallets/posting-services.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useAdoptedDatabase } from "../support/app.ts";
import { useTestDatabase, type TestDatabase } from "../support/database.ts";
import { expectSound, useEngine } from "../support/ledger.ts";
import { buildOnce, newday, startServer } from "../support/server-process.ts";

beforeAll(buildOnce);

/** The SQL that `newday roles` prints for a database administrator, and the URL of that login. */
async function useMemberLogin({ db, url, name }: TestDatabase, version: 15 | 18): Promise<string> {
  const login = `server_${name}`;
  await prepareRoles(db);
  await db.query(`create role ${login} login`);
  onTestFinished(async () => {
    await db.query(`drop owned by ${login}`);
    await db.query(`drop role ${login}`);
  });
  const limits = version === 15 ? "" : " with inherit false, set true";
  await db.query(`grant newday_app to ${login}`);
  await db.query(`grant newday_posting to ${login}${limits}`);
  return url.replace(/\/\/[^@]*@/, `//${login}@`);
}

describe.each([
  ["pg15", 15],
  ["pg18", 18],
] as const)("a server whose login is only a member of the roles, on %s", (server, version) => {
  it("serves wallets, logins, transfers and purchases with restricted sessions", async () => {
    const database = await useAdoptedDatabase({ server });
    const { db } = database;
    const services = createPostingServices(db, useEngine(db));
    await openWallets(services, ["member-1", "member-2"]);
    const url = await useMemberLogin(database, version);
    const running = startServer({ DATABASE_URL: url });
    const base = await running.base;
    const ask = async (path: string, body?: object, headers: Record<string, string> = {}) => {
      const reply = await fetch(base + path, {
        method: body ? "POST" : "GET",
        headers: { ...(body ? { "content-type": "application/json" } : {}), ...headers },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      return { status: reply.status, body: (await reply.json()) as Record<string, unknown> };
    };
    const health = await ask("/api/health");
    expect(health.body).toMatchObject({ databaseSessions: "restricted" });
    expect((await ask("/api/shared/wallet/never-seen")).status).toBe(200);
    const login = await ask("/api/allinone/auth/login", { allinoneUserId: "member-1" });
    await ask("/api/allinone/auth/login", { allinoneUserId: "member-2" });
    const authorization = `Bearer ${String(login.body["token"])}`;
    const transfer = { from: "member-1", to: "member-2", currency: "game_coins", amount: "5" };
    const moved = await ask("/api/v1/transfers", transfer, {
      authorization,
      "idempotency-key": "1",
    });
    expect(moved.status).toBe(201);
    const market = await ask("/api/allinone/market/items");
    const [first] = market.body["items"] as { id: string }[];
    const bought = await ask(
      "/api/allinone/market/purchase",
      { itemId: first?.id, currencyType: "gameCoins" },
      { authorization },
    );
    expect([bought.status, bought.body]).toMatchObject([200, { success: true }]);
    await expectSound(database.db);
  });

  it("lets a login that only reads audit the books, and tells it what it cannot do", async () => {
    const database = await useAdoptedDatabase({ server });
    await prepareRoles(database.db);
    const login = `reader_${database.name}`;
    await database.db.query(`create role ${login} login`);
    await database.db.query(`grant newday_read to ${login}`);
    onTestFinished(() => database.db.query(`drop role ${login}`).then(() => undefined));
    const settings = { DATABASE_URL: database.url.replace(/\/\/[^@]*@/, `//${login}@`) };
    const audited = newday(["audit"], settings);
    expect([audited.status, audited.stderr]).toEqual([
      0,
      expect.stringMatching(/^newday: database: PostgreSQL at \S+\n$/),
    ]);
    const keys = newday(["key", "list"], settings);
    expect([keys.status, keys.stdout]).toEqual([1, ""]);
    expect(keys.stderr).toContain("use the login of the tables' owner");
  });

  it("does not start while migrations are pending, and says who applies them", async () => {
    const database = await useAdoptedDatabase({ server });
    const url = await useMemberLogin(database, version);
    const [last] = await database.db.query<{ id: number }>(
      `delete from newday.schema_migrations where id = (
        select max(id) from newday.schema_migrations) returning id`,
    );
    const running = startServer({ DATABASE_URL: url });
    expect(await running.exited).toBe(3);
    expect(running.output()).toContain("newday.mjs roles");
    expect(running.output()).toContain(`needs schema ${last?.id}`);
    expect(running.output()).not.toContain("permission denied");
    expect(newday(["key", "list"], { DATABASE_URL: url }).status).toBe(3);
    const empty = await useTestDatabase({ server, template: "empty" });
    const other = startServer({
      DATABASE_URL: url.replace(`/${database.name}?`, `/${empty.name}?`),
    });
    expect(await other.exited).toBe(3);
    expect(other.output()).toContain("newday.mjs roles");
  });
});
