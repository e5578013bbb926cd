/**
 * Random payments, budgets, limits, consents, freezes and refunds of users with locked coins: two engines on one
 * database answer what the model answers in batches of any size, and what they post at once stays within every
 * rule.
 */
import fc from "fast-check";
import { expect, it } from "vitest";
import { operationOf, type Exactly, type OperationType } from "../../src/engine/operation-type.ts";
import type {
  ConsentUse,
  Operation,
  OperationResult,
  Outcome,
} from "../../src/engine/operation.ts";
import { accountId, walletOf } from "../../src/ledger/accounts/accounts.ts";
import {
  captureOperation,
  holdOperation,
  voidHoldOperation,
} from "../../src/ledger/holds/hold-operation.ts";
import {
  grantConsentOperation,
  revokeConsentOperation,
} from "../../src/ledger/policies/consent-operation.ts";
import {
  freezeUserOperation,
  unfreezeUserOperation,
} from "../../src/ledger/policies/freeze-user-operation.ts";
import { setBudgetOperation } from "../../src/ledger/policies/set-budget-operation.ts";
import {
  removeLimitOperation,
  setLimitOperation,
} from "../../src/ledger/policies/set-limit-operation.ts";
import { mintOperation } from "../../src/ledger/transfers/mint-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { transferOperation } from "../../src/ledger/transfers/transfer-operation.ts";
import { starterGrantOperation } from "../../src/ledger/wallets/starter-grant-operation.ts";
import { openWalletOperation } from "../../src/ledger/wallets/open-wallet-operation.ts";
import { takeWalletNumbers } from "../../src/ledger/wallets/wallet-queries.ts";
import { requirePosted } from "../../src/engine/outcome.ts";
import { COINS, expectSound, useEngine, useLedger, type TestLedger } from "../support/ledger.ts";
import { isLocked, platformOfUser, PolicyModel, USERS, type PolicyStep } from "./model.ts";

const PLATFORMS = ["allinone", "moon"] as const;
const BALANCE = 20;
const LOCKED = 40;

const user = fc.integer({ min: 0, max: USERS - 1 });
const amount = fc.integer({ min: 1, max: 40 });
const earlier = fc.integer({ min: 0, max: 40 });
const subject = fc.integer({ min: 0, max: USERS + 1 });
const bound = fc.integer({ min: 0, max: 90 });

const step: fc.Arbitrary<PolicyStep> = fc.oneof(
  {
    weight: 14,
    arbitrary: fc.record({
      type: fc.constantFrom("transfer" as const, "hold" as const),
      from: user,
      to: user,
      amount,
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("mint" as const), to: user, amount }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("capture" as const), hold: earlier, amount }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant("void" as const), hold: earlier }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("refund" as const), transfer: earlier, amount }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("budget" as const), total: bound }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("limit" as const), subject, maximum: bound }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("unlimit" as const), subject }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constant("consent" as const), user, perDay: bound }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("revoke" as const), user }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant("freeze" as const), user, debits: fc.boolean() }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("thaw" as const), user }) },
);

/** The users and the mint of one run, and the ids of what its steps made. */
interface World {
  readonly accounts: readonly bigint[];
  readonly userIds: readonly string[];
  readonly mint: bigint;
  readonly ids: Map<number, string>;
  readonly limitIds: Map<number, string>;
  /** What the mint had issued before the run. */
  issuedBefore: bigint;
}

let runs = 0;

/** Wallets of new users, paid by a mint of their own, so that budgets of runs stay apart. */
async function createWorld({ db, engine }: TestLedger): Promise<World> {
  runs += 1;
  const userIds = Array.from({ length: USERS }, (_, at) =>
    platformOfUser(at) === 0 ? `run${runs}-${at}` : `moon:run${runs}-${at}`,
  );
  const numbers = await takeWalletNumbers(db, USERS);
  const [mint] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where user_id = 'system:newday:mint'",
  );
  const world = {
    accounts: numbers.map((number) => accountId(number, COINS)),
    userIds,
    mint: mint?.number ?? 0n,
    ids: new Map<number, string>(),
    limitIds: new Map<number, string>(),
    issuedBefore: 0n,
  };
  // A budget that was once set goes on counting.
  for (const total of [runs, -1])
    await engine.submit(operationFor(world, { type: "budget", total }, runs));
  await Promise.all(world.accounts.map((_, at) => openWallet(engine, world, at)));
  const paid = world.accounts.map((account) => {
    const payload = { platform: "newday", mint: world.mint, account, amount: BigInt(BALANCE) };
    return operationOf(mintOperation, payload, { caller: "test" });
  });
  await engine.submitMany(paid, "independent");
  const [budget] = await db.query<{ issued: bigint }>("select issued from newday.issuance_budgets");
  world.issuedBefore = budget?.issued ?? 0n;
  return world;
}

/** A wallet with its starter coins, posted and locked, where the user has some. */
async function openWallet(engine: TestLedger["engine"], world: World, at: number): Promise<void> {
  const [account, userId] = [world.accounts[at] ?? 0n, world.userIds[at] ?? ""];
  const claim = isLocked(at) ? BigInt(LOCKED) : 0n;
  const dates = { createdAt: new Date(), updatedAt: null };
  const wallet = { number: walletOf(account), id: userId, userId, platform: null, ...dates };
  const opened = { ...wallet, opening: [], claim, source: world.mint };
  requirePosted(await engine.submit(plain(openWalletOperation, opened)));
  if (claim === 0n) return;
  const grant = { account, mint: accountId(world.mint, COINS), platform: "newday" };
  const bound = { budgetPerDay: null, day: "2026-01-01" };
  const paid = operationOf(starterGrantOperation, { ...grant, ...bound }, { caller: "newday" });
  requirePosted(await engine.submit(paid));
}

const REASON = "a test";
const NO_ID = "00000000-0000-4000-8000-000000000000";

function operationFor(world: World, one: PolicyStep, run: number): Operation {
  const account = (at: number) => world.accounts[at] ?? 0n;
  switch (one.type) {
    case "transfer": {
      const payload = { from: account(one.from), to: account(one.to), amount: BigInt(one.amount) };
      return plain(transferOperation, payload, consentsOf(world, one));
    }
    case "hold": {
      const [from, to] = [account(one.from), account(one.to)];
      const payload = { account: from, to, amount: BigInt(one.amount), expiresAt: null };
      return plain(holdOperation, payload, consentsOf(world, one));
    }
    case "mint": {
      const target = { account: account(one.to), amount: BigInt(one.amount) };
      return plain(mintOperation, { platform: "newday", mint: world.mint, ...target });
    }
    case "capture": {
      const holdId = world.ids.get(one.hold) ?? NO_ID;
      return plain(captureOperation, { holdId, amount: BigInt(one.amount), to: null, final: true });
    }
    case "void":
      return plain(voidHoldOperation, { holdId: world.ids.get(one.hold) ?? NO_ID });
    case "refund": {
      const transferId = world.ids.get(one.transfer) ?? NO_ID;
      return plain(refundOperation, { transferId, amount: BigInt(one.amount) });
    }
    case "budget": {
      const mint = accountId(world.mint, COINS);
      const total = one.total < 0 ? null : world.issuedBefore + BigInt(one.total);
      const named = { platform: "newday", currency: "game_coins", reason: REASON };
      return plain(setBudgetOperation, { mint, perDay: null, total, ...named });
    }
    default:
      return ruleFor(world, one, run);
  }
}

type Rule = Exclude<
  PolicyStep,
  { type: "transfer" | "hold" | "mint" | "capture" | "void" | "refund" | "budget" }
>;

function ruleFor(world: World, one: Rule, run: number): Operation {
  switch (one.type) {
    case "limit": {
      const payload = { account: limitedAccount(world, one.subject), reason: REASON };
      return plain(setLimitOperation, { ...payload, limit: limitOf(one, run) });
    }
    case "unlimit": {
      const place = { account: limitedAccount(world, one.subject), reason: REASON };
      const limitId = world.limitIds.get(one.subject) ?? NO_ID;
      return plain(removeLimitOperation, { ...place, home: null, limitId, owner: `run${run}` });
    }
    case "consent": {
      const payload = { ...consentPlace(world, one.user), userId: "u", currency: "game_coins" };
      const more = { perDay: BigInt(one.perDay), verbs: BOTH, expiresAt: null };
      return plain(grantConsentOperation, { ...payload, ...more });
    }
    case "revoke":
      return plain(revokeConsentOperation, consentPlace(world, one.user));
    case "freeze": {
      const { debits } = one;
      return plain(freezeUserOperation, {
        ...frozen(world, one.user),
        debits,
        credits: !debits,
        until: null,
      });
    }
    case "thaw":
      return plain(unfreezeUserOperation, frozen(world, one.user));
  }
}

const BOTH: readonly ConsentUse["verb"][] = ["transfer", "hold"];

function plain<Payload, Result extends OperationResult, Given extends Payload>(
  type: OperationType<Payload, Result>,
  payload: Exactly<Payload, Given>,
  consents?: readonly ConsentUse[],
): Operation {
  return operationOf(type, payload, { caller: "model", consents });
}

function consentsOf(
  world: World,
  { type, from, to }: { type: ConsentUse["verb"]; from: number; to: number },
): readonly ConsentUse[] | undefined {
  const [home, other] = [platformOfUser(from), platformOfUser(to)];
  if (home === other) return undefined;
  return [{ account: world.accounts[from] ?? 0n, platform: PLATFORMS[other] ?? "", verb: type }];
}

function consentPlace(world: World, at: number) {
  const platform = PLATFORMS[1 - platformOfUser(at)] ?? "";
  return { account: world.accounts[at] ?? 0n, platform, reason: REASON };
}

function frozen(world: World, at: number) {
  const wallet = walletOf(world.accounts[at] ?? 0n);
  return { wallet, userId: world.userIds[at] ?? "", side: "platform", reason: REASON } as const;
}

/** null: of a platform. */
function limitedAccount(world: World, at: number): bigint | null {
  return at < USERS ? (world.accounts[at] ?? 0n) : null;
}

/** Owners keep the limits of platforms of one run apart from those of others. */
function limitOf({ subject: at, maximum }: { subject: number; maximum: number }, run: number) {
  const platform = PLATFORMS[at < USERS ? platformOfUser(at) : at - USERS] ?? "";
  return {
    scope: at < USERS ? ("user" as const) : ("platform" as const),
    owner: `run${run}`,
    platform,
    userId: at < USERS ? "u" : null,
    currency: "game_coins",
    currencyNumber: COINS,
    kind: null,
    window: "rolling" as const,
    seconds: 31_622_400,
    maximum: BigInt(maximum),
  };
}

/** Removes the limits of platforms that a run has set, which would bind the next one. */
async function clearPlatformLimits({ engine }: TestLedger, world: World, run: number) {
  for (const at of [USERS, USERS + 1])
    await engine.submit(operationFor(world, { type: "unlimit", subject: at }, run));
}

/** Steps of one batch cannot name what the batch itself makes, because its ids are unknown before. */
function withoutOwn(
  one: PolicyStep,
  batchStart: number,
  before: readonly PolicyStep[],
): PolicyStep {
  if ("hold" in one && one.hold >= batchStart) return { ...one, hold: -1 };
  if (one.type === "unlimit") {
    const { subject: of } = one;
    const isOwn = before.some((other) => other.type === "limit" && other.subject === of);
    return isOwn ? { type: "thaw", user: of % USERS } : one;
  }
  if (one.type === "refund" && one.transfer >= batchStart) return { ...one, transfer: -1 };
  return one;
}

function recordIds(world: World, index: number, one: PolicyStep, outcome: Outcome): void {
  if (outcome.status !== "posted") return;
  world.ids.set(index, outcome.transferId);
  const limitId = outcome.result?.["limitId"];
  if (one.type === "limit" && typeof limitId === "string") world.limitIds.set(one.subject, limitId);
  if (one.type === "unlimit") world.limitIds.delete(one.subject);
}

interface AccountState {
  readonly balance: bigint;
  readonly held: bigint;
  readonly locked: bigint;
}

function readAccounts({ db }: TestLedger, { accounts }: World): Promise<AccountState[]> {
  return db.query<AccountState>(
    "select balance, held, locked from newday.accounts where id = any($1::bigint[]) order by id",
    [accounts.map(String)],
  );
}

const LOCKED_OF_USERS: readonly number[] = Array.from({ length: USERS }, (_, at) =>
  isLocked(at) ? LOCKED : 0,
);

const batches = fc.array(
  fc.record({ steps: fc.array(step, { minLength: 1, maxLength: 8 }), onOther: fc.boolean() }),
  { minLength: 2, maxLength: 9 },
);

it("two servers answer what the model answers, in batches of any size", async () => {
  const ledger = await useLedger("pg18");
  const other = useEngine(ledger.db);
  await fc.assert(
    fc.asyncProperty(batches, async (chosen) => {
      const world = await createWorld(ledger);
      const model = new PolicyModel(BALANCE, LOCKED);
      const [answers, expected]: [string[], string[]] = [[], []];
      for (const { steps, onOther } of chosen) {
        const start = answers.length;
        const named = steps.map((one, at) => withoutOwn(one, start, steps.slice(0, at)));
        const operations = named.map((one) => operationFor(world, one, runs));
        const engine = onOther ? other : ledger.engine;
        const outcomes = await engine.submitMany(operations, "independent");
        for (const [at, outcome] of outcomes.entries()) {
          const one = named[at];
          if (!one) continue;
          answers.push(outcome.status === "posted" ? "posted" : outcome.code);
          expected.push(model.apply(start + at, one));
          recordIds(world, start + at, one, outcome);
        }
      }
      await clearPlatformLimits(ledger, world, runs);
      expect(answers).toEqual(expected);
      const states = await readAccounts(ledger, world);
      expect(states.map(({ balance }) => Number(balance))).toEqual(model.balances);
      expect(states.map(({ held }) => Number(held))).toEqual(model.held);
      expect(states.map(({ locked }) => Number(locked))).toEqual(LOCKED_OF_USERS);
    }),
    { numRuns: 10 },
  );
  await other.drain();
  await expectSound(ledger.db);
}, 120_000);

const BUDGET = 50;
const LIMIT = 70;
const PER_DAY = 25;

const moving = step.filter(({ type }) =>
  ["transfer", "hold", "mint", "freeze", "thaw"].includes(type),
);
const ending = step.filter(({ type }) => ["capture", "void", "refund", "transfer"].includes(type));

/** Refunds that do not go back the way of their transfer, and those that exceed it together. */
const WRONG_REFUNDS = `select t.id from newday.transfers r join newday.transfers t on t.id = r.related
  where r.kind = 'refund' and (r.from_account <> t.to_account or r.to_account <> t.from_account)
  union all
  select t.id from newday.transfers r join newday.transfers t on t.id = r.related
  where r.kind = 'refund' group by t.id, t.amount having sum(r.amount) > t.amount`;

/** What users spent: transfers, captures and open holds, by payer, and how much of it across platforms. */
async function readSpent({ db }: TestLedger, { accounts }: World) {
  const paid = await db.query<{ from: bigint; to: bigint; amount: bigint }>(
    `select from_account as "from", to_account as "to", amount from newday.transfers
      where kind in ('transfer', 'capture') and from_account = any($1::bigint[])
      union all
      select account, to_account, amount from newday.holds
      where state = 'open' and account = any($1::bigint[])`,
    [accounts.map(String)],
  );
  const spent = Array<number>(USERS).fill(0);
  const across = Array<number>(USERS).fill(0);
  for (const { from, to, amount: moved } of paid) {
    const [payer, payee] = [accounts.indexOf(from), accounts.indexOf(to)];
    spent[payer] = (spent[payer] ?? 0) + Number(moved);
    if (platformOfUser(payer) !== platformOfUser(payee))
      across[payer] = (across[payer] ?? 0) + Number(moved);
  }
  return { spent, across };
}

it("what two servers post at once stays within every rule, whatever the order", async () => {
  const ledger = await useLedger("pg18");
  const other = useEngine(ledger.db);
  const chosen = fc.tuple(
    fc.array(fc.tuple(moving, fc.boolean()), { minLength: 10, maxLength: 30 }),
    fc.array(fc.tuple(ending, fc.boolean()), { minLength: 5, maxLength: 20 }),
  );
  await fc.assert(
    fc.asyncProperty(chosen, async ([first, second]) => {
      const world = await createWorld(ledger);
      const rules: PolicyStep[] = [
        { type: "budget", total: BUDGET },
        { type: "limit", subject: 0, maximum: LIMIT },
        { type: "limit", subject: USERS, maximum: LIMIT },
        ...world.accounts.map((_, at) => ({ type: "consent", user: at, perDay: PER_DAY }) as const),
      ];
      for (const one of rules) {
        const outcome = await ledger.engine.submit(operationFor(world, one, runs));
        recordIds(world, -1, one, outcome);
      }
      let index = 0;
      for (const part of [first, second])
        await Promise.all(
          part.map(async ([one, onOther]) => {
            const at = index++;
            const engine = onOther ? other : ledger.engine;
            recordIds(world, at, one, await engine.submit(operationFor(world, one, runs)));
          }),
        );
      const states = await readAccounts(ledger, world);
      const { spent, across } = await readSpent(ledger, world);
      await clearPlatformLimits(ledger, world, runs);
      expect(states.map(({ locked }) => Number(locked))).toEqual(LOCKED_OF_USERS);
      for (const { balance, held, locked } of states)
        expect(balance - held - locked).toBeGreaterThanOrEqual(0n);
      expect(spent[0]).toBeLessThanOrEqual(LIMIT);
      expect((spent[0] ?? 0) + (spent[1] ?? 0)).toBeLessThanOrEqual(LIMIT);
      for (const one of across) expect(one).toBeLessThanOrEqual(PER_DAY);
      const total = states.reduce((sum, { balance }) => sum + Number(balance), 0);
      const granted = USERS * BALANCE + LOCKED_OF_USERS.reduce((sum, one) => sum + one, 0);
      expect(total).toBeGreaterThanOrEqual(granted);
      expect(total).toBeLessThanOrEqual(granted + BUDGET);
      expect(await ledger.db.query(WRONG_REFUNDS)).toEqual([]);
    }),
    { numRuns: 8 },
  );
  await other.drain();
  await expectSound(ledger.db);
}, 120_000);
