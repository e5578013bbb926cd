import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { operationOf, type Exactly, type OperationType } from "../../src/engine/operation-type.ts";
import type { Operation, OperationResult, PostingEngine } from "../../src/engine/operation.ts";
import { setFreezeOperation } from "../../src/ledger/account-state/account-state-operation.ts";
import {
  captureOperation,
  holdOperation,
  voidHoldOperation,
} from "../../src/ledger/holds/hold-operation.ts";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import { refundOperation } from "../../src/ledger/transfers/refund-operation.ts";
import { transferOperation } from "../../src/ledger/transfers/transfer-operation.ts";
import { isNewDayError } from "../../src/errors/errors.ts";
import { fingerprintOf, transferIdFor } from "../../src/engine/identifiers.ts";
import { expectSound, createFunded, useLedger } from "../support/ledger.ts";
import { Model, type ModelOperation } from "./model.ts";

/** Each run is a new set of accounts and up to 30 operations; a few dozen find faults. */
const RUNS = 40;
const BALANCES = [100, 50, 0, 0, 200];
const accountIndex = fc.integer({ min: 0, max: BALANCES.length - 1 });
const earlier = fc.integer({ min: 0, max: 20 });
const amount = fc.integer({ min: 1, max: 80 });

const operation: fc.Arbitrary<ModelOperation> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      type: fc.constant("transfer" as const),
      from: accountIndex,
      to: accountIndex,
      amount,
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3, maxLength: 3 }), amount)
      .map(([[from = 0, one = 0, two = 0], each]) => ({
        type: "split" as const,
        from,
        to: [one, two] as const,
        amount: each,
      })),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("hold" as const),
      from: accountIndex,
      to: accountIndex,
      amount,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("capture" as const),
      hold: earlier,
      amount,
      final: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("void" as const), hold: earlier }) },
  {
    weight: 2,
    arbitrary: fc.record({ type: fc.constant("refund" as const), transfer: earlier, amount }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      type: fc.constant("freeze" as const),
      account: accountIndex,
      debits: fc.boolean(),
      credits: fc.boolean(),
    }),
  },
);

interface Step {
  readonly operation: ModelOperation;
  /** Few keys, so that they meet again: the key of step n is "k<n>", or that of an earlier step. */
  readonly key: number | undefined;
  /** Whether the batch ends after this step. */
  readonly cut: boolean;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({
    operation,
    key: fc.option(fc.integer({ min: 0, max: 12 }), { nil: undefined }),
    cut: fc.boolean(),
  }),
  { minLength: 1, maxLength: 30 },
);

/** Ids are derived from keys, so that a step can name the hold or transfer of an earlier one. */
function engineOperation(step: Step, index: number, run: Run): Operation {
  const key = keyOf(step, index, run);
  return askedBy(step.operation, key, run);
}

function keyed<Payload, Result extends OperationResult, Given extends Payload>(
  key: string,
  type: OperationType<Payload, Result>,
  payload: Exactly<Payload, Given>,
): Operation {
  // Of the meant object, whatever index the step uses: two indexes may mean one hold, or none.
  const fingerprint = fingerprintOf({ type: type.name, payload });
  return operationOf(type, payload, { caller: "model", idempotency: { key, fingerprint } });
}

interface Run {
  readonly name: string;
  readonly accounts: readonly bigint[];
  readonly steps: readonly Step[];
}

function keyOf({ key }: Step, index: number, { name }: Run): string {
  return `${name}-${key === undefined ? `own${index}` : `k${key}`}`;
}

function idOf(index: number, run: Run): string {
  const step = run.steps[index];
  return transferIdFor("model", step ? keyOf(step, index, run) : `${run.name}-none`);
}

function askedBy(one: ModelOperation, key: string, run: Run): Operation {
  const id = (index: number) => run.accounts[index] ?? 0n;
  switch (one.type) {
    case "transfer": {
      const payload = { from: id(one.from), to: id(one.to), amount: BigInt(one.amount) };
      return keyed(key, transferOperation, payload);
    }
    case "split": {
      const legs = [
        { account: id(one.from), amount: BigInt(-2 * one.amount) },
        ...one.to.map((to) => ({ account: id(to), amount: BigInt(one.amount) })),
      ];
      return keyed(key, postLegsOperation, { legs });
    }
    case "hold": {
      const terms = { to: id(one.to), amount: BigInt(one.amount), expiresAt: null };
      return keyed(key, holdOperation, { account: id(one.from), ...terms });
    }
    case "capture": {
      const terms = { amount: BigInt(one.amount), to: null, final: one.final };
      return keyed(key, captureOperation, { holdId: idOf(one.hold, run), ...terms });
    }
    case "void":
      return keyed(key, voidHoldOperation, { holdId: idOf(one.hold, run) });
    case "refund": {
      const payload = { transferId: idOf(one.transfer, run), amount: BigInt(one.amount) };
      return keyed(key, refundOperation, payload);
    }
    case "freeze": {
      const { debits, credits } = one;
      const payload = { account: id(one.account), debits, credits, byOperator: false };
      return keyed(key, setFreezeOperation, payload);
    }
  }
}

async function answerOf(engine: PostingEngine, asked: Operation): Promise<string> {
  try {
    const outcome = await engine.submit(asked);
    return outcome.status === "posted" ? "posted" : outcome.code;
  } catch (error) {
    if (isNewDayError(error)) return error.code;
    throw error;
  }
}

/** Steps between two cuts are submitted together, so they meet in one batch. */
async function runEngine(engine: PostingEngine, run: Run): Promise<string[]> {
  const answers: Promise<string>[] = [];
  for (const [index, step] of run.steps.entries()) {
    answers.push(answerOf(engine, engineOperation(step, index, run)));
    if (step.cut) await Promise.all(answers);
  }
  return Promise.all(answers);
}

function runModel(run: Run): { answers: string[]; model: Model } {
  const model = new Model(BALANCES);
  // A hold or transfer is known by the first step that used its key.
  const firsts = new Map<string, number>();
  run.steps.forEach((step, index) => {
    const key = keyOf(step, index, run);
    if (!firsts.has(key)) firsts.set(key, index);
  });
  const first = (index: number) => {
    const step = run.steps[index];
    return step ? (firsts.get(keyOf(step, index, run)) ?? index) : -1;
  };
  const answers = run.steps.map((step, index) => {
    const asked = step.operation;
    const renamed =
      asked.type === "capture" || asked.type === "void"
        ? { ...asked, hold: first(asked.hold) }
        : asked.type === "refund"
          ? { ...asked, transfer: first(asked.transfer) }
          : asked;
    return model.apply(first(index), renamed, keyOf(step, index, run));
  });
  return { answers, model };
}

async function stateOf(db: Database, accounts: readonly bigint[]) {
  const rows = await db.query<{ id: bigint; balance: bigint; held: bigint }>(
    "select id, balance, held from newday.accounts where id = any($1::bigint[])",
    [accounts.map(String)],
  );
  const byId = new Map(rows.map((row) => [row.id, row]));
  return accounts.map((id) => ({
    balance: Number(byId.get(id)?.balance ?? 0n),
    held: Number(byId.get(id)?.held ?? 0n),
  }));
}

describe("random operations in random batches", () => {
  it.each(["pg15", "pg18"] as const)(
    "answer and leave behind what one operation at a time would, on %s",
    async (server) => {
      const ledger = await useLedger(server);
      let serial = 0;
      await fc.assert(
        fc.asyncProperty(steps, async (chosen) => {
          serial += 1;
          const accounts = await createFunded(ledger, BALANCES.map(BigInt));
          const run = { name: `run${serial}`, accounts, steps: chosen };
          const answers = await runEngine(ledger.engine, run);
          const { answers: expected, model } = runModel(run);
          expect(answers).toEqual(expected);
          expect(await stateOf(ledger.db, accounts)).toEqual(
            model.accounts.map(({ balance, held }) => ({ balance, held })),
          );
        }),
        { numRuns: RUNS },
      );
      await expectSound(ledger.db);
    },
    120_000,
  );
});
