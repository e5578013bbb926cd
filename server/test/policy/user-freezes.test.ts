/** A freeze is one row that every decision obeys, also in a process that has cached the accounts without it. */
import { describe, expect, it } from "vitest";
import { createPostingEngine } from "../../src/engine/engine.ts";
import type { PostingEngine } from "../../src/engine/operation.ts";
import { audit } from "../../src/integrity/audit.ts";
import { walletOf } from "../../src/ledger/accounts/accounts.ts";
import { holdOperation, voidHoldOperation } from "../../src/ledger/holds/hold-operation.ts";
import {
  freezeUserOperation,
  unfreezeUserOperation,
} from "../../src/ledger/policies/freeze-user-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { createPostingRegistry } from "../../src/start/posting-registry.ts";
import { useServingSessions, useTestDatabase } from "../support/database.ts";
import {
  asked,
  balanceOf,
  createFunded,
  expectPosted,
  expectSound,
  transferOf,
} from "../support/ledger.ts";
import { onTestFinished } from "../support/test-end.ts";

async function useEngines(server: "pg15" | "pg18") {
  const database = await useTestDatabase({ server });
  const db = await useServingSessions(database);
  const engine = createPostingEngine(db, createPostingRegistry(), { applicationName: "one" });
  const other = createPostingEngine(db, createPostingRegistry(), { applicationName: "other" });
  onTestFinished(() => expectSound(database.db));
  onTestFinished(async () => void (await Promise.all([engine.drain(), other.drain()])));
  const accounts = await createFunded({ db: database.db, engine }, [100n, 100n]);
  const [a = 0n, b = 0n] = accounts;
  return { db: database.db, engine, other, a, b };
}

interface Frozen {
  readonly side?: "platform" | "operator";
  readonly debits?: boolean;
  readonly credits?: boolean;
  readonly until?: Date | null;
}

function frozen(account: bigint, { side = "operator", ...given }: Frozen = {}) {
  const wallet = walletOf(account);
  const freeze = { debits: true, credits: true, reason: "bot", until: null, ...given };
  return asked(freezeUserOperation, { wallet, userId: `u${wallet}`, side, ...freeze });
}

function unfrozen(account: bigint, side: "platform" | "operator" = "operator") {
  const wallet = walletOf(account);
  const user = { wallet, userId: `u${wallet}`, side, reason: "appeal" };
  return asked(unfreezeUserOperation, user);
}

async function refusalOf(engine: PostingEngine, from: bigint, to: bigint) {
  const outcome = await engine.submit(transferOf(from, to, 1n));
  return outcome.status === "refused" ? { code: outcome.code, ...outcome.details } : undefined;
}

describe.each(["pg15", "pg18"] as const)("A frozen user on %s", (server) => {
  it("neither pays nor is paid from the very next batch of every process on", async () => {
    const { db, engine, other, a, b } = await useEngines(server);
    await expectPosted(engine, transferOf(a, b, 1n));
    await expectPosted(other, frozen(a)); // the accounts that `engine` has cached stay as they are
    const debit = { code: "user_frozen", part: "debit", frozenBy: "operator" };
    expect(await refusalOf(engine, a, b)).toMatchObject(debit);
    expect(await refusalOf(engine, b, a)).toMatchObject({ code: "user_frozen", part: "credit" });
    await expectPosted(engine, unfrozen(a));
    expect(await refusalOf(other, a, b)).toBeUndefined();
    expect(await balanceOf(db, a)).toBe(98n);
  });

  it("is read once: transfers after the first ask the database for nothing more", async () => {
    const { engine, a, b } = await useEngines(server);
    await expectPosted(engine, frozen(a));
    await expectPosted(engine, unfrozen(a));
    for (let round = 0; round < 5; round += 1) await expectPosted(engine, transferOf(a, b, 1n));
    expect(engine.counters().repeats).toBe(0);
  });

  it("is refused without a retry by the process that froze them, whose accounts are cached", async () => {
    const { engine, a, b } = await useEngines(server);
    await expectPosted(engine, transferOf(a, b, 1n));
    await expectPosted(engine, frozen(a));
    expect(await refusalOf(engine, a, b)).toMatchObject({ part: "debit" });
    expect(engine.counters().repeats).toBe(0);
  });

  it("is found by an operation that discovers its accounts", async () => {
    const { engine, other, a, b } = await useEngines(server);
    const { transferId } = await expectPosted(engine, transferOf(a, b, 1n));
    await expectPosted(engine, frozen(a));
    const refund = asked(refundOperation, { transferId, amount: null });
    expect(await other.submit(refund)).toMatchObject({ code: "user_frozen" });
  });

  it("stops for money in the directions of the freeze only", async () => {
    const { engine, a, b } = await useEngines(server);
    await expectPosted(engine, frozen(a, { credits: false }));
    expect(await refusalOf(engine, b, a)).toBeUndefined();
    expect(await refusalOf(engine, a, b)).toMatchObject({ part: "debit" });
    await expectPosted(engine, frozen(a, { debits: false }));
    expect(await refusalOf(engine, a, b)).toBeUndefined();
    expect(await refusalOf(engine, b, a)).toMatchObject({ part: "credit" });
  });

  it("is free when both sides have lifted their own freeze", async () => {
    const { engine, a, b } = await useEngines(server);
    await expectPosted(engine, frozen(a));
    await expectPosted(engine, frozen(a, { side: "platform" }));
    expect(await engine.submit(unfrozen(b))).toMatchObject({ code: "already_so" });
    await expectPosted(engine, unfrozen(a));
    expect(await refusalOf(engine, a, b)).toMatchObject({ frozenBy: "platform" });
    await expectPosted(engine, unfrozen(a, "platform"));
    expect(await refusalOf(engine, a, b)).toBeUndefined();
  });

  it("is free at the end of the freeze, by the clock of the batch", async () => {
    const { db, engine, a, b } = await useEngines(server);
    const until = new Date(Date.now() + 3_600_000);
    await expectPosted(engine, frozen(a, { until }));
    expect(await refusalOf(engine, a, b)).toMatchObject({ until: until.toISOString() });
    await db.query(
      `update newday.user_freezes set operator_until = now(), revision = revision + 1`,
    );
    expect(await refusalOf(engine, a, b)).toBeUndefined();
    expect(await engine.submit(frozen(a, { until: new Date(0) }))).toMatchObject({
      code: "invalid_field",
      details: { field: "until" },
    });
  });

  it("reserves nothing more; what is reserved can be given back", async () => {
    const { engine, a, b } = await useEngines(server);
    const hold = { account: a, amount: 10n, to: b, expiresAt: null };
    const { transferId: holdId } = await expectPosted(engine, asked(holdOperation, hold));
    await expectPosted(engine, frozen(a));
    expect(await engine.submit(asked(holdOperation, hold))).toMatchObject({ code: "user_frozen" });
    await expectPosted(engine, asked(voidHoldOperation, { holdId }));
  });

  it("is known to the audit: money that moved during a freeze is a breach", async () => {
    const { db, engine, a, b } = await useEngines(server);
    await expectPosted(engine, transferOf(a, b, 1n));
    await db.query(
      `insert into newday.user_freezes
          (wallet, user_id, operator_blocks, operator_reason, operator_since)
        values ($1, $2, 1, 'bot', now() - interval '1 hour')`,
      [walletOf(a), `u${walletOf(a)}`],
    );
    const { breaches } = await audit(db);
    expect(breaches).toMatchObject([{ rule: { en: expect.stringContaining("frozen user") } }]);
    await db.query("delete from newday.user_freezes");
  });

  it("holds the freeze in the batch that freezes, in the order of its operations", async () => {
    const { engine, a, b } = await useEngines(server);
    const batch = [transferOf(a, b, 1n), frozen(a), transferOf(a, b, 1n)] as const;
    const statuses = await engine.submitMany(batch, "independent");
    expect(statuses.map(({ status }) => status)).toEqual(["posted", "posted", "refused"]);
  });
});
