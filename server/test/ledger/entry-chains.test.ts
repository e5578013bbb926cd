import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import type { Database } from "../../src/db/database.ts";
import { listMigrations, migrate } from "../../src/db/migrations.ts";
import { accountId } from "../../src/ledger/accounts/accounts.ts";
import { balanceAt, readStatement } from "../../src/ledger/statements/statement.ts";
import { useTestDatabase } from "../support/database.ts";
import {
  asked,
  COINS,
  createFunded,
  expectPosted,
  expectSound,
  transferOf,
  useEngine,
  useLedger,
} from "../support/ledger.ts";

const OF_ACCOUNT = "select * from newday.entries_of($1, $2, $3) order by version desc";
const OF_VIEW = `select * from newday.entries where account = $1 and version between $2 and $3
  order by version desc`;

/** Any two versions around those that the account has, in either order. */
const RANGE = fc.tuple(fc.bigInt(-2n, 220n), fc.bigInt(-2n, 220n));

/** For every range the walk along the chain finds the same rows as a full scan. */
async function expectSameEntries(db: Database, accounts: readonly bigint[]): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...accounts), RANGE, async (account, range) => {
      const parameters = [account, ...range];
      expect(await db.query(OF_ACCOUNT, parameters)).toEqual(await db.query(OF_VIEW, parameters));
    }),
    { numRuns: 120 },
  );
}

describe.each(["pg15", "pg18"] as const)("the chain of an account's entries on %s", (server) => {
  it("leads to every entry, through transfers of one line and of several", async () => {
    const { db, engine } = await useLedger(server);
    const [a = 0n, b = 0n, c = 0n] = await createFunded({ db, engine }, [900n, 900n, 900n]);
    for (let n = 0; n < 70; n += 1) {
      const legs = [
        { account: a, amount: -3n },
        { account: c, amount: -1n },
        { account: b, amount: 4n },
      ];
      const split = asked(postLegsOperation, { legs });
      await engine.submitMany(
        [n % 3 ? transferOf(a, b, 1n) : transferOf(b, a, 5n), split, transferOf(c, a, 1n)],
        n % 2 ? "atomic" : "independent",
      );
    }
    await expectSameEntries(db, [a, b, c]);
  });

  it("is found from an entry that an index knows, so that old pages cost what new ones cost", async () => {
    const { db, engine } = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded({ db, engine }, [900n, 900n]);
    const operations = Array.from({ length: 440 }, () => transferOf(a, b, 1n));
    for (let n = 0; n < 2; n += 1) await engine.submitMany(operations, "atomic");
    await db.query("analyze newday.transfers");
    const [plan] = await db.query<{ "QUERY PLAN": readonly [{ Plan: Record<string, number> }] }>(
      `explain (analyze, buffers, format json) select * from newday.entries_of(${a}, 400, 401)`,
    );
    // 33 entries at most, of three or four pages each; the whole chain is 880.
    const pages = plan?.["QUERY PLAN"][0].Plan["Shared Hit Blocks"];
    expect(pages).toBeLessThan(33 * 5 + 30);
  });

  it("goes on where a ledger of before left off, whose entries all stand in the indexes", async () => {
    const { db, name } = await useTestDatabase({ server, template: "empty" });
    // The login of the test servers is called newday: a first start with these names would be refused.
    await db.query(`alter role newday in database ${name} set search_path = public`);
    const before = listMigrations().filter(({ id }) => id < 62);
    await migrate(db, before);
    const [a, b] = await openAsBefore(db, 40);
    await migrate(db);
    await expectSound(db);
    const engine = useEngine(db);
    for (let n = 0; n < 40; n += 1)
      await expectPosted(engine, n % 3 ? transferOf(a, b, 2n) : transferOf(b, a, 1n));
    await engine.drain();
    await expectSound(db);
    await expectSameEntries(db, [a, b]);
    const { entries, nextCursor } = await readStatement(db, a, { order: "newest", limit: 60 });
    expect(entries.length).toBe(60);
    expect(nextCursor).toBe(22n);
    expect(await balanceAt(db, a, new Date(0))).toBe(0n);
  });

  it("refuses what a server of an older version posts, which would leave a gap", async () => {
    const { db, engine } = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded({ db, engine }, [5n, 5n]);
    await expect(db.query(movementOfBefore(a, b, 2))).rejects.toThrow("transfers_chained");
  });
});

/** A movement as written before migration 0062. */
function movementOfBefore(from: bigint, to: bigint, version: number): string {
  return `insert into newday.transfers (recorded_at, from_account, to_account, amount,
      from_balance, to_balance, from_version, to_version, id, line, kind, caller)
    values (now(), ${from}, ${to}, 1, 0, 0, ${version}, ${version}, gen_random_uuid(), 0,
      'transfer', 'test')`;
}

/** Two wallets with money and `rounds` payments between them, in the rows of before. */
async function openAsBefore(db: Database, rounds: number): Promise<[bigint, bigint]> {
  const [a, b] = [accountId(900n, COINS), accountId(901n, COINS)];
  const mint = accountId(1n, COINS);
  await db.query(
    `insert into newday.wallets (number, id, user_id) values (900, 'w900', 'a'), (901, 'w901', 'b')`,
  );
  await db.query(
    `insert into newday.transfers (recorded_at, from_account, to_account, amount, from_balance,
        to_balance, from_version, to_version, id, line, kind, caller)
      values (now(), ${mint}, ${a}, 500, -500, 500, 1, 1, gen_random_uuid(), 0, 'mint', 'test'),
        (now(), ${mint}, ${b}, 500, -1000, 500, 2, 1, gen_random_uuid(), 0, 'mint', 'test')`,
  );
  await db.query(
    `insert into newday.transfers (recorded_at, from_account, to_account, amount, from_balance,
        to_balance, from_version, to_version, id, line, kind, caller)
      select now(), ${a}, ${b}, 1, 500 - n, 500 + n, n + 1, n + 1, gen_random_uuid(), 0,
        'transfer', 'test' from generate_series(1, $1::bigint) n`,
    [rounds],
  );
  await db.query(
    `insert into newday.accounts (id, balance, version, minimum)
      values (${mint}, -1000, 2, -5000), (${a}, 500 - $1::bigint, 1 + $1::bigint, 0),
        (${b}, 500 + $1::bigint, 1 + $1::bigint, 0)`,
    [rounds],
  );
  return [a, b];
}
