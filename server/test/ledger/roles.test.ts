import { describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrations.ts";
import { openDatabase } from "../../src/db/driver/postgres.ts";
import {
  isRestricted,
  prepareRoles,
  READER_ROLE,
  SESSION_ROLES,
} from "../../src/db/roles/roles.ts";
import { readRoleFacts } from "../../src/db/roles/role-queries.ts";
import { sqlStateOf } from "../../src/db/sql-state.ts";
import { adoptionState } from "../../src/db/adoption-state.ts";
import { useAdoptedDatabase, useTestApp } from "../support/app.ts";
import { useServingSessions, useTestDatabase, type TestDatabase } from "../support/database.ts";
import { createFunded, expectPosted, transferOf, useLedger } from "../support/ledger.ts";

const REFUSED_BY_PRIVILEGE = "42501";

/** The SQLSTATE with which a statement ends as this role, or "done". */
async function outcomeAs(db: Database, role: string, statement: string): Promise<string> {
  const attempt = db.transaction(async (tx) => {
    await tx.query(`set local role ${role}`);
    await tx.query("set local newday.posting = 'on'");
    await tx.query(statement);
    return "done";
  });
  return attempt.catch((error: unknown) => sqlStateOf(error) ?? String(error));
}

/** A login with exactly these rights, and a handle of its own. */
async function useLogin({ db, server, name }: TestDatabase, words: string): Promise<Database> {
  const login = `login_${name}`;
  await db.query(`create role ${login} login ${words}`);
  const own = openDatabase({
    connection: { ...server, user: login, database: name },
    applicationName: "newday-test",
    poolSize: 2,
    connectTimeoutMs: 10_000,
    statementTimeoutMs: 60_000,
  });
  onTestFinished(async () => {
    await own.close();
    await db.query(`drop owned by ${login}`);
    await db.query(`drop role ${login}`);
  });
  return own;
}

describe.each(["pg15", "pg18"] as const)("roles on %s", (server) => {
  it("let no serving role change or remove what was posted, flag or not", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [10n, 0n]);
    await expectPosted(ledger.engine, transferOf(a, b, 1n));
    for (const statement of [
      "update newday.transfers set amount = 2",
      "delete from newday.transfers",
      "truncate newday.transfers cascade",
      "delete from newday.accounts",
      "delete from newday.holds",
      "delete from newday.currencies",
      "delete from newday.platforms",
      "delete from newday.platform_secrets",
      "update newday.operator_changes set operator = 'rogue'",
      "update newday.operator_change_keys set change_id = 0",
      "drop table newday.transfers",
      "alter table newday.transfers disable trigger all",
    ])
      for (const role of Object.values(SESSION_ROLES))
        expect([statement, await outcomeAs(ledger.db, role, statement)]).toEqual([
          statement,
          REFUSED_BY_PRIVILEGE,
        ]);
  });

  it("let only the posting engine write balances and movements", async () => {
    const ledger = await useLedger(server);
    await createFunded(ledger, [10n]);
    for (const statement of [
      "update newday.accounts set balance = balance + 1",
      "insert into newday.accounts (id) values (1)",
      "insert into newday.transfers (recorded_at, amount, id, line, kind, caller) values (now(), 0, gen_random_uuid(), 0, 'x', 'x')",
      "delete from newday.items",
    ])
      expect([statement, await outcomeAs(ledger.db, SESSION_ROLES.pool, statement)]).toEqual([
        statement,
        REFUSED_BY_PRIVILEGE,
      ]);
    expect(
      await outcomeAs(ledger.db, SESSION_ROLES.dedicated, "update newday.accounts set flags = 0"),
    ).toBe("done");
  });

  it("let a reader see the books and no credential", async () => {
    const { db } = await useTestDatabase({ server });
    await prepareRoles(db);
    const read = (table: string) =>
      outcomeAs(db, READER_ROLE, `select count(*) from newday.${table}`);
    expect(await read("entries")).toBe("done");
    expect(await read("sessions")).toBe(REFUSED_BY_PRIVILEGE);
    expect(await read("platform_keys")).toBe(REFUSED_BY_PRIVILEGE);
    expect(await outcomeAs(db, READER_ROLE, "update newday.ledger_wallets set id = id")).toBe(
      REFUSED_BY_PRIVILEGE,
    );
  });

  it("are what the sessions of a server run as, which says so", async () => {
    const { app, services } = await useTestApp();
    expect(await isRestricted(services.db)).toBe(true);
    const { databaseSessions } = (await app.inject("/api/health")).json() as Record<string, string>;
    expect(databaseSessions).toBe("restricted");
  });

  it("cover a table that a later migration makes", async () => {
    const database = await useTestDatabase({ server });
    await prepareRoles(database.db);
    await database.db.query("create table newday.later (id int)");
    expect(await prepareRoles(database.db)).toBeUndefined();
    const serving = await useServingSessions(database);
    await serving.query("insert into newday.later values (1)");
  });

  it("survive being made by many databases of one cluster at once", async () => {
    const databases = await Promise.all([1, 2, 3, 4].map(() => useTestDatabase({ server })));
    for (const { db } of databases) await db.query("create table newday.later (id int)");
    const obstacles = await Promise.all(
      [...databases, ...databases].map(({ db }) => prepareRoles(db)),
    );
    expect(obstacles).toEqual(obstacles.map(() => undefined));
  });

  it("are missing without a fault where the login may not make or take them", async () => {
    const database = await useTestDatabase({ server });
    const login = await useLogin(database, "");
    await database.db.query(`grant usage on schema newday to login_${database.name}`);
    await database.db.query("create table newday.later (id int)");
    expect(await prepareRoles(login)).toBe("roles_not_granted");
    await prepareRoles(database.db);
    expect(await prepareRoles(login)).toBe("login_not_member");
    const facts = await readRoleFacts(login, ["newday_app", "no_such_role"]);
    expect(facts.exist).toBe(false);
  });

  it("suffice for a login that owns nothing and is their member", async () => {
    const database = await useAdoptedDatabase({ server });
    await prepareRoles(database.db);
    const login = await useLogin(database, "");
    await database.db.query(`grant newday_app, newday_posting to login_${database.name}`);
    expect((await migrate(login)).applied).toEqual([]);
    expect(await adoptionState(login)).toBe("adopted");
    expect(await prepareRoles(login)).toBeUndefined();
  });
});
