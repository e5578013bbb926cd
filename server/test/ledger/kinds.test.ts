import { describe, expect, it } from "vitest";
import {
  closeAccountOperation,
  reopenAccountOperation,
  setFreezeOperation,
} from "../../src/ledger/account-state/account-state-operation.ts";
import { exchangeOperation } from "../../src/ledger/exchange/exchange-operation.ts";
import {
  captureOperation,
  holdOperation,
  voidHoldOperation,
} from "../../src/ledger/holds/hold-operation.ts";
import { burnOperation, mintOperation } from "../../src/ledger/transfers/mint-operation.ts";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { transferUpToOperation } from "../../src/ledger/transfers/transfer-up-to-operation.ts";
import type { Database } from "../../src/db/database.ts";
import { accountId, walletOf } from "../../src/ledger/accounts/accounts.ts";
import type { PostedOutcome } from "../../src/engine/operation.ts";
import { exchanged } from "../../src/ledger/exchange/exchange-operation.ts";
import {
  asked,
  balanceOf,
  COINS,
  createFunded,
  expectPosted,
  inAnHour,
  passExpiry,
  transferOf,
  useLedger,
} from "../support/ledger.ts";

async function systemAccount(db: Database, role: string, currency = COINS): Promise<bigint> {
  const [row] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where user_id = $1",
    [`system:newday:${role}`],
  );
  return accountId(row?.number ?? 0n, currency);
}

async function heldOf(db: Database, account: bigint): Promise<bigint> {
  const [row] = await db.query<{ held: bigint }>("select held from newday.accounts where id = $1", [
    account,
  ]);
  return row?.held ?? 0n;
}

/** Within the minute before expiry the engine lists a hold already, and has to check its time. */
async function expireSoon(db: Database, holdId: string): Promise<void> {
  await db.query(
    "update newday.holds set expires_at = clock_timestamp() + interval '50 seconds' where id = $1",
    [holdId],
  );
}

function requirePair(ids: bigint[]): [bigint, bigint] {
  const [first, second] = ids;
  if (first === undefined || second === undefined) throw new Error("two accounts wanted");
  return [first, second];
}

describe.each(["pg15", "pg18"] as const)("operations on %s", (server) => {
  it("transfers once per key, replays the first outcome, and refuses another body", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const first = await ledger.engine.submit(transferOf(a, b, 60n, "k"));
    const again = await ledger.engine.submit(transferOf(a, b, 60n, "k"));
    expect(again).toEqual({ ...first, replayed: true });
    await expect(ledger.engine.submit(transferOf(a, b, 61n, "k"))).rejects.toMatchObject({
      code: "idempotency_conflict",
    });
    expect(await balanceOf(ledger.db, b)).toBe(60n);
  });

  it("freezes a business refusal under its key, even when the money has come since", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [10n, 100n]));
    const first = await ledger.engine.submit(transferOf(a, b, 60n, "poor"));
    expect(first).toMatchObject({ status: "refused", code: "insufficient_funds", replayed: false });
    await expectPosted(ledger.engine, transferOf(b, a, 100n));
    const again = await ledger.engine.submit(transferOf(a, b, 60n, "poor"));
    expect(again).toEqual({ ...first, replayed: true });
  });

  it("posts legs of several currencies as one transfer that sums to zero in each", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 100n]));
    const cash = await systemAccount(ledger.db, "adjustments", 2);
    const outcome = await expectPosted(
      ledger.engine,
      asked(postLegsOperation, {
        legs: [
          { account: a, amount: -30n },
          { account: b, amount: -20n },
          { account: await systemAccount(ledger.db, "fees"), amount: 50n },
          { account: cash, amount: -5n },
          { account: accountId(walletOf(a), 2), amount: 5n },
        ],
      }),
    );
    expect(outcome.movements.map(({ amount }) => amount)).toEqual([30n, 20n, 5n]);
    expect(await balanceOf(ledger.db, accountId(walletOf(a), 2))).toBe(5n);
  });

  it("posts an atomic group wholly or not at all, an independent one each for itself", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const group = [
      transferOf(a, b, 40n, "g1"),
      transferOf(a, b, 90n, "g2"),
      transferOf(a, b, 1n, "g3"),
    ];
    const atomic = await ledger.engine.submitMany(group, "atomic");
    expect(atomic.map((o) => (o.status === "refused" ? o.code : o.status))).toEqual([
      "atomic_group_refused",
      "insufficient_funds",
      "atomic_group_refused",
    ]);
    expect(await balanceOf(ledger.db, a)).toBe(100n);
    const single = [transferOf(a, b, 40n), transferOf(a, b, 90n), transferOf(a, b, 1n)];
    const independent = await ledger.engine.submitMany(single, "independent");
    expect(independent.map(({ status }) => status)).toEqual(["posted", "refused", "posted"]);
    expect(await balanceOf(ledger.db, b)).toBe(41n);
  });

  it("mints and burns only for a platform that the currency lists", async () => {
    const ledger = await useLedger(server);
    const [a] = requirePair(await createFunded(ledger, [0n, 0n]));
    const mint = walletOf(await systemAccount(ledger.db, "mint"));
    const payload = { platform: "newday", mint, account: a, amount: 50n };
    await expectPosted(ledger.engine, asked(mintOperation, payload));
    await expectPosted(ledger.engine, asked(burnOperation, { ...payload, amount: 20n }));
    expect(await balanceOf(ledger.db, a)).toBe(30n);
    for (const wrong of [{ platform: "allinone" }, { mint: walletOf(a) }])
      expect(
        await ledger.engine.submit(asked(mintOperation, { ...payload, ...wrong })),
      ).toMatchObject({
        status: "refused",
        code: "mint_not_allowed",
      });
  });

  it("gives back at most what was moved, in parts, and a refund can be given back again", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const { transferId } = await expectPosted(ledger.engine, transferOf(a, b, 100n));
    const refund = (amount: bigint | null, id = transferId) =>
      asked(refundOperation, { transferId: id, amount });
    const part = await expectPosted(ledger.engine, refund(30n));
    const parallel = await Promise.all([1, 2, 3, 4].map(() => ledger.engine.submit(refund(25n))));
    expect(parallel.filter(({ status }) => status === "posted").length).toBe(2);
    expect(await ledger.engine.submit(refund(21n))).toMatchObject({ code: "refund_too_large" });
    await expectPosted(ledger.engine, refund(null));
    expect(await balanceOf(ledger.db, a)).toBe(100n);
    await expectPosted(ledger.engine, refund(30n, part.transferId));
    expect(await balanceOf(ledger.db, b)).toBe(30n);
  });

  it("captures a hold in parts, never more than it reserves, and lets the rest go", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const held = await expectPosted(
      ledger.engine,
      asked(holdOperation, { account: a, amount: 80n, to: b, expiresAt: null }, "h"),
    );
    expect(await ledger.engine.submit(transferOf(a, b, 21n))).toMatchObject({ status: "refused" });
    const capture = (amount: bigint | null, final: boolean) =>
      asked(captureOperation, { holdId: held.transferId, amount, to: null, final });
    await expectPosted(ledger.engine, capture(30n, false));
    expect(await ledger.engine.submit(capture(51n, false))).toMatchObject({
      code: "capture_too_large",
    });
    await expectPosted(ledger.engine, capture(20n, true));
    expect(await ledger.engine.submit(capture(1n, true))).toMatchObject({ code: "hold_not_open" });
    expect([await balanceOf(ledger.db, a), await heldOf(ledger.db, a)]).toEqual([50n, 0n]);
  });

  it("voids a hold once, and gives the reserve back", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const { transferId: holdId } = await expectPosted(
      ledger.engine,
      asked(holdOperation, { account: a, amount: 100n, to: b, expiresAt: null }),
    );
    await expectPosted(ledger.engine, asked(voidHoldOperation, { holdId }));
    expect(await ledger.engine.submit(asked(voidHoldOperation, { holdId }))).toMatchObject({
      code: "hold_not_open",
    });
    await expectPosted(ledger.engine, transferOf(a, b, 100n));
  });

  it("frees the money of a hold when it has expired, before any sweep", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const expiresAt = inAnHour();
    const { transferId: holdId } = await expectPosted(
      ledger.engine,
      asked(holdOperation, { account: a, amount: 100n, to: b, expiresAt }),
    );
    expect(await ledger.engine.submit(transferOf(a, b, 1n))).toMatchObject({
      code: "insufficient_funds",
    });
    await passExpiry(ledger.db, holdId);
    const capture = asked(captureOperation, { holdId, amount: null, to: null, final: true });
    expect(await ledger.engine.submit(capture)).toMatchObject({ code: "hold_not_open" });
    await expectPosted(ledger.engine, transferOf(a, b, 100n));
    expect(await heldOf(ledger.db, a)).toBe(0n);
  });

  it("keeps the money of a hold that expires soon, but has not yet", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const { transferId: holdId } = await expectPosted(
      ledger.engine,
      asked(holdOperation, { account: a, amount: 100n, to: b, expiresAt: inAnHour() }),
    );
    await expireSoon(ledger.db, holdId);
    expect(await ledger.engine.submit(transferOf(a, b, 1n))).toMatchObject({
      code: "insufficient_funds",
    });
    expect(await heldOf(ledger.db, a)).toBe(100n);
  });

  it("exchanges listed pairs 1:1 through the exchange account and nothing else", async () => {
    const ledger = await useLedger(server);
    const [a] = requirePair(await createFunded(ledger, [100n, 0n]));
    const wallet = walletOf(a);
    const counter = walletOf(await systemAccount(ledger.db, "exchange"));
    const payload = {
      wallet,
      exchange: counter,
      source: COINS,
      target: 4,
      amount: 40n,
      quote: null,
    };
    const done = await expectPosted(ledger.engine, asked(exchangeOperation, payload));
    expect(done.result).toEqual({ given: "40", received: "40" });
    expect(await balanceOf(ledger.db, accountId(wallet, 4))).toBe(40n);
    const other = asked(exchangeOperation, { ...payload, target: 3 });
    expect(await ledger.engine.submit(other)).toMatchObject({ code: "exchange_not_offered" });
    const quote = { numerator: 1n, denominator: 1n, expiresAt: new Date(Date.now() - 1) };
    expect(
      await ledger.engine.submit(asked(exchangeOperation, { ...payload, quote })),
    ).toMatchObject({
      code: "quote_expired",
    });
    const forged = { numerator: 9n, denominator: 1n, expiresAt: new Date(Date.now() + 60_000) };
    expect(
      await ledger.engine.submit(asked(exchangeOperation, { ...payload, quote: forged })),
    ).toMatchObject({
      code: "quote_changed",
    });
  });

  it("moves up to an amount, limited by what the payer has", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [70n, 0n]));
    const sweep = asked(transferUpToOperation, { from: a, to: b, maximum: 1000n });
    expect((await expectPosted(ledger.engine, sweep)).result).toEqual({ amount: "70" });
    expect(await ledger.engine.submit(sweep)).toMatchObject({ code: "nothing_to_move" });
  });

  it("freezes each direction by itself, and closes only an empty account", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [50n, 50n]));
    await expectPosted(
      ledger.engine,
      asked(setFreezeOperation, { account: a, debits: true, credits: false, byOperator: false }),
    );
    expect(await ledger.engine.submit(transferOf(a, b, 1n))).toMatchObject({
      code: "account_frozen",
    });
    await expectPosted(ledger.engine, transferOf(b, a, 1n));
    await expectPosted(
      ledger.engine,
      asked(setFreezeOperation, { account: a, debits: false, credits: true, byOperator: false }),
    );
    expect(await ledger.engine.submit(transferOf(b, a, 1n))).toMatchObject({
      code: "account_frozen",
    });
    expect(
      await ledger.engine.submit(asked(closeAccountOperation, { account: a, byOperator: false })),
    ).toMatchObject({
      code: "account_not_empty",
    });
    await expectPosted(ledger.engine, transferOf(a, b, 51n));
    await expectPosted(
      ledger.engine,
      asked(closeAccountOperation, { account: a, byOperator: false }),
    );
    await expectPosted(
      ledger.engine,
      asked(setFreezeOperation, { account: a, debits: false, credits: false, byOperator: false }),
    );
    expect(await ledger.engine.submit(transferOf(b, a, 1n))).toMatchObject({
      code: "account_closed",
    });
    await expectPosted(
      ledger.engine,
      asked(reopenAccountOperation, { account: a, byOperator: false }),
    );
    await expectPosted(ledger.engine, transferOf(b, a, 1n));
  });

  it("previews without writing, and refuses when the account moved since it was read", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [100n, 0n]));
    const [preview] = await ledger.engine.preview([transferOf(a, b, 30n)], "independent");
    expect((preview as PostedOutcome).movements[0]).toMatchObject({
      fromBalance: 70n,
      toBalance: 30n,
    });
    expect(await balanceOf(ledger.db, a)).toBe(100n);
    const stale = transferOf(a, b, 1n, { expects: [{ account: a, revision: 99n }] });
    expect(await ledger.engine.submit(stale)).toMatchObject({ code: "precondition_failed" });
  });

  it("keeps reference, metadata and effective time with the transfer", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [10n, 0n]));
    const effectiveAt = new Date("2026-01-02T03:04:05.000Z");
    const metadata = { 原因: '任务 "一" \\ {1,2}', nested: { list: [1, null, true] } };
    const reference = 'quest "7", {x}';
    const described = transferOf(a, b, 1n, { effectiveAt, metadata, reference });
    const { transferId } = await expectPosted(ledger.engine, described);
    const [row] = await ledger.db.query(
      `select effective_at as "effectiveAt", metadata, reference from newday.transfers where id = $1`,
      [transferId],
    );
    expect(row).toEqual({ effectiveAt, metadata, reference });
  });

  it("fails a poisoned operation alone and posts its neighbours", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [10n, 0n]));
    const poisoned = transferOf(a, b, 1n, { reference: "nul \u0000 character" });
    const results = await Promise.allSettled([
      ledger.engine.submit(transferOf(a, b, 1n)),
      ledger.engine.submit(poisoned),
      ledger.engine.submit(transferOf(a, b, 1n)),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await balanceOf(ledger.db, b)).toBe(2n);
  });

  it("refuses to change a balance, or remove an account, by hand", async () => {
    const ledger = await useLedger(server);
    await createFunded(ledger, [10n]);
    for (const statement of [
      "update newday.accounts set balance = 999",
      "delete from newday.accounts",
      "truncate newday.accounts cascade",
    ])
      await expect(ledger.db.query(statement)).rejects.toThrow(/posting engine only|append-only/);
  });

  it("refuses to change or remove what was posted", async () => {
    const ledger = await useLedger(server);
    const [a, b] = requirePair(await createFunded(ledger, [10n, 0n]));
    await expectPosted(ledger.engine, transferOf(a, b, 1n));
    for (const statement of [
      "update newday.transfers set amount = 2",
      "update newday.transfers set caller = null",
      "delete from newday.transfers",
      "truncate newday.transfers cascade",
    ])
      await expect(ledger.db.query(statement)).rejects.toThrow(/append-only/);
  });
});

describe("exchanged", () => {
  it("rounds down to whole minor units, in favour of the exchange", () => {
    expect(exchanged(7n, { numerator: 1n, denominator: 3n })).toBe(2n);
    expect(exchanged(2n, { numerator: 1n, denominator: 3n })).toBe(0n);
    expect(exchanged(9_007_199_254_740_991n, { numerator: 3n, denominator: 2n })).toBe(
      13_510_798_882_111_486n,
    );
  });
});
