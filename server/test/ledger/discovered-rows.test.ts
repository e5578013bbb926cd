/** Rows discovered while deciding, beside batches that change them. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  captureOperation,
  holdOperation,
  voidHoldOperation,
} from "../../src/ledger/holds/hold-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import type { Operation, PostingEngine } from "../../src/engine/operation.ts";
import {
  asked,
  balanceOf,
  createFunded,
  expectPosted,
  inAnHour,
  passExpiry,
  transferOf,
  useEngine,
  useLedger,
  type TestLedger,
} from "../support/ledger.ts";

/** More reads than the engine's limit of discovery steps. */
const MANY = 20;
const ROUNDS = 20;
const CALLERS = 24;

function hold(account: bigint, amount: bigint, { to, expiresAt = null }: HoldTerms): Operation {
  return asked(holdOperation, { account, amount, to, expiresAt });
}

interface HoldTerms {
  readonly to: bigint;
  readonly expiresAt?: Date | null;
}

/** Each discovers accounts through the hold or transfer that it names. */
async function findAccounts(engine: PostingEngine, from: bigint, to: bigint): Promise<void> {
  const { transferId: holdId } = await expectPosted(engine, hold(from, 3n, { to }));
  const { transferId } = await expectPosted(engine, transferOf(from, to, 2n));
  await Promise.all([
    expectPosted(engine, asked(captureOperation, { holdId, amount: 1n, to: null, final: false })),
    expectPosted(engine, asked(refundOperation, { transferId, amount: 2n })),
  ]);
  await expectPosted(engine, asked(voidHoldOperation, { holdId }));
}

/** Many callers and as many plain transfers, some refused, on few accounts. */
async function findBesideTransfers(
  engines: readonly [PostingEngine, PostingEngine],
  accounts: readonly bigint[],
): Promise<void> {
  const at = (index: number) => accounts[index % accounts.length] ?? 0n;
  const caller = async (_: unknown, one: number) => {
    const engine = engines[one % 2 === 0 ? 0 : 1];
    for (let round = 0; round < ROUNDS; round += 1) {
      const from = one + round;
      await findAccounts(
        engine,
        at(from),
        at(from + 1 + ((one * 7 + round * 5) % (accounts.length - 2))),
      );
      const tooMuch = await engine.submit(transferOf(at(one), at(one + 1), 10n ** 12n));
      expect(tooMuch).toMatchObject({ code: "insufficient_funds" });
      await expectPosted(engine, transferOf(at(one + 1), at(one), 1n));
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, caller));
}

/** The counters are complete once the engines have ended their sessions. */
async function deadlocksOf({ db }: TestLedger): Promise<bigint | undefined> {
  await expect
    .poll(() =>
      db.query(
        `select from pg_stat_activity
          where application_name = 'test-engine' and datname = current_database()`,
      ),
    )
    .toEqual([]);
  const [row] = await db.query<{ deadlocks: bigint }>(
    "select deadlocks from pg_stat_database where datname = current_database()",
  );
  return row?.deadlocks;
}

describe.each(["pg15", "pg18"] as const)("rows that are found while deciding on %s", (server) => {
  it("are all there when many open holds leave too little", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const opened = Array.from({ length: MANY }, () => hold(a, 5n, { to: b }));
    await ledger.engine.submitMany(opened, "atomic");
    expect(await ledger.engine.submit(transferOf(a, b, 1n))).toMatchObject({
      code: "insufficient_funds",
      details: { available: "0" },
    });
  });

  it("are all let go when many holds have expired", async () => {
    const ledger = await useLedger(server);
    const [a = 0n, b = 0n] = await createFunded(ledger, [100n, 0n]);
    const expiresAt = inAnHour();
    const asked = Array.from({ length: MANY }, () => hold(a, 5n, { to: b, expiresAt }));
    const opened = await ledger.engine.submitMany(asked, "atomic");
    await passExpiry(ledger.db, ...opened.map(({ transferId }) => transferId));
    await expectPosted(ledger.engine, transferOf(a, b, 100n));
    expect(await balanceOf(ledger.db, b)).toBe(100n);
  });

  it("are as the batches before have left them: one process never goes again", async () => {
    const ledger = await useLedger(server);
    const { engine } = ledger;
    const accounts = await createFunded(ledger, Array<bigint>(5).fill(10_000n));
    await findBesideTransfers([engine, engine], accounts);
    expect(engine.counters().repeats).toBe(0);
  });

  it("are as another batch has left them while this one was reading", async () => {
    const ledger = await useLedger(server);
    const { engine } = ledger;
    const [a = 0n, b = 0n] = await createFunded(ledger, [10_000n, 0n]);
    const opened = await engine.submitMany(
      Array.from({ length: 200 }, () => hold(a, 5n, { to: b })),
      "atomic",
    );
    // A refusal reads an account that a capture discovers meanwhile.
    let capturing = true;
    const refuse = async () => {
      while (capturing)
        expect(await engine.submit(transferOf(a, b, 10n ** 12n))).toMatchObject({
          code: "insufficient_funds",
        });
    };
    const refused = refuse();
    for (const [at, { transferId: holdId }] of opened.entries()) {
      await expectPosted(
        engine,
        asked(captureOperation, { holdId, amount: 5n, to: null, final: true }),
      );
      await sleep(at % 4); // else both are always in the same batch
    }
    capturing = false;
    await refused;
    expect(engine.counters().repeats).toBe(0);
  });

  it("are locked in the order of all: two processes never wait for each other in a ring", async () => {
    const ledger = await useLedger(server);
    const other = useEngine(ledger.db);
    const accounts = await createFunded(ledger, Array<bigint>(17).fill(10_000n));
    await findBesideTransfers([ledger.engine, other], accounts);
    await Promise.all([ledger.engine.drain(), other.drain()]);
    expect(await deadlocksOf(ledger)).toBe(0n);
  });
});
