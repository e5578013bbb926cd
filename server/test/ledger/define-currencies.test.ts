import { describe, expect, it } from "vitest";
import { exchangeOperation } from "../../src/ledger/exchange/exchange-operation.ts";
import type { OperatorContext } from "../../src/identity/operator-changes/operator-changes.ts";
import { holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { burnOperation, mintOperation } from "../../src/ledger/transfers/mint-operation.ts";
import type { Database } from "../../src/db/database.ts";
import { accountId, walletOf } from "../../src/ledger/accounts/accounts.ts";
import { listCurrencies } from "../../src/ledger/currencies/currency-queries.ts";
import {
  addCurrency,
  closePair,
  offerPair,
  setBounds,
  setMinter,
} from "../../src/ledger/currencies/define-currencies.ts";
import {
  asked,
  balanceOf,
  COINS,
  createFunded,
  expectPosted,
  transferOf,
  useLedger,
} from "../support/ledger.ts";

const BY: OperatorContext = { operator: "ann", dryRun: false };
const PREVIEW: OperatorContext = { operator: "ann", dryRun: true };
const GEMS = {
  code: "gems",
  scale: 0,
  minimum: 0n,
  maximum: 1_000n,
  exposure: 5n,
  minters: ["newday"],
};

async function systemWallet(db: Database, role: string): Promise<bigint> {
  const [row] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where user_id = $1",
    [`system:newday:${role}`],
  );
  return row?.number ?? 0n;
}

async function numberOf(db: Database, code: string): Promise<number> {
  return Number((await listCurrencies(db)).find((one) => one.code === code)?.number ?? 0n);
}

function changesOf(db: Database) {
  return db.query<{ operator: string; what: string; before: unknown; after: unknown }>(
    "select operator, what, before, after from newday.operator_changes order by id",
  );
}

describe.each(["pg15", "pg18"] as const)("an operator on %s", (server) => {
  it("adds a currency that a running server mints, bounds and exchanges at once", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [100n]);
    await addCurrency(ledger.db, BY, GEMS);
    const gems = await numberOf(ledger.db, "gems");
    const account = accountId(walletOf(a), gems);
    const mint = await systemWallet(ledger.db, "mint");
    const issue = (amount: bigint) =>
      asked(mintOperation, { platform: "newday", mint, account, amount });
    await expectPosted(ledger.engine, issue(1_000n));
    expect(await ledger.engine.submit(issue(1n))).toMatchObject({ code: "balance_limit" });

    const pair = { from: "game_coins", to: "gems", numerator: 1n, denominator: 10n };
    await offerPair(ledger.db, BY, pair);
    await expectPosted(
      ledger.engine,
      asked(burnOperation, { platform: "newday", mint, account, amount: 500n }),
    );
    const exchange = await systemWallet(ledger.db, "exchange");
    const buy = (amount: bigint) =>
      asked(exchangeOperation, {
        wallet: walletOf(a),
        exchange,
        source: COINS,
        target: gems,
        amount,
        quote: null,
      });
    expect((await expectPosted(ledger.engine, buy(50n))).result).toMatchObject({ received: "5" });
    expect(await ledger.engine.submit(buy(10n))).toMatchObject({ code: "insufficient_funds" });
    await setBounds(ledger.db, BY, { code: "gems", exposure: 6n });
    await expectPosted(ledger.engine, buy(10n));
    await closePair(ledger.db, BY, pair);
    expect(await ledger.engine.submit(buy(10n))).toMatchObject({ code: "exchange_not_offered" });
  });

  it("cannot set bounds that a balance or an open hold breaks, and is told whose", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 10n]);
    const tight = setBounds(ledger.db, BY, { code: "game_coins", maximum: 99n });
    await expect(tight).rejects.toMatchObject({ code: "invalid_field" });
    await expectPosted(ledger.engine, transferOf(a, b, 1n));
    const change = await setBounds(ledger.db, BY, { code: "game_coins", maximum: 99n });
    expect(change.accounts).toBe(2n);
    expect(await ledger.engine.submit(transferOf(b, a, 1n))).toMatchObject({
      code: "balance_limit",
    });
    const hold = { account: b, amount: 8n, to: a, expiresAt: null };
    await expectPosted(ledger.engine, asked(holdOperation, hold));
    await setBounds(ledger.db, BY, { code: "game_coins", minimum: -5n });
    await expectPosted(ledger.engine, asked(holdOperation, { ...hold, amount: 8n }));
    const strict = setBounds(ledger.db, BY, { code: "game_coins", minimum: 0n });
    await expect(strict).rejects.toMatchObject({ details: { field: "bounds" } });
    expect(await balanceOf(ledger.db, b)).toBe(11n);
  });

  it("has accounts that are inserted during the change opened with the new bounds", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [1_000n]);
    const fresh = await createFunded(ledger, Array<bigint>(60).fill(0n));
    await Promise.all([
      ...fresh.map((account) => expectPosted(ledger.engine, transferOf(a, account, 1n))),
      setBounds(ledger.db, BY, { code: "game_coins", maximum: 2_000n }),
    ]);
    const bounds = await ledger.db.query(
      "select distinct maximum from newday.accounts where id = any($1)",
      [[a, ...fresh]],
    );
    expect(bounds).toEqual([{ maximum: 2_000n }]);
  });

  it("waits for a posting that takes long, and holds up the others for less than a second at a time", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [1_000n, 0n]);
    const slow = await ledger.db.connect("slow");
    await slow.query("begin");
    await slow.query("lock table newday.accounts in row exclusive mode");
    const change = setBounds(ledger.db, BY, { code: "game_coins", maximum: 2_000n });
    const waits = async () =>
      (
        await ledger.db.query(
          `select from pg_locks where relation = 'newday.accounts'::regclass and not granted
            and database = (select oid from pg_database where datname = current_database())`,
        )
      ).length > 0;
    await expect.poll(waits).toBe(true);
    await expectPosted(ledger.engine, transferOf(a, b, 1n));
    await slow.query("commit");
    expect(await change).toMatchObject({ after: { maximum: "2000" } });
    await slow.close();
  });

  it("lets a platform mint and takes that back, for the next posting", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [0n]);
    const mint = await systemWallet(ledger.db, "mint");
    const issue = asked(mintOperation, {
      platform: "newday",
      mint,
      account: accountId(walletOf(a), 4),
      amount: 1n,
    });
    const minter = { code: "allinone_coins", platform: "newday" };
    expect(await ledger.engine.submit(issue)).toMatchObject({ code: "mint_not_allowed" });
    await setMinter(ledger.db, BY, { ...minter, allowed: true });
    await expectPosted(ledger.engine, issue);
    await setMinter(ledger.db, BY, { ...minter, allowed: false });
    expect(await ledger.engine.submit(issue)).toMatchObject({ code: "mint_not_allowed" });
  });

  it("leaves a record of who changed what, and none of a dry run, which changes nothing", async () => {
    const { db } = await useLedger(server);
    const preview = await addCurrency(db, PREVIEW, GEMS);
    expect(preview).toMatchObject({ before: null, after: { maximum: "1000" } });
    expect(await changesOf(db)).toEqual([]);
    expect(await numberOf(db, "gems")).toBe(0);
    await addCurrency(db, BY, GEMS);
    await setBounds(db, { operator: "bob", dryRun: false }, { code: "gems", maximum: 9n });
    expect(await changesOf(db)).toMatchObject([
      { operator: "ann", what: "currency add", before: null, after: { scale: 0 } },
      {
        operator: "bob",
        what: "currency bounds",
        before: { maximum: "1000" },
        after: { maximum: "9" },
      },
    ]);
    await expect(db.query("delete from newday.operator_changes")).rejects.toThrow(/append-only/);
  });

  it("is refused what makes no sense, by field", async () => {
    const { db } = await useLedger(server);
    const wrong = [
      [() => addCurrency(db, BY, { ...GEMS, code: "cash" }), "code"],
      [() => addCurrency(db, BY, { ...GEMS, code: "Gems!" }), "code"],
      [() => addCurrency(db, BY, { ...GEMS, scale: 19 }), "scale"],
      // B7: no account could hold a whole coin.
      [() => addCurrency(db, BY, { ...GEMS, scale: 16 }), "scale"],
      [() => addCurrency(db, BY, { ...GEMS, minimum: 1n }), "minimum"],
      [() => addCurrency(db, BY, { ...GEMS, maximum: 2n ** 53n }), "maximum"],
      [() => addCurrency(db, BY, { ...GEMS, minters: ["No Platform"] }), "minters"],
      [() => setBounds(db, BY, { code: "cash" }), "cash"],
      [() => offerPair(db, BY, { from: "cash", to: "cash", numerator: 1n, denominator: 1n }), "to"],
      [
        () => offerPair(db, BY, { from: "cash", to: "game_coins", numerator: 0n, denominator: 1n }),
        "rate",
      ],
    ] as const;
    for (const [attempt, field] of wrong)
      await expect(attempt()).rejects.toMatchObject({ code: "invalid_field", details: { field } });
    await expect(setBounds(db, BY, { code: "no_such", maximum: 1n })).rejects.toMatchObject({
      code: "invalid_currency",
    });
    expect(await changesOf(db)).toEqual([]);
  });
});
