/** The statistics of the economy against a full recount of the books. */
import { describe, expect, it } from "vitest";
import { boundsOf, concentrationOf, decimalOf } from "../../src/integrity/economy/buckets.ts";
import { countAll, countRange, resetEconomy } from "../../src/integrity/economy/count-economy.ts";
import { bucketOf } from "../../src/integrity/economy/count-queries.ts";
import { listBuckets } from "../../src/integrity/economy/economy-queries.ts";
import { periodOf, readEconomy } from "../../src/integrity/economy/read-economy.ts";
import { sweepHolders } from "../../src/integrity/economy/top-holders.ts";
import { readJournalEnd } from "../../src/ledger/transfers/journal-end.ts";
import { proveIssuance } from "../../src/ledger/policies/prove-issuance.ts";
import type { Database } from "../../src/db/database.ts";
import { useTestApp } from "../support/app.ts";
import { useOwner } from "../support/operator-browser.ts";
import { importPotion, LIST, logIn, logInAsExternalUser, PURCHASE } from "../support/market.ts";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { createFunded, expectPosted, transferOf, useLedger } from "../support/ledger.ts";
import { share } from "../support/test-end.ts";

const TABLES = ["totals", "days", "balances", "prices"] as const;

/** Every sum, in one order. */
async function everySum(db: Database): Promise<unknown[]> {
  const sums: unknown[] = [];
  for (const table of TABLES) {
    const where = table === "balances" ? "where holders <> 0" : "";
    sums.push(await db.query(`select * from newday.economy_${table} ${where} order by 1, 2, 3`));
  }
  return sums;
}

/** As the accounts say themselves. */
function recountBalances(db: Database): Promise<object[]> {
  return db.query(
    `select (a.id & 65535)::smallint as currency, w.platform, ${bucketOf("a.balance")} as bucket,
        count(*) as holders, sum(a.balance) as total
      from newday.accounts a join newday.economy_wallets w on w.wallet = a.id >> 16 and w.role is null
      where a.balance > 0 group by 1, 2, 3 order by 1, 2, 3`,
  );
}

const NON_EMPTY = "select * from newday.economy_balances where holders > 0 order by 1, 2, 3";

/** The proof of the budgets, which reads the books, and the statistics name the same sums. */
async function expectAgreement(db: Database): Promise<void> {
  const { currencies } = await readEconomy(db, {}, periodOf(new Date()));
  const proof = await proveIssuance(db);
  const shown = (rows: typeof proof.currencies | typeof currencies) =>
    rows
      .filter(({ issued, held }) => issued > 0n || held !== 0n)
      .map(({ currency, issued, sunk, held, platforms }) => ({
        currency,
        issued,
        sunk,
        held,
        platforms: platforms
          .map((row) => [row.platform, row.issued, row.sunk, row.held, row.fromOthers])
          .filter((row) => row.some((value) => typeof value === "bigint" && value !== 0n)),
      }));
  expect(shown(currencies)).toEqual(shown(proof.currencies));
  expect(await db.query(NON_EMPTY)).toEqual(await recountBalances(db));
}

/** A database that cancels each range of more numbers, as one that is too slow for it does. */
function slowBeyond(db: Database, numbers: bigint): Database {
  return {
    ...db,
    transaction: (work, options) =>
      db.transaction(async (tx) => {
        const query: typeof tx.query = async (statement, values) => {
          const [position, through] = values ?? [];
          const isRange = typeof position === "bigint" && typeof through === "bigint";
          if (isRange && through - position > numbers) {
            await tx.query("set local statement_timeout = 1");
            await tx.query("select pg_sleep(9)");
          }
          return tx.query(statement, values);
        };
        return work({ ...tx, query });
      }, options),
  };
}

describe("the statistics of a market", () => {
  const world = share(async () => {
    const test = await useTestApp();
    const [ada, bob] = [await logIn(test, "ada"), await logIn(test, "bob")];
    const item = { itemId: await importPotion(ada), name: "生命药水", itemType: "consumable" };
    const listed = await ada.post(LIST, { ...item, price: { gameCoins: 40 } });
    const sale = { itemId: listed.body.item.id, currencyType: "gameCoins" };
    const bought = await bob.post(PURCHASE, sale);
    expect(bought.body).toMatchObject({ success: true });
    await countAll(test.services.db);
    await sweepHolders(test.services.db);
    return { ...test, owner: await useOwner(test) };
  });

  it("agree with the budgets' proof and with a recount, whatever the ranges", async () => {
    const { db } = world().services;
    await expectAgreement(db);
    const before = await everySum(db);
    await resetEconomy(db);
    while (!(await countRange(db, 1)).caughtUp) continue;
    expect(await everySum(db)).toEqual(before);
    await sweepHolders(db);
  });

  it("are counted in smaller ranges where one takes too long", async () => {
    const { db } = world().services;
    const before = await everySum(db);
    await resetEconomy(db);
    await countAll(slowBeyond(db, 2n), 8);
    expect(await everySum(db)).toEqual(before);
    await sweepHolders(db);
  });

  it("are answered to a viewer, with the moment up to which they are true", async () => {
    const { owner } = world();
    const { status, body } = await owner.call("GET", "/economy?currency=game_coins");
    expect(status).toBe(200);
    expect(Date.parse(body.asOf)).toBeLessThanOrEqual(Date.now() + 1_000);
    const [coins] = body.currencies;
    expect(coins).toMatchObject({
      currency: "game_coins",
      period: { payments: "1" },
      velocity: "0.02",
    });
    expect(BigInt(coins.issued)).toBe(BigInt(coins.held) + BigInt(coins.sunk));
  });

  it("have the prices of each type of item", async () => {
    const { body } = await world().owner.call("GET", "/economy/prices?type=consumable");
    const [price] = body.data;
    expect(price).toMatchObject({ itemType: "consumable", sales: "1", low: "40", high: "40" });
    expect(body.nextCursor).toBeNull();
  });

  it("have the users who hold most", async () => {
    const { body } = await world().owner.call("GET", "/economy/holders?currency=game_coins");
    expect(
      body.data.map(({ userId, balance }: Record<string, string>) => [userId, balance]),
    ).toEqual([
      ["ada", "1040"],
      ["bob", "960"],
    ]);
    expect(body).toMatchObject({ holders: "2", held: "2000", gini: "0.02" });
  });

  it("are a part of the overview", async () => {
    const { status, body } = await world().owner.call("GET", "/overview");
    expect(status).toBe(200);
    expect(body).toMatchObject({ health: { database: "ok" }, queue: { depth: 0 } });
    expect(body.economy.currencies.map(({ currency }: { currency: string }) => currency)).toContain(
      "game_coins",
    );
    expect(body.series.length).toBeGreaterThan(0);
  });

  it("follow a user whose platform became known after their wallet", async () => {
    const { services } = world();
    const { db } = services;
    await openWallets(services, ["late"]);
    await countAll(db);
    await logInAsExternalUser(world(), "late");
    await countAll(db);
    await expectAgreement(db);
  });
});

describe.each(["pg15", "pg18"] as const)("counting on %s", (server) => {
  it("waits for a posting that has a number and is not committed", async () => {
    const ledger = await useLedger(server);
    const [from = 0n, to = 0n] = await createFunded(ledger, [100n, 0n]);
    await countAll(ledger.db);
    const open = await ledger.db.connect("open-posting");
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    let taken: () => void = () => undefined;
    const inserted = new Promise<void>((resolve) => (taken = resolve));
    const posting = open.transaction(async (tx) => {
      await tx.query("select nextval('newday.transfer_sequence')");
      await tx.query("lock table newday.transfers in row exclusive mode");
      taken();
      await finished;
    });
    await inserted;
    await expectPosted(ledger.engine, transferOf(from, to, 7n));
    expect(await readJournalEnd(ledger.db)).toBeUndefined();
    finish();
    await posting;
    await open.close();
    await countAll(ledger.db);
    await expectAgreement(ledger.db);
  });

  it("takes rows from before the numbers, page by page", async () => {
    const ledger = await useLedger(server);
    const ids = await createFunded(ledger, [100n, 50n, 7n]);
    await countAll(ledger.db);
    const before = await everySum(ledger.db);
    await ledger.db.query("alter table newday.transfers disable trigger user");
    await ledger.db.query("update newday.transfers set sequence = null");
    // As the migration notes where it finds rows.
    await ledger.db.query("update newday.economy_progress set has_history = true");
    await ledger.db.query("alter table newday.transfers enable trigger user");
    await resetEconomy(ledger.db);
    for (let turn = 0; turn < 10; turn += 1) await countRange(ledger.db, 2);
    expect(await everySum(ledger.db)).toEqual(before);
    const [from = 0n, to = 0n] = ids;
    await expectPosted(ledger.engine, transferOf(from, to, 99n));
    await countAll(ledger.db);
    await expectAgreement(ledger.db);
  });

  it("puts each balance into the bucket whose bounds hold it", async () => {
    const ledger = await useLedger(server);
    const balances = [
      1n,
      9n,
      10n,
      99n,
      100n,
      101n,
      999n,
      1_000n,
      123_456_789n,
      9_007_199_254_740_991n,
    ];
    const rows = await ledger.db.query<{ balance: bigint; bucket: number }>(
      `select balance, ${bucketOf("balance")} as bucket from unnest($1::bigint[]) as balance`,
      [balances],
    );
    for (const { balance, bucket } of rows) {
      const { low, high } = boundsOf(bucket);
      expect(low <= balance && balance <= high, `${balance} in ${bucket}`).toBe(true);
    }
    expect(rows).toHaveLength(balances.length);
  });

  it("names a concentration that the exact one is within", async () => {
    const ledger = await useLedger(server);
    const balances = [1n, 2n, 3n, 500n, 505n, 100_000n, 104_000n, 109_999n];
    await createFunded(ledger, balances);
    await countAll(ledger.db);
    const { gini, giniError, holders } = concentrationOf(await listBuckets(ledger.db));
    expect(holders).toBe(BigInt(balances.length));
    const [low, exact] = [Number(gini), Number(exactGini(balances))];
    expect(exact).toBeGreaterThanOrEqual(low - 1e-6);
    expect(exact).toBeLessThanOrEqual(low + Number(giniError) + 1e-6);
    expect(Number(giniError)).toBeLessThan(0.02);
  });
});

/** By the definition: differences of all pairs. */
function exactGini(balances: readonly bigint[]): string {
  let differences = 0n;
  for (const one of balances)
    for (const other of balances) differences += one > other ? one - other : other - one;
  const total = balances.reduce((sum, balance) => sum + balance, 0n);
  return decimalOf({ over: differences, under: 2n * BigInt(balances.length) * total });
}

it("writes ratios by whole numbers, cut off", () => {
  expect(decimalOf({ over: 2n, under: 3n })).toBe("0.666666");
  expect(decimalOf({ over: -1n, under: 8n })).toBe("-0.125");
  expect(decimalOf({ over: 7n, under: 0n })).toBe("0");
  expect(decimalOf({ over: 10n ** 30n, under: 10n ** 29n })).toBe("10");
});
