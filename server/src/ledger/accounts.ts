/**
 * Accounts: one balance per wallet and currency, in minor units.
 *
 * An account's id is its wallet's number followed by its currency's number, so a row can be found,
 * and spread over machines, without a look-up. A row appears with its first entry; an account
 * without a row is empty. `held` is reserved by open holds and cannot be spent.
 */
import type { Queryable } from "../db/database.ts";
import { plainArray } from "./array-literal.ts";
import {
  insertAccounts,
  readAccounts,
  updateAccounts,
  updateAccountsWholly,
} from "./account-queries.ts";
import type { BoundStatement, Change, Resource } from "./engine/resource.ts";

/** 16 bits for the currency; 47 remain for the wallet. Held by the schema too. */
const CURRENCY_BITS = 16n;
const CURRENCY_MASK = (1n << CURRENCY_BITS) - 1n;

export const DEBITS_FROZEN = 1;
export const CREDITS_FROZEN = 2;
export const CLOSED = 4;

export interface AccountRow {
  readonly id: bigint;
  readonly balance: bigint;
  readonly held: bigint;
  /** Entries so far: the version of the last one. */
  readonly version: bigint;
  /** Changes of the row so far, entries or not. 0 for a row that is not stored yet. */
  readonly revision: bigint;
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly flags: number;
}

/** Id of the account of a wallet in a currency. */
export function accountId(walletNumber: bigint, currencyNumber: number): bigint {
  return (walletNumber << CURRENCY_BITS) | BigInt(currencyNumber);
}

export function walletOf(account: bigint): bigint {
  return account >> CURRENCY_BITS;
}

export function currencyOf(account: bigint): number {
  return Number(account & CURRENCY_MASK);
}

export function sameCurrency(one: bigint, other: bigint): boolean {
  return ((one ^ other) & CURRENCY_MASK) === 0n;
}

/** What may be spent now. */
export function availableOf(account: AccountRow): bigint {
  return account.balance - account.held - account.minimum;
}

export const accounts: Resource<bigint, AccountRow> = {
  name: "accounts",

  async read(db: Queryable, ids: readonly bigint[], lock: boolean) {
    const rows = await db.query<AccountRow>(readAccounts(lock), [plainArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },

  write(changes: readonly Change<bigint, AccountRow>[]): BoundStatement[] {
    const inserted = changes.filter(({ before }) => before === undefined);
    const updated = changes.filter(({ before }) => before !== undefined);
    const policy = updated.some(({ before, after }) => before && policyDiffers(before, after));
    return [
      ...(updated.length > 0 ? [policy ? updateWholly(updated) : update(updated)] : []),
      ...(inserted.length > 0 ? [insert(inserted)] : []),
    ];
  },

  remembered: ({ after }) => ({ ...after, revision: after.revision + 1n }),
};

function policyDiffers(before: AccountRow, after: AccountRow): boolean {
  return (
    before.flags !== after.flags ||
    before.minimum !== after.minimum ||
    before.maximum !== after.maximum
  );
}

type AccountChanges = readonly Change<bigint, AccountRow>[];

function update(changes: AccountChanges): BoundStatement {
  return {
    statement: updateAccounts,
    values: [
      plainArray(changes.map(({ id }) => id)),
      plainArray(changes.map(({ before }) => before?.revision ?? 0n)),
      plainArray(changes.map(({ after }) => after.balance)),
      plainArray(changes.map(({ after }) => after.held)),
      plainArray(changes.map(({ after }) => after.version)),
      changes.length,
    ],
  };
}

/** The rare batch that also freezes, closes or sets bounds. */
function updateWholly(changes: AccountChanges): BoundStatement {
  return {
    statement: updateAccountsWholly,
    values: [
      ...update(changes).values,
      plainArray(changes.map(({ after }) => after.minimum)),
      plainArray(changes.map(({ after }) => after.maximum)),
      plainArray(changes.map(({ after }) => after.flags)),
    ],
  };
}

function insert(changes: AccountChanges): BoundStatement {
  return {
    statement: insertAccounts,
    values: [
      plainArray(changes.map(({ id }) => id)),
      plainArray(changes.map(({ after }) => after.balance)),
      plainArray(changes.map(({ after }) => after.held)),
      plainArray(changes.map(({ after }) => after.version)),
      plainArray(changes.map(({ after }) => after.minimum)),
      plainArray(changes.map(({ after }) => after.maximum)),
      plainArray(changes.map(({ after }) => after.flags)),
    ],
  };
}
