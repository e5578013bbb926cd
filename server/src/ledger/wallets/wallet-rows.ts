/**
 * The registry of wallets: the owners of the accounts that begin with a wallet's number.
 *
 * One row per user, for ever (`wallets_user_id_key`). System wallets are rows too, under reserved
 * user ids (`system:<platform>:<role>`), and get their bounds from their role.
 */
import type { BoundStatement, Queryable } from "../../db/database.ts";
import { plainArray, textArray } from "../../db/pipeline/array-parameters.ts";
import type { Change, Resource } from "../../engine/resource.ts";
import { insertWallets, readWalletOwners, readWallets } from "./wallet-row-queries.ts";

export type WalletRole = "mint" | "fees" | "escrow" | "adjustments" | "exchange" | "adoption";

export interface WalletRow {
  readonly number: bigint;
  /** Public id, kept from the legacy table. */
  readonly id: string;
  readonly userId: string;
  readonly platform: string | null;
  /** null for users. */
  readonly role: WalletRole | null;
  readonly createdAt: Date;
  readonly updatedAt: Date | null;
}

/** By wallet number. */
export const wallets: Resource<bigint, WalletRow> = {
  name: "wallets",
  async read(db: Queryable, ids: readonly bigint[]) {
    const rows = await db.query<WalletRow>(readWallets, [plainArray(ids)]);
    return new Map(rows.map((row) => [row.number, row]));
  },
  write(changes: readonly Change<bigint, WalletRow>[]): BoundStatement[] {
    return changes.length > 0 ? [insert(changes.map(({ after }) => after))] : [];
  },
};

/** The same rows by user id, to decide whether a user has a wallet; written through `wallets`. */
export const walletOwners: Resource<string, WalletRow> = {
  name: "wallet_owners",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<WalletRow>(readWalletOwners, [textArray(ids)]);
    return new Map(rows.map((row) => [row.userId, row]));
  },
  write: () => [],
};

/** The reserved user id of a platform's system wallet. */
export function systemUserId(platform: string, role: WalletRole): string {
  return `system:${platform}:${role}`;
}

function insert(rows: readonly WalletRow[]): BoundStatement {
  return {
    statement: insertWallets,
    values: [
      plainArray(rows.map(({ number }) => number)),
      textArray(rows.map(({ id }) => id)),
      textArray(rows.map(({ userId }) => userId)),
      textArray(rows.map(({ platform }) => platform)),
      textArray(rows.map(({ role }) => role)),
      textArray(rows.map(({ createdAt }) => createdAt.toISOString())),
      textArray(rows.map(({ updatedAt }) => updatedAt?.toISOString() ?? null)),
    ],
  };
}
