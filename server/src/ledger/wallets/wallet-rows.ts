/**
 * The registry of wallets: the owners of the accounts that begin with a wallet's number.
 *
 * One row per user, for ever (`wallets_user_id_key`). System wallets are rows too, under reserved
 * user ids (`system:<platform>:<role>`), and get their bounds from their role.
 */
import type { Queryable } from "../../db/database.ts";
import { plainArray, textArray } from "../../db/pipeline/array-parameters.ts";
import { bindRows } from "../../db/tables/columns.ts";
import type { Resource } from "../../engine/resource.ts";
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
  write: (changes) => {
    const rows = changes.map(({ after }) => after);
    return rows.length > 0 ? [bindRows(insertWallets, rows)] : [];
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
