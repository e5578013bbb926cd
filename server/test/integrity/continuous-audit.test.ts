/** The continuous audit: each kind of damage is found on the way, once, and a busy sound ledger gives no finding. */
import { describe, expect, it } from "vitest";
import { auditToEnd, planTurn } from "../../src/integrity/continuous/advance-audit.ts";
import { findOpenRun, listFindings } from "../../src/integrity/continuous/audit-store.ts";
import { stepRun } from "../../src/integrity/continuous/audit-run.ts";
import { holdLease, endLease } from "../../src/integrity/journal/work-lease.ts";
import { findUserFreezes } from "../../src/ledger/policies/freeze-user.ts";
import type { Database } from "../../src/db/database.ts";
import { useTestApp, type TestApp } from "../support/app.ts";
import { createFunded, expectPosted, transferOf, useEngine } from "../support/ledger.ts";
import { useOwner } from "../support/operator-browser.ts";
import { useServingSessions, useTestDatabase } from "../support/database.ts";
import { onTestFinished, share } from "../support/test-end.ts";

/** As a superuser would who evades every guard of the schema. */
async function damage(db: Database, ...statements: readonly string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica");
    for (const statement of statements) await tx.query(statement);
  });
}

const open = (db: Database) => listFindings(db, { open: true, before: undefined, limit: 100 });

/** An unaudited ledger, because the damage of these tests stays. */
async function useDamagedLedger() {
  const database = await useTestDatabase();
  const engine = useEngine(await useServingSessions(database));
  onTestFinished(() => engine.drain());
  const services = { db: database.db, engine };
  const [from = 0n, to = 0n] = await createFunded(services, [100n, 100n]);
  for (let turn = 0; turn < 5; turn += 1) await expectPosted(engine, transferOf(from, to, 3n));
  return { services, from, to };
}

const KINDS = {
  "an edited entry": {
    invariant: "entry_chain",
    sql: (from: bigint) =>
      `update newday.transfers set from_balance = from_balance + 5
        where from_account = ${from} and from_version = 3`,
  },
  "a missing entry": {
    invariant: "entry_chain",
    sql: (from: bigint, to: bigint) =>
      `delete from newday.transfers where from_account = ${from} and to_account = ${to} and from_version = 3`,
  },
  "an edited balance": {
    invariant: "account_head",
    sql: (from: bigint) => `update newday.accounts set balance = balance + 1 where id = ${from}`,
  },
  "a cut chain": {
    invariant: "entry_chain",
    sql: (from: bigint) =>
      `update newday.transfers set from_previous = gen_random_uuid()
        where from_account = ${from} and from_version = 4`,
  },
  "a reserve without a hold": {
    invariant: "account_bounds",
    sql: (from: bigint) => `update newday.accounts set held = 7 where id = ${from}`,
  },
} as const;

describe.each(Object.entries(KINDS))("%s", (_name, { invariant, sql }) => {
  it.each(["before", "after"] as const)(
    "made %s the audit had read it, is found once and freezes the user once",
    async (when) => {
      const { services, from, to } = await useDamagedLedger();
      const { db } = services;
      if (when === "after") await auditToEnd(services);
      expect(await open(db)).toEqual([]);
      await damage(db, sql(from, to));
      await auditToEnd(services, 3);
      await auditToEnd(services);
      const found = await open(db);
      const own = found.filter(({ subject }) => subject === `account ${from}`);
      expect(own).toMatchObject([{ invariant, froze: true }]);
      const { audit, operator } = await findUserFreezes(db, from >> 16n);
      expect(audit).toMatchObject({ debits: true, credits: true, until: null });
      expect(operator).toBeNull();
      const changes = await db.query(
        `select subject from newday.policy_changes where what = 'user-freeze' and caller = 'audit'`,
      );
      expect(changes).toHaveLength(new Set(found.map(({ wallet }) => wallet)).size);
    },
  );
});

it("never freezes a system account", async () => {
  const { services } = await useDamagedLedger();
  const { db } = services;
  await damage(
    db,
    `update newday.accounts a set balance = balance - 1 from newday.ledger_wallets w
      where w.number = a.id >> 16 and w.role = 'mint' and a.version > 0`,
  );
  await auditToEnd(services);
  expect((await open(db)).map(({ invariant, froze }) => [invariant, froze])).toEqual([
    ["account_head", false],
  ]);
  expect(await db.query("select from newday.user_freezes")).toEqual([]);
});

it("gives no finding while many post, and none afterwards", async () => {
  const database = await useTestDatabase();
  const engine = useEngine(await useServingSessions(database));
  onTestFinished(() => engine.drain());
  const services = { db: database.db, engine };
  const ids = await createFunded(services, [5_000n, 5_000n, 5_000n, 5_000n]);
  let [posted, audits] = [0, 0];
  const isBusy = () => audits < 8;
  const posters = Array.from({ length: 8 }, async (_, poster) => {
    while (isBusy()) {
      const [from = 0n, to = 0n] = [ids[(poster + posted) % 4], ids[(poster + posted + 1) % 4]];
      await engine.submit(transferOf(from, to, 1n));
      posted += 1;
    }
  });
  for (; isBusy(); audits += 1) {
    const turn = await planTurn(services, { now: new Date(), pauseMs: 0 });
    for (let page = 0; page < 8; page += 1) await turn.step(50);
  }
  await Promise.all(posters);
  await auditToEnd(services);
  expect(await open(services.db)).toEqual([]);
  expect(posted).toBeGreaterThan(100);
});

describe("the operators' side", () => {
  const world = share(async () => {
    const test = await useTestApp();
    const [account = 0n] = await createFunded(
      { db: test.database.db, engine: test.services.engine },
      [100n],
    );
    await damage(
      test.database.db,
      `update newday.accounts set balance = balance + 1 where id = ${account}`,
    );
    await auditToEnd(test.services);
    return { ...test, account, owner: await useOwner(test) };
  });

  it("sees a finding with its rule, remedy and page", async () => {
    const { owner, account } = world();
    const { status, body } = await owner.call("GET", "/audit?state=open");
    expect(status).toBe(200);
    expect(body.invariants.map(({ id }: { id: string }) => id)).toContain("account_head");
    expect(body.data).toMatchObject([
      {
        invariant: "account_head",
        subject: `account ${account}`,
        severity: "critical",
        frozen: true,
        evidence: { balance: "101", afterLastEntry: "100" },
        page: "docs/runbooks/audit-account-head.md",
      },
    ]);
  });

  it("runs it on demand, with progress", async () => {
    const { owner, services } = world();
    const asked = await owner.call("POST", "/audit/runs", {});
    expect([asked.status, asked.body.state]).toEqual([202, "waiting"]);
    await stepAll(services);
    const { body } = await owner.call("GET", `/audit/runs/${asked.body.id}`);
    expect(body).toMatchObject({ state: "ended", step: body.steps, unfinished: [] });
    expect(Number(body.findings)).toBeGreaterThan(0);
  });

  it("closes a finding, which ends the freeze with the last one", async () => {
    const { owner, database, account } = world();
    const { db } = database;
    await damage(db, `update newday.accounts set balance = balance - 1 where id = ${account}`);
    const { body } = await owner.call("GET", "/audit?state=open");
    const reason = { reason: "compared with the backup" };
    for (const [index, { id, frozen }] of body.data.entries()) {
      const preview = await owner.call("POST", `/audit/findings/${id}/closing?dryRun=true`, reason);
      const closed = await owner.call("POST", `/audit/findings/${id}/closing`, reason);
      expect([preview.status, closed.status]).toEqual([200, 200]);
      const isLast = !body.data.slice(index + 1).some((row: { frozen: boolean }) => row.frozen);
      expect([preview.body.unfreezes, closed.body.unfreezes]).toEqual([
        frozen && isLast,
        frozen && isLast,
      ]);
    }
    expect((await findUserFreezes(db, account >> 16n)).audit).toBeNull();
    await auditToEnd(world().services);
    expect(await open(db)).toEqual([]);
    const again = await owner.call("POST", `/audit/findings/${body.data[0].id}/closing`, reason);
    expect(again.status).toBe(400);
  });

  it("audits on one server of a database", async () => {
    const { db } = world().services;
    expect(await holdLease(db, "audit", "one")).toBe(true);
    expect(await holdLease(db, "audit", "two")).toBe(false);
    expect(await holdLease(db, "audit", "one")).toBe(true);
    await endLease(db, "audit", "one");
    expect(await holdLease(db, "audit", "two")).toBe(true);
  });
});

async function stepAll(services: TestApp["services"]): Promise<void> {
  for (let run = await findOpenRun(services.db); run; run = await findOpenRun(services.db))
    await stepRun(services, run, 500);
}
