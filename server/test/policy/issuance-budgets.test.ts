import { describe, expect, it } from "vitest";
import { operationOf } from "../../src/engine/operation-type.ts";
import type { Outcome, PostingEngine } from "../../src/engine/operation.ts";
import { accountId } from "../../src/ledger/accounts/accounts.ts";
import { setBudgetOperation } from "../../src/ledger/policies/set-budget-operation.ts";
import { mintOperation } from "../../src/ledger/transfers/mint-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { openWalletOperation } from "../../src/ledger/wallets/open-wallet-operation.ts";
import { issuanceBudgets } from "../../src/policy/issuance/budget-rows.ts";
import {
  asked,
  COINS,
  createFunded,
  expectPosted,
  transferOf,
  useEngine,
  useLedger,
  type TestLedger,
} from "../support/ledger.ts";

const MINT_WALLET = 1n;

async function mintWallet({ db }: TestLedger): Promise<bigint> {
  const [row] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where user_id = 'system:newday:mint'",
  );
  return row?.number ?? MINT_WALLET;
}

interface Bounds {
  readonly perDay: bigint | null;
  readonly total: bigint | null;
}

async function useBudget(server: "pg15" | "pg18", bounds: Bounds, users = 2) {
  const ledger = await useLedger(server);
  const accounts = await createFunded(ledger, Array<bigint>(users).fill(0n));
  const wallet = await mintWallet(ledger);
  const mint = accountId(wallet, COINS);
  const set = (wanted: Bounds, engine = ledger.engine) =>
    expectPosted(
      engine,
      operationOf(
        setBudgetOperation,
        { mint, platform: "newday", currency: "game_coins", ...wanted, reason: "a test" },
        { caller: "operator:test" },
      ),
    );
  await set(bounds);
  const issue = (engine: PostingEngine, account: bigint, amount: bigint) =>
    engine.submit(asked(mintOperation, { platform: "newday", mint: wallet, account, amount }));
  const row = async () => (await issuanceBudgets.read(ledger.db, [mint], false)).get(mint);
  return { ledger, accounts, wallet, mint, set, issue, row };
}

function posted(outcomes: readonly Outcome[]): number {
  return outcomes.filter(({ status }) => status === "posted").length;
}

describe.each(["pg15", "pg18"] as const)("issuance budgets on %s", (server) => {
  it("are not exceeded by two engines that issue at once, alone and in bulks", async () => {
    const { ledger, accounts, wallet, issue, row } = await useBudget(server, {
      perDay: 1_000n,
      total: null,
    });
    const other = useEngine(ledger.db);
    const [account = 0n] = accounts;
    const bulk = (engine: PostingEngine, mode: "atomic" | "independent") =>
      engine.submitMany(
        Array.from({ length: 20 }, () =>
          asked(mintOperation, { platform: "newday", mint: wallet, account, amount: 7n }),
        ),
        mode,
      );
    const outcomes = await Promise.all([
      ...Array.from({ length: 80 }, (_, n) => issue(n % 2 ? ledger.engine : other, account, 7n)),
      ...(["atomic", "independent"] as const).flatMap((mode) => [
        bulk(ledger.engine, mode),
        bulk(other, mode),
      ]),
    ]);
    const count = posted(outcomes.flat());
    expect(count).toBeLessThanOrEqual(142);
    expect(count).toBeGreaterThan(120);
    expect(await row()).toMatchObject({ issued: BigInt(count) * 7n });
    await other.drain();
  });

  it("bind whatever issues: mints, starter balances, and what pays from the mint", async () => {
    const { ledger, accounts, wallet, mint, issue } = await useBudget(server, {
      perDay: null,
      total: 100n,
    });
    const [account = 0n] = accounts;
    const refused = { status: "refused", code: "issuance_budget_exceeded" };
    await expectPosted(ledger.engine, transferOf(mint, account, 60n));
    expect(await issue(ledger.engine, account, 41n)).toMatchObject({
      ...refused,
      details: {
        policy: "budget:newday:game_coins",
        version: 1,
        window: "total",
        maximum: "100",
        used: "60",
        left: "40",
        required: "41",
        passesAt: null,
      },
    });
    const opening = {
      number: 9_999n,
      id: "w-new",
      userId: "new-user",
      platform: null,
      createdAt: new Date(),
      updatedAt: null,
      opening: [{ currency: COINS, amount: 1_000n }],
      claim: 0n,
      source: wallet,
    };
    expect(await ledger.engine.submit(asked(openWalletOperation, opening))).toMatchObject(refused);
    await expectPosted(ledger.engine, transferOf(mint, account, 40n));
  });

  it("leave out what a refund gives back, and begin anew with the next UTC day", async () => {
    const { ledger, accounts, mint, issue, set, row } = await useBudget(server, {
      perDay: 100n,
      total: 1_000n,
    });
    const [account = 0n] = accounts;
    await expectPosted(ledger.engine, transferOf(mint, account, 100n));
    const spent = await expectPosted(ledger.engine, transferOf(account, mint, 30n));
    const refund = { transferId: spent.transferId, amount: null };
    await expectPosted(ledger.engine, asked(refundOperation, refund));
    expect(await issue(ledger.engine, account, 1n)).toMatchObject({
      code: "issuance_budget_exceeded",
      details: { window: "day", used: "100", passesAt: expect.stringMatching(/T00:00:00\.000Z$/) },
    });
    await ledger.engine.drain();
    await ledger.db.query(
      "update newday.issuance_budgets set day = day - interval '1 day', revision = revision + 1",
    );
    const later = useEngine(ledger.db);
    expect(await issue(later, account, 100n)).toMatchObject({ status: "posted" });
    expect(await row()).toMatchObject({ issuedOnDay: 100n, issued: 200n });
    await set({ perDay: null, total: null }, later);
    expect(await issue(later, account, 5_000n)).toMatchObject({ status: "posted" });
    expect(await row()).toMatchObject({ version: 2n, issued: 5_200n });
    await later.drain();
  });

  it("are changed with a log of who, why, before and after", async () => {
    const { ledger, set } = await useBudget(server, { perDay: 5n, total: null });
    await set({ perDay: 9n, total: 90n });
    const log = await ledger.db.query(
      "select caller, subject, reason, before, after from newday.policy_changes order by changed_at",
    );
    const named = {
      caller: "operator:test",
      subject: "budget:newday:game_coins",
      reason: "a test",
    };
    expect(log).toEqual([
      { ...named, before: null, after: { perDay: "5", total: null } },
      { ...named, before: { perDay: "5", total: null }, after: { perDay: "9", total: "90" } },
    ]);
    await expect(
      ledger.db.query("update newday.policy_changes set reason = 'another'"),
    ).rejects.toMatchObject({ code: "ND002" });
  });
});
