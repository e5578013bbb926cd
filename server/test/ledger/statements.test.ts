import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { holdOperation } from "../../src/ledger/holds/hold-operation.ts";
import { balanceAt, readStatement } from "../../src/ledger/statements/statement.ts";
import { findAccount } from "../../src/ledger/statements/statement-queries.ts";
import { sweepExpiredHolds } from "../../src/ledger/holds/sweep-holds.ts";
import {
  asked,
  createFunded,
  expectPosted,
  inAnHour,
  passExpiry,
  transferOf,
  useLedger,
} from "../support/ledger.ts";

describe.each(["pg15", "pg18"] as const)("statements on %s", (server) => {
  it("pages through an account by number, unmoved by what is posted meanwhile", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 100n]);
    for (let n = 1n; n <= 9n; n += 1n)
      await expectPosted(ledger.engine, n % 2n ? transferOf(a, b, n) : transferOf(b, a, n));
    const first = await readStatement(ledger.db, a, { order: "newest", limit: 4 });
    await expectPosted(ledger.engine, transferOf(a, b, 50n));
    const second = await readStatement(ledger.db, a, {
      order: "newest",
      limit: 4,
      cursor: first.nextCursor ?? 0n,
    });
    const third = await readStatement(ledger.db, a, {
      order: "newest",
      limit: 4,
      cursor: second.nextCursor ?? 0n,
    });
    expect(
      [first, second, third].flatMap(({ entries }) => entries.map(({ version }) => version)),
    ).toEqual([10n, 9n, 8n, 7n, 6n, 5n, 4n, 3n, 2n, 1n]);
    expect(third.nextCursor).toBeUndefined();
    expect(first.entries[0]).toMatchObject({ amount: -9n, balance: 95n });
    expect(first).toMatchObject({ openingBalance: 0n, closingBalance: 95n });
  });

  it("pages through an account oldest first, up to the entries that came meanwhile", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 100n]);
    for (let n = 1n; n <= 40n; n += 1n) await expectPosted(ledger.engine, transferOf(a, b, 1n));
    const seen: bigint[] = [];
    let cursor: bigint | undefined;
    do {
      const range = { order: "oldest" as const, limit: 7, ...(cursor !== undefined && { cursor }) };
      const page = await readStatement(ledger.db, a, range);
      seen.push(...page.entries.map(({ version }) => version));
      // An entry arrives behind each of the first pages.
      if (seen.length <= 14) await expectPosted(ledger.engine, transferOf(b, a, 1n));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(seen).toEqual(Array.from({ length: 43 }, (_, index) => BigInt(index + 1)));
    const [, , from] = (await readStatement(ledger.db, a, { order: "oldest", limit: 3 })).entries;
    const range = { order: "oldest" as const, from: from?.recordedAt ?? new Date(0), limit: 2 };
    expect(await readStatement(ledger.db, a, range)).toMatchObject({
      entries: [{ version: 3n }, { version: 4n }],
      openingBalance: 99n,
      closingBalance: 62n,
      nextCursor: 4n,
    });
  });

  it("tells the balance at any time, and opening and closing of a range", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const marks: [Date, bigint][] = [[new Date(0), 0n]];
    for (let n = 1; n <= 5; n += 1) {
      const { recordedAt } = await expectPosted(ledger.engine, transferOf(a, b, 10n));
      marks.push([recordedAt, 100n - BigInt(n) * 10n]);
      await sleep(5);
    }
    for (const [time, balance] of marks) expect(await balanceAt(ledger.db, a, time)).toBe(balance);
    const [, , from, , until] = marks;
    const range = { from: from?.[0] ?? new Date(0), until: until?.[0] ?? new Date(0), limit: 100 };
    const newest = { ...range, order: "newest" as const };
    const statement = await readStatement(ledger.db, a, newest);
    expect(statement).toMatchObject({ openingBalance: 90n, closingBalance: 70n });
    expect(statement.entries.length).toBe(2);
  });

  it("shows an expired hold as free before the sweep, and the sweep marks it", async () => {
    const ledger = await useLedger(server);
    const [a = 0n] = await createFunded(ledger, [100n]);
    const payload = { account: a, amount: 60n, to: null, expiresAt: inAnHour() };
    const held = await expectPosted(ledger.engine, asked(holdOperation, payload));
    expect(await findAccount(ledger.db, a)).toMatchObject({ held: 60n, available: 40n });
    await passExpiry(ledger.db, held.transferId);
    expect(await findAccount(ledger.db, a)).toMatchObject({ held: 0n, available: 100n });
    expect(await sweepExpiredHolds(ledger)).toBe(1);
    expect(await sweepExpiredHolds(ledger)).toBe(0);
    expect(await findAccount(ledger.db, a)).toMatchObject({ held: 0n, available: 100n });
  });
});
