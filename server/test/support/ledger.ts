/** Shared by the tests of the ledger: an engine, wallets with money, and the audit afterwards. */
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { audit } from "../../src/integrity/audit.ts";
import { createPostingEngine } from "../../src/engine/engine.ts";
import { operationOf, type Exactly, type OperationType } from "../../src/engine/operation-type.ts";
import type {
  Operation,
  OperationResult,
  OperationTerms,
  PostedOutcome,
  PostingEngine,
} from "../../src/engine/operation.ts";
import { createRegistry } from "../../src/engine/registry.ts";
import { fingerprintOf } from "../../src/engine/identifiers.ts";
import { accountId } from "../../src/ledger/accounts/accounts.ts";
import { transferOperation } from "../../src/ledger/transfers/transfer-operation.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";
import {
  useServingSessions,
  useTestDatabase,
  type TestDatabase,
  type TestServers,
} from "./database.ts";
import { onTestFinished } from "./test-end.ts";

export const COINS = 1;
const MINT_WALLET_ROLE = "mint";

export interface TestLedger extends TestDatabase {
  readonly engine: PostingEngine;
}

/** A migrated database with an engine on it; when the test has finished the books are audited. */
export async function useLedger(server: keyof TestServers): Promise<TestLedger> {
  const database = await useTestDatabase({ server });
  const engine = useEngine(await useServingSessions(database));
  onTestFinished(() => expectSound(database.db));
  onTestFinished(() => engine.drain());
  return { ...database, engine };
}

/** One more engine, as another process on the same database would have. */
export function useEngine(db: Database): PostingEngine {
  return createPostingEngine(db, createRegistry(ledgerModule), { applicationName: "test-engine" });
}

/** Every invariant of the books holds. */
export async function expectSound(db: Database): Promise<void> {
  expect((await audit(db)).breaches).toEqual([]);
}

/** Wallets with this many coins each, minted through the engine; their account ids. */
export async function createFunded(
  { db, engine }: Pick<TestLedger, "db" | "engine">,
  balances: readonly bigint[],
): Promise<bigint[]> {
  const rows = await db.query<{ number: bigint }>(
    `insert into newday.ledger_wallets (number, id, user_id)
      select n, 'w' || n, 'u' || n from (
        select nextval('newday.wallet_number') as n from generate_series(1, $1::int)) s
      returning number`,
    [balances.length],
  );
  const [mint] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where role = $1 and platform = 'newday'",
    [MINT_WALLET_ROLE],
  );
  const ids = rows.map(({ number }) => accountId(number, COINS));
  for (const [index, id] of ids.entries()) {
    const amount = balances[index] ?? 0n;
    if (amount > 0n)
      await expectPosted(engine, transferOf(accountId(mint?.number ?? 0n, COINS), id, amount));
  }
  return ids;
}

export function transferOf(
  from: bigint,
  to: bigint,
  amount: bigint,
  more?: AskedTerms | string,
): Operation<null> {
  return asked(transferOperation, { from, to, amount }, more);
}

/** What a test says beside the payload. With a key, the fingerprint is that of the payload. */
export type AskedTerms = Partial<Omit<OperationTerms, "idempotency">> & { readonly key?: string };

/** An operation of the caller `test`, unless another is named; a text is its key. */
export function asked<Payload, Result extends OperationResult, Given extends Payload>(
  type: OperationType<Payload, Result>,
  payload: Exactly<Payload, Given>,
  more: AskedTerms | string = {},
): Operation<Result> {
  const { key, ...terms } = typeof more === "string" ? { key: more } : more;
  const idempotency = key === undefined ? undefined : { key, fingerprint: fingerprintOf(payload) };
  return operationOf(type, payload, { caller: "test", idempotency, ...terms });
}

export async function expectPosted<Result extends OperationResult>(
  engine: PostingEngine,
  operation: Operation<Result>,
): Promise<PostedOutcome<Result>> {
  const outcome = await engine.submit(operation);
  if (outcome.status !== "posted") throw new Error(`refused: ${outcome.code}`);
  return outcome;
}

export async function balanceOf(db: Database, account: bigint): Promise<bigint> {
  const [row] = await db.query<{ balance: bigint }>(
    "select balance from newday.accounts where id = $1",
    [account],
  );
  return row?.balance ?? 0n;
}

const HOUR_MS = 3_600_000;

/** Expiry of a test's holds: after the end of the test, however slow the machine is. */
export function inAnHour(): Date {
  return new Date(Date.now() + HOUR_MS);
}

/** Expires these holds at once. */
export async function passExpiry(db: Database, ...holdIds: readonly string[]): Promise<void> {
  await db.query(
    "update newday.holds set expires_at = expires_at - interval '2 hours' where id = any($1::uuid[])",
    [holdIds],
  );
}

/** The legacy database as it was published, before any repair. */
export async function loadLegacy(db: Database): Promise<void> {
  const file = new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url);
  await db.query(readFileSync(file, "utf8"));
}
