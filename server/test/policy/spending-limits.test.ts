import { describe, expect, it } from "vitest";
import { operationOf } from "../../src/engine/operation-type.ts";
import type { PostingEngine } from "../../src/engine/operation.ts";
import { accountId } from "../../src/ledger/accounts/accounts.ts";
import {
  removeLimitOperation,
  setLimitOperation,
  type SetLimitPayload,
} from "../../src/ledger/policies/set-limit-operation.ts";
import {
  captureOperation,
  expireHoldOperation,
  holdOperation,
  voidHoldOperation,
} from "../../src/ledger/holds/hold-operation.ts";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { spendingCounters } from "../../src/policy/limits/counter-rows.ts";
import { sumOf } from "../../src/policy/rules/windows.ts";
import {
  asked,
  COINS,
  createFunded,
  expectPosted,
  inAnHour,
  passExpiry,
  transferOf,
  useEngine,
  useLedger,
  type TestLedger,
} from "../support/ledger.ts";

type Wanted = Partial<SetLimitPayload["limit"]>;

const LIMIT: SetLimitPayload["limit"] = {
  scope: "user",
  owner: "platform:allinone",
  platform: "allinone",
  userId: "u",
  currency: "game_coins",
  currencyNumber: COINS,
  kind: null,
  window: "day",
  seconds: null,
  maximum: 100n,
};

async function setLimit(engine: PostingEngine, account: bigint | null, wanted: Wanted = {}) {
  const limit = { ...LIMIT, ...wanted };
  const terms = { caller: "platform:allinone" };
  const payload = { account, limit, reason: "a test" };
  const posted = await expectPosted(engine, operationOf(setLimitOperation, payload, terms));
  return posted.result.limitId;
}

async function countedOf({ db }: Pick<TestLedger, "db">, id: string): Promise<bigint> {
  const row = (await spendingCounters.read(db, [id], false)).get(id);
  return sumOf(row?.buckets ?? []);
}

const EXCEEDED = { status: "refused", code: "spending_limit_exceeded" };

async function useUsers(server: "pg15" | "pg18") {
  const ledger = await useLedger(server);
  const [a = 0n, b = 0n] = await createFunded(ledger, [1_000n, 1_000n]);
  return { ledger, engine: ledger.engine, a, b };
}

describe.each(["pg15", "pg18"] as const)("spending limits on %s", (server) => {
  it("of every number that a user may have are obeyed together, and given back by holds", async () => {
    const { ledger, a, b } = await useUsers(server);
    const ids: string[] = [];
    for (let at = 0; at < 20; at++)
      ids.push(await setLimit(ledger.engine, a, { window: "rolling", seconds: 3_600 + at }));
    const engine = useEngine(ledger.db);
    await expectPosted(engine, transferOf(a, b, 60n));
    const terms = { account: a, to: b, amount: 40n, expiresAt: inAnHour() };
    const hold = await expectPosted(engine, asked(holdOperation, terms));
    expect(await engine.submit(transferOf(a, b, 1n))).toMatchObject(EXCEEDED);
    await passExpiry(ledger.db, hold.transferId);
    await expectPosted(useEngine(ledger.db), transferOf(a, b, 30n));
    for (const id of ids) expect(await countedOf(ledger, id)).toBe(90n);
  });

  it("of many payers in one posting are all obeyed", async () => {
    const { ledger, b } = await useUsers(server);
    const payers = await createFunded(
      ledger,
      Array.from({ length: 40 }, () => 100n),
    );
    for (const payer of payers) await setLimit(ledger.engine, payer, { maximum: 50n });
    const legsOf = (amount: bigint) => [
      ...payers.map((account) => ({ account, amount: -amount })),
      { account: b, amount: amount * BigInt(payers.length) },
    ];
    const post = (amount: bigint) =>
      useEngine(ledger.db).submit(asked(postLegsOperation, { legs: legsOf(amount) }));
    expect(await post(30n)).toMatchObject({ status: "posted" });
    expect(await post(30n)).toMatchObject(EXCEEDED);
    expect(await post(20n)).toMatchObject({ status: "posted" });
  });

  it("refuse with rule, version, numbers and the instant at which it would pass", async () => {
    const { engine, a, b } = await useUsers(server);
    const id = await setLimit(engine, a);
    await expectPosted(engine, transferOf(a, b, 80n));
    expect(await engine.submit(transferOf(a, b, 21n))).toMatchObject({
      ...EXCEEDED,
      details: {
        policy: `limit:${id}`,
        version: 1,
        window: "day",
        maximum: "100",
        used: "80",
        left: "20",
        required: "21",
        passesAt: expect.stringMatching(/T00:00:00\.000Z$/),
      },
    });
    await expectPosted(engine, transferOf(a, b, 20n));
    await expectPosted(engine, transferOf(b, a, 500n));
    expect(await engine.submit(transferOf(a, b, 101n))).toMatchObject({
      ...EXCEEDED,
      details: { passesAt: null },
    });
    expect(await setLimit(engine, a, { maximum: 150n })).toBe(id);
    await expectPosted(engine, transferOf(a, b, 50n));
    expect(await engine.submit(transferOf(a, b, 1n))).toMatchObject({
      ...EXCEEDED,
      details: { version: 2 },
    });
  });

  it("reserve at a hold, confirm at its capture, and are given back by void and expiry", async () => {
    const { ledger, engine, a, b } = await useUsers(server);
    const id = await setLimit(engine, a);
    const hold = (amount: bigint) =>
      engine.submit(asked(holdOperation, { account: a, amount, to: b, expiresAt: inAnHour() }));
    const [one, two] = [await hold(60n), await hold(40n)];
    expect([one.status, two.status]).toEqual(["posted", "posted"]);
    expect(await hold(1n)).toMatchObject(EXCEEDED);
    const capture = { holdId: one.transferId, amount: 45n, to: null, final: true };
    await expectPosted(engine, asked(captureOperation, capture));
    expect(await countedOf(ledger, id)).toBe(85n);
    await expectPosted(engine, asked(voidHoldOperation, { holdId: two.transferId }));
    expect(await countedOf(ledger, id)).toBe(45n);
    const three = await hold(55n);
    expect(await engine.submit(transferOf(a, b, 55n))).toMatchObject(EXCEEDED);
    await passExpiry(ledger.db, three.transferId);
    // Not swept yet: the payment itself gives it back.
    await expectPosted(engine, transferOf(a, b, 55n));
    expect(await countedOf(ledger, id)).toBe(100n);
    const four = await hold(1n);
    expect(four).toMatchObject(EXCEEDED);
    expect(
      await engine.submit(asked(expireHoldOperation, { holdId: three.transferId })),
    ).toMatchObject({ code: "hold_not_open" });
  });

  it("are not exceeded by two engines at once, whatever the kind of operation", async () => {
    const { ledger, engine, a, b } = await useUsers(server);
    const id = await setLimit(engine, a, { maximum: 300n, window: "rolling", seconds: 3_600 });
    const other = useEngine(ledger.db);
    const outcomes = await Promise.all(
      Array.from({ length: 120 }, (_, n) =>
        (n % 2 ? engine : other).submit(
          n % 3
            ? transferOf(a, b, 7n)
            : asked(holdOperation, { account: a, amount: 7n, to: b, expiresAt: null }),
        ),
      ),
    );
    const count = outcomes.filter(({ status }) => status === "posted").length;
    expect(count).toBe(42);
    expect(await countedOf(ledger, id)).toBe(294n);
    await other.drain();
  });

  it("of a platform bind all its users together, or each, and only in their currency and kind", async () => {
    const { ledger, engine, a, b } = await useUsers(server);
    const together = await setLimit(engine, null, { scope: "platform", maximum: 150n });
    await expectPosted(engine, transferOf(a, b, 100n));
    expect(await engine.submit(transferOf(b, a, 51n))).toMatchObject(EXCEEDED);
    await setLimit(engine, null, { scope: "platform", maximum: 1_000n });
    await setLimit(engine, null, { scope: "each", kind: "hold", maximum: 10n });
    const hold = (account: bigint) =>
      engine.submit(asked(holdOperation, { account, amount: 10n, to: null, expiresAt: null }));
    expect([(await hold(a)).status, (await hold(b)).status]).toEqual(["posted", "posted"]);
    expect(await hold(b)).toMatchObject(EXCEEDED);
    await expectPosted(engine, transferOf(b, a, 51n));
    const removed = { account: null, home: null, limitId: together, reason: "over" };
    const remove = (owner: string) =>
      engine.submit(asked(removeLimitOperation, { ...removed, owner }));
    expect(await remove("platform:moon")).toMatchObject({ code: "forbidden" });
    expect((await remove("platform:allinone")).status).toBe("posted");
    const other = useEngine(ledger.db);
    await expectPosted(other, transferOf(b, a, 800n));
    await other.drain();
  });

  it("set by one server hold at once on another, which has decided without them", async () => {
    const { ledger, engine, a, b } = await useUsers(server);
    const other = useEngine(ledger.db);
    await expectPosted(other, transferOf(a, b, 10n));
    await setLimit(engine, null, { scope: "platform", maximum: 20n });
    expect(await other.submit(transferOf(a, b, 21n))).toMatchObject(EXCEEDED);
    await setLimit(engine, b, { maximum: 5n });
    expect(await other.submit(transferOf(b, a, 6n))).toMatchObject(EXCEEDED);
    await other.drain();
  });

  it("leave out what a refund takes back from a payee", async () => {
    const { engine, a, b } = await useUsers(server);
    const paid = await expectPosted(engine, transferOf(a, b, 500n));
    await setLimit(engine, b, { maximum: 1n });
    const refund = { transferId: paid.transferId, amount: null };
    await expectPosted(engine, asked(refundOperation, refund));
  });

  it("keep the account's flags apart from freezes, and clear them with the last limit", async () => {
    const { ledger, engine, a } = await useUsers(server);
    const flags = async () => {
      const [row] = await ledger.db.query<{ flags: number }>(
        "select flags from newday.accounts where id = $1",
        [a],
      );
      return row?.flags;
    };
    const id = await setLimit(engine, a);
    expect(await flags()).toBe(2048);
    const place = { account: a, home: "allinone", limitId: id, reason: "over" };
    const removed = { ...place, owner: "platform:allinone" };
    await expectPosted(engine, asked(removeLimitOperation, removed));
    expect(await flags()).toBe(0);
    const empty = accountId(accountWallet(a), 3);
    await setLimit(engine, empty, { currency: "computing_power", currencyNumber: 3 });
    const log = await ledger.db.query("select 1 from newday.policy_changes where what = 'limit'");
    expect(log).toHaveLength(3);
  });
});

function accountWallet(account: bigint): bigint {
  return account >> 16n;
}
