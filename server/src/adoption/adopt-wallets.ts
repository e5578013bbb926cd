/** The part of adoption that is money: every legacy wallet with its three balances. */
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
import { HOME_PLATFORM } from "../identity/platforms.ts";
import { ensureSystemWallet } from "../ledger/wallets/directory.ts";
import { takeWalletNumbers } from "../ledger/wallets/wallet-queries.ts";
import type { AdoptionContext, AdoptionPart } from "./adoption-part.ts";
import {
  insertAdoptedPart,
  listDifferences,
  listLegacyWallets,
  listOverdrawnOwners,
  listVanishedOwners,
  replaceLegacyTable,
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
    await catchUp(context, source);
  },

  switchOver: (context) =>
    patientTransaction(context.db, (tx) => switchTables(context, tx), { statementTimeoutMs: 0 }),
};

/** A pass leaves what the old server wrote while it ran; more passes than these gain nothing. */
const CATCH_UP_PASSES = 3;

/** Posts what changed since the rows were read: under the lock, every client would wait for it. */
async function catchUp(context: AdoptionContext, source: bigint): Promise<void> {
  for (let pass = 1; pass <= CATCH_UP_PASSES; pass += 1) {
    const differences = await context.db.transaction((tx) => listDifferences(tx), {
      readOnly: true,
      statementTimeoutMs: 0,
    });
    await postDifferences(context, differences, source);
    if (differences.length <= context.batchSize) return;
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

/** Under the lock the rows stay as compared. */
async function switchTables(context: AdoptionContext, tx: Transaction): Promise<JsonObject> {
  await tx.query("lock table public.wallets in access exclusive mode");
  const differences = await listDifferences(tx);
  const source = await ensureSystemWallet(context.db, HOME_PLATFORM, "adoption");
  await postDifferences(context, differences, source);
  const posted = differences.map(({ userId }) => userId);
  const totals = await requireEqual(tx, posted);
  const report = { ...totals, corrected: differences.length };
  await replaceLegacyTable(tx);
  await insertAdoptedPart(tx, PART, report);
  return report;
}

/** Compares counts and sums of all wallets, and each wallet that was posted under the lock. */
async function requireEqual(tx: Transaction, posted: readonly string[]): Promise<WalletTotals> {
  const [legacy, ledger] = [await sumLegacyWallets(tx), await sumLedgerWallets(tx)];
  const vanished = await listVanishedOwners(tx);
  const again = posted.length === 0 ? [] : await listDifferences(tx, posted);
  const different = again.map(({ userId }) => userId);
  if (vanished.length > 0 || different.length > 0)
    throw new NewDayError("adoption_mismatch", { legacy, ledger, vanished, different });
  return ledger;
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
