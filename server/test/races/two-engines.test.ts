import { describe, expect, it } from "vitest";
import { setFreezeOperation } from "../../src/ledger/account-state/account-state-operation.ts";
import { holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { isNewDayError } from "../../src/errors/errors.ts";
import {
  asked,
  balanceOf,
  createFunded,
  expectPosted,
  transferOf,
  useEngine,
  useLedger,
} from "../support/ledger.ts";

describe.each(["pg15", "pg18"] as const)("concurrent posting on %s", (server) => {
  it("never spends the same money twice, from two engines at once", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n, c = 0n] = await createFunded(ledger, [100n, 0n, 0n]);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, n) =>
        n % 2 ? ledger.engine.submit(transferOf(a, b, 7n)) : other.submit(transferOf(a, c, 7n)),
      ),
    );
    expect(outcomes.filter(({ status }) => status === "posted").length).toBe(14);
    expect(await balanceOf(ledger.db, a)).toBe(2n);
    await other.drain();
  });

  it("posts opposite transfers of two engines without a deadlock reaching anybody", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n] = await createFunded(ledger, [1000n, 1000n]);
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, (_, n) =>
        n % 2 ? ledger.engine.submit(transferOf(a, b, 3n)) : other.submit(transferOf(b, a, 3n)),
      ),
    );
    expect(outcomes.every(({ status }) => status === "posted")).toBe(true);
    expect(await balanceOf(ledger.db, a)).toBe(1000n);
    await other.drain();
  });

  it("counts every transfer through one hot account, from either engine", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [hot = 0n, ...payers] = await createFunded(ledger, [0n, ...Array<bigint>(20).fill(50n)]);
    await Promise.all(
      Array.from({ length: 800 }, (_, n) =>
        expectPosted(n % 3 ? ledger.engine : other, transferOf(payers[n % 20] ?? 0n, hot, 1n)),
      ),
    );
    expect(await balanceOf(ledger.db, hot)).toBe(800n);
    await other.drain();
  });

  it("builds nothing on a batch that failed, while two engines fight over the same accounts and keys", async () => {
    const ledger = await useLedger(server);
    const engines = [ledger.engine, useEngine(ledger.db)] as const;
    const accounts = await createFunded(ledger, Array<bigint>(6).fill(1_000_000n));
    const expected = new Map(accounts.map((account) => [account, 1_000_000n]));
    const seen = new Set<string>();
    const callers = Array.from({ length: 60 }, async (_, caller) => {
      for (let step = 0; step < 40; step += 1) {
        const from = accounts[(caller + step) % 6] ?? 0n;
        const to = accounts[(caller * 5 + step * 3 + 1) % 6] ?? 0n;
        if (from === to) continue;
        // Every third key is asked for twice, on both engines: the second one ends a batch.
        const key = `${step}-${Math.floor(caller / (step % 3 === 0 ? 2 : 1))}-${from}-${to}`;
        const outcome = await engines[caller % 2 ? 1 : 0].submit(
          transferOf(from, to, BigInt(step + 1), key),
        );
        expect(outcome.status).toBe("posted");
        if (seen.has(outcome.transferId)) continue;
        seen.add(outcome.transferId);
        expected.set(from, (expected.get(from) ?? 0n) - BigInt(step + 1));
        expected.set(to, (expected.get(to) ?? 0n) + BigInt(step + 1));
      }
    });
    await Promise.all(callers);
    for (const [account, balance] of expected)
      expect(await balanceOf(ledger.db, account)).toBe(balance);
    await engines[1].drain();
  });

  it("posts a key once, however often two engines get it at once, and replays it to the rest", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n] = await createFunded(ledger, [1000n, 0n]);
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, n) =>
        (n % 2 ? ledger.engine : other).submit(transferOf(a, b, 5n, `same-${n % 3}`)),
      ),
    );
    expect(outcomes.filter(({ replayed }) => !replayed).length).toBe(3);
    expect(new Set(outcomes.map(({ transferId }) => transferId)).size).toBe(3);
    expect(await balanceOf(ledger.db, b)).toBe(15n);
    await other.drain();
  });

  it("lets exactly one of two bodies have a key", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const results = await Promise.allSettled([
      ledger.engine.submit(transferOf(a, b, 1n, "contested")),
      other.submit(transferOf(a, b, 2n, "contested")),
    ]);
    const refused = results.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    expect(refused.length).toBe(1);
    expect(isNewDayError(refused[0]) && refused[0].code).toBe("idempotency_conflict");
    await other.drain();
  });

  it("does not refuse from memory what another engine has paid in meanwhile", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n] = await createFunded(ledger, [10n, 500n]);
    await expectPosted(ledger.engine, transferOf(a, b, 10n));
    for (let n = 0; n < 20; n += 1) {
      await expectPosted(other, transferOf(b, a, 25n));
      await expectPosted(ledger.engine, transferOf(a, b, 25n));
    }
    await other.drain();
  });

  it("does not refuse a refund from memory that another engine has made possible", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n, c = 0n] = await createFunded(ledger, [10n, 0n, 500n]);
    const paid = await expectPosted(ledger.engine, transferOf(a, b, 10n));
    await expectPosted(ledger.engine, transferOf(b, c, 10n));
    await expectPosted(other, transferOf(c, b, 10n));
    // The payee is discovered: it stands in the refunded transfer.
    const payload = { transferId: paid.transferId, amount: null };
    await expectPosted(ledger.engine, asked(refundOperation, payload));
    await other.drain();
  });

  it("does not undo from memory what another engine has reserved or frozen meanwhile", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const [a = 0n, b = 0n, c = 0n] = await createFunded(ledger, [100n, 100n, 0n]);
    for (const account of [a, b]) await expectPosted(ledger.engine, transferOf(account, c, 1n));
    const hold = { account: a, amount: 90n, to: c, expiresAt: null };
    await expectPosted(other, asked(holdOperation, hold));
    const freeze = { account: b, debits: true, credits: true, byOperator: false };
    await expectPosted(other, asked(setFreezeOperation, freeze));
    expect(await ledger.engine.submit(transferOf(a, c, 50n))).toMatchObject({
      code: "insufficient_funds",
    });
    expect(await ledger.engine.submit(transferOf(b, c, 50n))).toMatchObject({
      code: "account_frozen",
    });
    await other.drain();
  });

  it("survives losing its connections in the middle of the work, and posts each operation once", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [1000n, 0n]);
    const work = Array.from({ length: 200 }, (_, n) =>
      ledger.engine.submit(transferOf(a, b, 1n, n % 2 ? `key-${n}` : undefined)),
    );
    await ledger.db.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-engine' and datname = current_database()",
    );
    const outcomes = await Promise.all(work);
    expect(outcomes.every(({ status }) => status === "posted")).toBe(true);
    expect(await balanceOf(ledger.db, b)).toBe(200n);
  });

  it("goes on after its idle connections were ended by the server", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [1000n, 0n]);
    await expectPosted(ledger.engine, transferOf(a, b, 1n));
    for (let n = 0; n < 3; n += 1) {
      await ledger.db.query(
        "select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'test-engine' and datname = current_database()",
      );
      await expectPosted(ledger.engine, transferOf(a, b, 1n));
    }
    expect(await balanceOf(ledger.db, b)).toBe(4n);
  });

  it("finishes what it took and refuses more when it drains", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [1000n, 0n]);
    const taken = Array.from({ length: 50 }, () => ledger.engine.submit(transferOf(a, b, 1n)));
    const drained = ledger.engine.drain();
    await expect(ledger.engine.submit(transferOf(a, b, 1n))).rejects.toMatchObject({
      code: "shutting_down",
    });
    await drained;
    expect((await Promise.all(taken)).length).toBe(50);
    expect(await balanceOf(ledger.db, b)).toBe(50n);
  });

  it("takes no more than the queue holds, and says that it did nothing", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [10n, 0n]);
    const many = Array.from({ length: 20_001 }, () => transferOf(a, b, 1n));
    await expect(ledger.engine.submitMany(many, "independent")).rejects.toMatchObject({
      code: "overloaded",
    });
    expect(ledger.engine.queueDepth()).toBe(0);
    expect(await balanceOf(ledger.db, b)).toBe(0n);
  });
});
