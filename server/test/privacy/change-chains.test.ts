/** The logs of changes are hash chains: appended to by any process, verified by the audit. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { listMigrations, migrate } from "../../src/db/migrations.ts";
import { insertOperatorChange } from "../../src/identity/operator-changes/operator-changes.ts";
import { audit } from "../../src/integrity/audit.ts";
import { createTestDatabase, type TestDatabase } from "../support/database.ts";

let database: TestDatabase;
let db: Database;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ db } = database);
  await Promise.all(Array.from({ length: 12 }, (_, number) => logBoth(number)));
});
afterAll(() => database.drop());

/** One row in each log, as two processes at once would add them. */
async function logBoth(number: number): Promise<void> {
  const before = number % 2 === 0 ? null : { name: `Zoë ${number}` };
  const change = {
    what: "test",
    subject: `user:${number}`,
    before,
    after: { number },
    accounts: 0n,
  };
  await Promise.all([
    db.transaction((tx) =>
      insertOperatorChange(tx, { operator: "ann", dryRun: false, reason: "致 🐟\n" }, change),
    ),
    db.query(
      `insert into newday.policy_changes (id, caller, what, subject, reason, before, after)
        values (gen_random_uuid(), 'operator:ann', 'limit', $1, 'why', $2, '{"b": 1.50, "a": "\\u00e9"}')`,
      [`limit:${number}`, before],
    ),
  ]);
}

/** Which rows the audit calls broken after this change, which is taken back. */
async function brokenAfter(...changes: readonly string[]): Promise<readonly string[]> {
  const undone = new Error("undone");
  let examples: readonly string[] = [];
  const run = db.transaction(async (tx) => {
    await tx.query("set local session_replication_role = replica"); // no trigger, as a superuser could
    for (const change of changes) await tx.query(change);
    const report = await audit({ ...db, transaction: (work) => work(tx) });
    examples = report.breaches.flatMap((breach) => breach.examples);
    throw undone;
  });
  await expect(run).rejects.toBe(undone);
  return examples;
}

const ROW = "newday.operator_changes where sequence = 5";

it("takes rows of an older schema into the chains, in their order", async () => {
  const older = await createTestDatabase({ template: "empty" });
  try {
    const known = listMigrations();
    await migrate(
      older.db,
      known.filter(({ id }) => id < 80),
    );
    await older.db.query(`insert into newday.operator_changes (operator, what, subject, after)
      select 'ann', 'test', n::text, '{}' from generate_series(1, 3) n`);
    await older.db
      .query(`insert into newday.policy_changes (id, caller, what, subject, reason, after)
      select gen_random_uuid(), 'ann', 'test', n::text, 'why', '{}' from generate_series(1, 3) n`);
    await migrate(older.db, known);
    const order = await older.db.query(
      "select sequence, subject from newday.operator_changes order by id",
    );
    expect(order).toEqual([1n, 2n, 3n].map((sequence) => ({ sequence, subject: `${sequence}` })));
    expect((await audit(older.db)).breaches).toEqual([]);
  } finally {
    await older.drop();
  }
});

describe("The chains of changes", () => {
  it("are whole when many sessions append at once, without fork or gap", async () => {
    expect((await audit(db)).breaches).toEqual([]);
    const heads = await db.query("select name, sequence from newday.change_chains order by name");
    expect(heads).toEqual([
      { name: "operator_changes", sequence: 12n },
      { name: "policy_changes", sequence: 12n },
    ]);
  });

  const TEXT = "has a text that differs from its commitment";
  const LINK = "differs from its link";
  it.each([
    ["reason = 'other'", TEXT],
    ["after = '{}'", TEXT],
    ["what = 'other'", LINK],
    ["changed_at = now()", LINK],
  ])("name the row after %s", async (changed, fault) => {
    const [row] = await db.query<{ id: bigint }>(`select id from ${ROW}`);
    const broken = await brokenAfter(
      `update newday.operator_changes set ${changed} where sequence = 5`,
    );
    expect(broken).toEqual([`row ${row?.id} at sequence 5 ${fault}`]);
  });

  it("name the row behind a removed one, and a removed end", async () => {
    const [found] = await brokenAfter(`delete from ${ROW}`);
    expect(found).toMatch(/at sequence 6 follows a missing row/);
    const [end] = await brokenAfter("delete from newday.policy_changes where sequence = 12");
    expect(end).toBe("the chain ends after sequence 11, its head says 12");
  });

  it("stay whole when texts are dropped with their salts", async () => {
    const dropped = await brokenAfter(
      `alter table newday.policy_changes alter column reason drop not null`,
      `update newday.policy_changes set reason = null, salts[3] = null where sequence = 7`,
    );
    expect(dropped).toEqual([]);
  });

  it("refuse a link that the writer chose", async () => {
    await db.query(
      `insert into newday.operator_changes (operator, what, subject, after, sequence, link)
        values ('eve', 'test', 's', '{}', 3, '\\x00')`,
    );
    expect((await audit(db)).breaches).toEqual([]);
  });
});
