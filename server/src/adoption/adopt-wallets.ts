/** The part of adoption that is money: every legacy wallet with its three balances. */
import { isDeepStrictEqual } from "node:util";
import type { Transaction } from "../db/database.ts";
import { patientTransaction } from "../db/patient-transaction.ts";
import { NewDayError } from "../errors/errors.ts";
import { accountId } from "../ledger/accounts/accounts.ts";
import { operationOf } from "../engine/operation-type.ts";
import type { JsonObject, Leg, Operation, Outcome } from "../engine/operation.ts";
import { fingerprintOf } from "../engine/identifiers.ts";
import { openWalletOperation } from "../ledger/wallets/open-wallet-operation.ts";
import { postLegsOperation } from "../ledger/transfers/post-legs-operation.ts";
import { CASH, COMPUTING_POWER, GAME_COINS } from "../ledger/currencies/currencies.ts";
import { HOME_PLATFORM } from "../identity/platforms/platform-ids.ts";
import { ensureSystemWallet } from "../ledger/wallets/directory.ts";
import { takeWalletNumbers } from "../ledger/wallets/wallet-queries.ts";
import {
  patienceOf,
  SNAPSHOT_OF_ANY_SIZE,
  type AdoptionContext,
  type AdoptionPart,
} from "./adoption-part.ts";
import {
  insertAdoptedPart,
  listDifferences,
  listLegacyWallets,
  listOverdrawnOwners,
  listOwnersWrittenSince,
  listVanishedOwners,
  replaceLegacyTable,
  snapshotStart,
  sumLedgerWallets,
  sumLegacyWallets,
  type LegacyDifference,
  type LegacyWallet,
  type WalletTotals,
} from "./adoption-queries.ts";

const PART = "wallets";
const CALLER = "adoption";

export const adoptWallets: AdoptionPart = {
  name: PART,

  async plan(db) {
    const legacy = await sumLegacyWallets(db);
    const differences = await listDifferences(db);
    return {
      legacy: { ...legacy },
      walletsToOpen: differences.filter(({ number }) => number === null).length,
      balancesToCorrect: differences.filter(({ number }) => number !== null).length,
      overdrawn: await listOverdrawnOwners(db),
    };
  },

  async backfill(context) {
    const total = Number((await sumLegacyWallets(context.db)).wallets);
    const source = await ensureSystemWallet(context.db, HOME_PLATFORM, "adoption");
    let after: string | null = null;
    let done = 0;
    context.progress(PART, done, total);
    for (;;) {
      const legacy: LegacyWallet[] = await listLegacyWallets(context.db, after, context.batchSize);
      if (legacy.length === 0) break;
      await openAll(context, legacy, source);
      after = legacy.at(-1)?.id ?? after;
      done += legacy.length;
      context.progress(PART, Math.min(done, total), total);
    }
  },

  async switchOver(context) {
    const compared = await catchUp(context);
    return patientTransaction(
      context.db,
      (tx) => switchTables(context, tx, compared),
      patienceOf(context.holdMs),
    );
  },
};

/** A pass leaves what the old server wrote while it ran; more passes than these gain nothing. */
const CATCH_UP_PASSES = 3;

/** The last comparison of all wallets, made without a lock. */
interface Compared {
  /** Rows of later transactions were not seen. */
  readonly since: string;
  /** Owners whose wallets differed, and were posted. */
  readonly posted: readonly string[];
}

/** Posts what changed since the rows were read: under the lock, every client would wait for it. */
async function catchUp(context: AdoptionContext): Promise<Compared> {
  const source = await ensureSystemWallet(context.db, HOME_PLATFORM, "adoption");
  for (let pass = 1; ; pass += 1) {
    const { since, differences } = await context.db.transaction(
      async (tx) => ({ since: await snapshotStart(tx), differences: await listDifferences(tx) }),
      SNAPSHOT_OF_ANY_SIZE,
    );
    await postDifferences(context, differences, source);
    if (differences.length <= context.batchSize || pass === CATCH_UP_PASSES)
      return { since, posted: differences.map(({ userId }) => userId) };
  }
}

async function postDifferences(
  context: AdoptionContext,
  differences: readonly LegacyDifference[],
  source: bigint,
): Promise<void> {
  await openAll(
    context,
    differences.filter(({ number }) => number === null),
    source,
  );
  await correctAll(context, differences, source);
}

/**
 * Under the lock the rows stay as compared, so that only rows written since are compared again: each
 * wallet is verified equal once, and the lock is held for three scans without a join.
 */
async function switchTables(
  context: AdoptionContext,
  tx: Transaction,
  { since, posted }: Compared,
): Promise<JsonObject> {
  await tx.query("lock table public.wallets in access exclusive mode");
  const unverified = [...new Set([...posted, ...(await listOwnersWrittenSince(tx, since))])];
  const differences = await listDifferences(tx, unverified);
  const source = await ensureSystemWallet(context.db, HOME_PLATFORM, "adoption");
  await postDifferences(context, differences, source);
  const totals = await requireEqual(tx, unverified);
  const report = { ...totals, corrected: differences.length };
  await replaceLegacyTable(tx);
  await insertAdoptedPart(tx, PART, report);
  return report;
}

/** Compares counts and sums of all wallets, and each wallet of these owners. */
async function requireEqual(tx: Transaction, owners: readonly string[]): Promise<WalletTotals> {
  const [legacy, ledger] = [await sumLegacyWallets(tx), await sumLedgerWallets(tx)];
  const different = (await listDifferences(tx, owners)).map(({ userId }) => userId);
  if (different.length === 0 && isDeepStrictEqual(legacy, ledger)) return ledger;
  const vanished = await listVanishedOwners(tx);
  throw new NewDayError("adoption_mismatch", { legacy, ledger, vanished, different });
}

async function openAll(
  { db, engine }: AdoptionContext,
  legacy: readonly LegacyWallet[],
  source: bigint,
): Promise<void> {
  if (legacy.length === 0) return;
  const numbers = await takeWalletNumbers(db, legacy.length);
  const operations = legacy.map((wallet, index) => opening(wallet, numbers[index] ?? 0n, source));
  (await engine.submitMany(operations, "independent")).forEach(requireOpened);
}

/**
 * The key is the legacy id alone: a resumed run finds the wallets that it opened, whatever their
 * balances.
 */
function opening(
  { id, userId, createdAt, updatedAt, ...balances }: LegacyWallet,
  number: bigint,
  source: bigint,
): Operation<null> {
  return operationOf(
    openWalletOperation,
    {
      number,
      id,
      userId,
      platform: null,
      createdAt,
      updatedAt,
      claim: 0n,
      opening: [
        { currency: GAME_COINS, amount: balances.gameCoins },
        { currency: CASH, amount: balances.cashBalance },
        { currency: COMPUTING_POWER, amount: balances.computingPower },
      ],
      source,
    },
    {
      caller: CALLER,
      idempotency: { key: `wallet:${id}`, fingerprint: fingerprintOf({ id, userId }) },
    },
  );
}

function requireOpened(outcome: Outcome): void {
  if (outcome.status === "posted") return;
  throw new NewDayError("adoption_mismatch", { refused: outcome.code, ...outcome.details });
}

/** Rows that the old server wrote between backfill and lock. */
async function correctAll(
  { engine }: AdoptionContext,
  differences: readonly LegacyDifference[],
  source: bigint,
): Promise<void> {
  const operations = differences.flatMap((difference) => correction(difference, source));
  if (operations.length === 0) return;
  (await engine.submitMany(operations, "independent")).forEach(requireOpened);
}

function correction({ number, ...row }: LegacyDifference, source: bigint): Operation<null>[] {
  if (number === null) return [];
  const legs: Leg[] = (
    [
      [GAME_COINS, row.gameCoins - row.adoptedCoins],
      [CASH, row.cashBalance - row.adoptedCash],
      [COMPUTING_POWER, row.computingPower - row.adoptedPower],
    ] as const
  )
    .filter(([, amount]) => amount !== 0n)
    .flatMap(([currency, amount]) => [
      { account: accountId(number, currency), amount },
      { account: accountId(source, currency), amount: -amount },
    ]);
  const terms = { caller: CALLER, reference: "changed while adopted" };
  return [operationOf(postLegsOperation, { legs }, terms)];
}
