import { describe, expect, it } from "vitest";
import {
  closeAccountOperation,
  setFreezeOperation,
} from "../../src/ledger/account-state/account-state-operation.ts";
import { exchangeOperation } from "../../src/ledger/exchange/exchange-operation.ts";
import { expireHoldOperation, holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { transferUpToOperation } from "../../src/ledger/transfers/transfer-up-to-operation.ts";
import type { Database } from "../../src/db/database.ts";
import { accountId, accounts, walletOf } from "../../src/ledger/accounts/accounts.ts";
import { defineOperationType } from "../../src/engine/operation-type.ts";
import { decideBatch } from "../../src/engine/decide-batch.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";
import { rowKey } from "../../src/engine/resource.ts";
import { WorkingSet } from "../../src/engine/working-set.ts";
import { hasExpired } from "../../src/ledger/holds/holds.ts";
import { fingerprintOf, fingerprintsOfParts } from "../../src/engine/identifiers.ts";
import {
  asked,
  balanceOf,
  COINS,
  createFunded,
  expectPosted,
  transferOf,
  useLedger,
} from "../support/ledger.ts";

const CASH = 2;
const PARTNER_COINS = 4;
const BALANCE_MAX = 9_007_199_254_740_991n;
const EXPOSURE = 1_000_000n;

async function systemWallet(db: Database, role: string): Promise<bigint> {
  const [row] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where user_id = $1",
    [`system:newday:${role}`],
  );
  return row?.number ?? 0n;
}

describe.each(["pg15", "pg18"] as const)("guards of the engine on %s", (server) => {
  it("refuse a credit above the maximum of an account, and one that would wrap a bigint", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [BALANCE_MAX, 10n]);
    expect(await ledger.engine.submit(transferOf(b, a, 1n))).toMatchObject({
      code: "balance_limit",
      details: { maximum: `${BALANCE_MAX}` },
    });
    const issuer = accountId(await systemWallet(ledger.db, "mint"), COINS);
    const wrapping = transferOf(issuer, a, 9_223_372_036_854_775_807n);
    expect(await ledger.engine.submit(wrapping)).toMatchObject({ status: "refused" });
    expect(await balanceOf(ledger.db, a)).toBe(BALANCE_MAX);
  });

  it("pair money with the same currency only, in whatever order the legs are given", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const purse = accountId(walletOf(a), CASH);
    const issuer = accountId(await systemWallet(ledger.db, "adjustments"), CASH);
    const legs = [
      { account: a, amount: -30n },
      { account: purse, amount: 30n },
      { account: issuer, amount: -30n },
      { account: b, amount: 30n },
    ];
    await expectPosted(ledger.engine, asked(postLegsOperation, { legs }));
    expect(await balanceOf(ledger.db, purse)).toBe(30n);
  });

  it("post a key once that an atomic group names twice", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const twice = [transferOf(a, b, 7n, "twice"), transferOf(a, b, 7n, "twice")];
    const outcomes = await ledger.engine.submitMany(twice, "atomic");
    expect(outcomes.map(({ replayed }) => replayed)).toEqual([false, true]);
    expect(await balanceOf(ledger.db, b)).toBe(7n);
  });

  it("leave nothing behind of an operation whose second leg is refused", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n, c = 0n] = await createFunded(ledger, [100n, 10n, 0n]);
    const legs = [
      { account: a, amount: -60n },
      { account: b, amount: -20n },
      { account: c, amount: 80n },
    ];
    const outcomes = await ledger.engine.submitMany(
      [asked(postLegsOperation, { legs }), transferOf(a, c, 100n)],
      "independent",
    );
    expect(outcomes.map(({ status }) => status)).toEqual(["refused", "posted"]);
    expect(await balanceOf(ledger.db, c)).toBe(100n);
  });

  it("let no reserve exceed what is available, nor leave a frozen or a closed account", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const hold = (amount: bigint) =>
      asked(holdOperation, { account: a, amount, to: b, expiresAt: null });
    expect(await ledger.engine.submit(hold(101n))).toMatchObject({ code: "insufficient_funds" });
    await expectPosted(
      ledger.engine,
      asked(setFreezeOperation, { account: a, debits: true, credits: false, byOperator: false }),
    );
    expect(await ledger.engine.submit(hold(1n))).toMatchObject({ code: "account_frozen" });
  });

  it("do not sweep a hold before its time", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const expiresAt = new Date(Date.now() + 3_600_000);
    const held = await expectPosted(
      ledger.engine,
      asked(holdOperation, { account: a, amount: 60n, to: b, expiresAt }),
    );
    const sweep = asked(expireHoldOperation, { holdId: held.transferId });
    expect(await ledger.engine.submit(sweep)).toMatchObject({ code: "hold_not_open" });
    expect(await ledger.engine.submit(transferOf(a, b, 41n))).toMatchObject({
      code: "insufficient_funds",
    });
  });

  it("refuse to give back a transfer that has been given back wholly", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 100n]);
    const { transferId } = await expectPosted(ledger.engine, transferOf(a, b, 50n));
    const refund = asked(refundOperation, { transferId, amount: null });
    await expectPosted(ledger.engine, refund);
    expect(await ledger.engine.submit(refund)).toMatchObject({ code: "refund_too_large" });
  });

  it("move up to an amount only what the payee may still take", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, BALANCE_MAX - 7n]);
    const done = await expectPosted(
      ledger.engine,
      asked(transferUpToOperation, { from: a, to: b, maximum: 50n }),
    );
    expect(done.result).toEqual({ amount: "7" });
  });

  it("refuse a transfer from an account to itself", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [100n]);
    expect(await ledger.engine.submit(transferOf(a, a, 1n))).toMatchObject({
      code: "same_account",
    });
  });

  it("let fees and escrow pay out no more than they took in", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [10n]);
    const fees = accountId(await systemWallet(ledger.db, "fees"), COINS);
    await expectPosted(ledger.engine, transferOf(a, fees, 5n));
    expect(await ledger.engine.submit(transferOf(fees, a, 6n))).toMatchObject({
      code: "insufficient_funds",
    });
  });

  it("give the same key of two callers an outcome each", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const one = await expectPosted(ledger.engine, transferOf(a, b, 1n, "same"));
    const byOther = transferOf(a, b, 1n, { key: "same", caller: "other" });
    const other = await expectPosted(ledger.engine, byOther);
    expect(other.transferId).not.toBe(one.transferId);
    expect(await balanceOf(ledger.db, b)).toBe(2n);
  });

  it("keep a closed account closed while its freezes change", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [10n, 0n]);
    await expectPosted(
      ledger.engine,
      asked(closeAccountOperation, { account: b, byOperator: false }),
    );
    const thaw = asked(setFreezeOperation, {
      account: b,
      debits: false,
      credits: false,
      byOperator: false,
    });
    await expectPosted(ledger.engine, thaw);
    expect(await ledger.engine.submit(transferOf(a, b, 1n))).toMatchObject({
      code: "account_closed",
    });
  });

  it("bound what a platform may owe through exchange", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [EXPOSURE * 2n]);
    const counter = await systemWallet(ledger.db, "exchange");
    const exchanging = (amount: bigint) => asked(exchangeOperation, exchangeOf(counter, a, amount));
    expect(await ledger.engine.submit(exchanging(EXPOSURE + 1n))).toMatchObject({
      status: "refused",
    });
    await expectPosted(ledger.engine, exchanging(EXPOSURE));
    expect(await ledger.engine.submit(exchanging(1n))).toMatchObject({ status: "refused" });
  });

  it("round an exchange down, and refuse one that would give nothing", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [100n]);
    await ledger.db.query("insert into newday.exchange_pairs values ($1, $2, 1, 3)", [COINS, CASH]);
    const exchange = await systemWallet(ledger.db, "exchange");
    const exchanging = (amount: bigint) =>
      asked(exchangeOperation, { ...exchangeOf(exchange, a, amount), target: CASH });
    expect((await expectPosted(ledger.engine, exchanging(8n))).result).toEqual({
      given: "8",
      received: "2",
    });
    expect(await ledger.engine.submit(exchanging(2n))).toMatchObject({ code: "nothing_to_move" });
  });
});

function exchangeOf(exchange: bigint, account: bigint, amount: bigint) {
  const wallet = walletOf(account);
  return { wallet, exchange, source: COINS, target: PARTNER_COINS, amount, quote: null };
}

describe("decisions", () => {
  it("fail when an operation type returns legs that do not sum to zero per currency", () => {
    const unbalanced = defineOperationType<object>()({
      name: "unbalanced",
      readWriteSet: () => [],
      decide: () => ({ legs: [{ account: accountId(1n, COINS), amount: 1n }] }),
    });
    const unit = {
      operations: [{ operation: asked(unbalanced, {}), transferId: "t" }],
      mode: "independent" as const,
      readWriteSet: [],
    };
    const rows = new WorkingSet();
    const { resource, id } = rowKey(accounts, accountId(1n, COINS));
    rows.load(resource, id, undefined);
    const input = { rows, stored: new Map(), now: new Date() };
    expect(() => decideBatch(ledgerModule.rules, [unit], input)).toThrow(/do not sum to zero/);
  });

  it("end a hold at the very instant of its expiry", () => {
    const expiresAt = new Date("2026-01-01T00:00:00.000Z");
    const hold = {
      id: "h",
      account: 1n,
      toAccount: null,
      amount: 1n,
      captured: 0n,
      state: "open" as const,
      expiresAt,
      revision: 1n,
    };
    expect(hasExpired(hold, new Date(expiresAt.getTime() - 1))).toBe(false);
    expect(hasExpired(hold, expiresAt)).toBe(true);
  });

  it("are the same for a part whether the body is hashed for each or once", async () => {
    const long = Array.from({ length: 120 }, (_, n) => ({ n, of: [n, {}], at: new Date(n) }));
    for (const [ifMatch, body] of [
      [undefined, { b: [1, "x"], a: "é" }],
      ['"7.0"', { long, gone: undefined, none: null, empty: {}, no: [] }],
      [undefined, {}],
    ] as const) {
      const request = { body, ifMatch, method: "POST", path: "/p" };
      const of = await fingerprintsOfParts(request);
      for (const part of ["", "#0", "#1", '"'])
        expect(of(part)).toBe(fingerprintOf({ ...request, part }));
    }
  });

  it("tell two requests apart by any member, and not by the order of members", () => {
    expect(fingerprintOf({ a: 1n, b: [1, "x"] })).toBe(fingerprintOf({ b: [1, "x"], a: 1n }));
    for (const other of [
      { a: 2n, b: [1, "x"] },
      { a: 1n, b: ["x", 1] },
      { a: "1", b: [1, "x"] },
    ])
      expect(fingerprintOf(other)).not.toBe(fingerprintOf({ a: 1n, b: [1, "x"] }));
  });
});
