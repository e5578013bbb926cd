/**
 * Accounts: one balance per wallet and currency, in minor units.
 *
 * An account's id is its wallet's number followed by its currency's number. So the id alone finds
 * the row, and its machine. A row appears with its first entry; a missing row means an empty
 * account. `held` is reserved by open holds and closed to payments.
 */
import type { BoundStatement, Queryable } from "../../db/database.ts";
import { bigintArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import {
  insertAccounts,
  readAccounts,
  requireAccounts,
  updateAccounts,
  updateAccountsWholly,
} from "./account-queries.ts";
import type { Change, Resource, RowUpdate } from "../../engine/resource.ts";

/** 16 bits for the currency; 47 remain for the wallet. Held by the schema too. */
const CURRENCY_BITS = 16n;
const CURRENCY_MASK = (1n << CURRENCY_BITS) - 1n;

export interface AccountRow {
  readonly id: bigint;
  readonly balance: bigint;
  readonly held: bigint;
  /** Part of the balance that only the official shop takes while the owner is unverified. */
  readonly locked: bigint;
  /** Starter grant that is not posted yet. */
  readonly claim: bigint;
  /** Entries so far: the version of the last one. */
  readonly version: bigint;
  /** Changes of the row so far, entries or others. 0 for a row that is still to be stored. */
  readonly revision: bigint;
  readonly minimum: bigint;
  readonly maximum: bigint;
  readonly flags: number;
  /** Transfer of the last entry: the newest link of the account's chain of entries. */
  readonly lastTransfer: string | null;
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

/** Room below zero for system accounts that issue money; far from a bigint's end. */
export const UNBOUNDED = 4_611_686_018_427_387_904n;

/** Whether money comes into being here: a mint, or a correction, or an adoption. */
export function isIssuer({ minimum }: AccountRow): boolean {
  return minimum === -UNBOUNDED;
}

/** The available amount: the owner may send it to any user. Locked coins are not part of it. */
export function availableOf(account: AccountRow): bigint {
  return account.balance - account.held - account.locked - account.minimum;
}

/** The account with a change beside its balance. */
export function changedAccount(
  account: AccountRow,
  patch: Partial<Pick<AccountRow, "held" | "locked" | "claim" | "minimum" | "maximum" | "flags">>,
): AccountRow {
  return { ...account, ...patch, revision: account.revision + 1n };
}

/** The account after one entry. Fields are written out: it is made twice for every transfer. */
export function withEntry(account: AccountRow, amount: bigint, transferId: string): AccountRow {
  return {
    id: account.id,
    balance: account.balance + amount,
    held: account.held,
    locked: account.locked,
    claim: account.claim,
    version: account.version + 1n,
    revision: account.revision + 1n,
    minimum: account.minimum,
    maximum: account.maximum,
    flags: account.flags,
    lastTransfer: transferId,
  };
}

export const accounts: Resource<bigint, AccountRow> = {
  name: "accounts",

  async read(db: Queryable, ids: readonly bigint[], lock: boolean) {
    const rows = await db.query<AccountRow>(readAccounts(lock), [bigintArray(ids)]);
    return new Map(rows.map((row) => [row.id, row]));
  },

  write(changes: readonly Change<bigint, AccountRow>[]): BoundStatement[] {
    const inserted: AccountRow[] = [];
    const updated: RowUpdate<AccountRow>[] = [];
    for (const { before, after } of changes)
      if (before) updated.push({ before, after: revised(before, after) });
      else inserted.push(revised(NOT_STORED, after));
    return [
      ...(updated.length > 0 ? [update(updated)] : []),
      ...(inserted.length > 0 ? [bindRows(insertAccounts, inserted)] : []),
    ];
  },

  rowToCache: ({ before, after }) => revised(before ?? NOT_STORED, after),

  requireAsRead: (rows) => bindRows(requireAccounts, rows),
};

const NOT_STORED = { revision: 0n };

/** A row returned unchanged counts as changed: its revision is checked and increases. */
function revised({ revision }: Pick<AccountRow, "revision">, after: AccountRow): AccountRow {
  return after.revision > revision ? after : { ...after, revision: revision + 1n };
}

function policyDiffers({ before, after }: RowUpdate<AccountRow>): boolean {
  return (
    before.flags !== after.flags ||
    before.locked !== after.locked ||
    before.claim !== after.claim ||
    before.minimum !== after.minimum ||
    before.maximum !== after.maximum
  );
}

function update(changes: readonly RowUpdate<AccountRow>[]): BoundStatement {
  // The rare batch that also freezes, closes, sets bounds, or moves locked coins.
  return bindRows(changes.some(policyDiffers) ? updateAccountsWholly : updateAccounts, changes);
}
