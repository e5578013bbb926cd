/** The search for transfers: by id or reference, of a user, or by time alone. */
import type { Database } from "../../db/database.ts";
import type { Directory } from "../../ledger/wallets/directory.ts";
import { findWalletNumber } from "../users/user-page.ts";
import { findTransfersByTime, type TimePosition } from "./find-by-time.ts";
import { findNamedTransfers } from "./find-named.ts";
import {
  findTransfersOfUser,
  type FoundTransfers,
  type MoneyPosition,
  type TimeRange,
} from "./find-of-user.ts";
import { LISTED_MOVEMENTS, readTransfersById, type TransferRow } from "./transfer-queries.ts";

export interface TransferSearch extends TimeRange {
  /** A whole id or reference. */
  readonly text?: string | undefined;
  readonly userId?: string | undefined;
  /** Its code. */
  readonly currency?: string | undefined;
}

/** Each search has an order and positions of its own. */
export interface TransferPositions {
  readonly text: string;
  readonly user: MoneyPosition;
  readonly time: TimePosition;
}

export type TransferSearchMode = keyof TransferPositions;

export function modeOf({ text, userId }: TransferSearch): TransferSearchMode {
  if (text !== undefined) return "text";
  return userId === undefined ? "time" : "user";
}

export interface TransferSearchPage {
  readonly transfers: readonly TransferRow[];
  /** Of the mode of the search; none on the last page. */
  readonly next: Partial<TransferPositions>;
}

/** Newest first, but by id where a text is given. Errors: `user_not_found`, `invalid_currency`. */
export async function searchTransfers(
  services: { readonly db: Database; readonly directory: Directory },
  search: TransferSearch,
  page: { readonly after: Partial<TransferPositions>; readonly limit: number },
): Promise<TransferSearchPage> {
  const { db } = services;
  const { ids, next } = await find(services, search, page);
  return { transfers: await readTransfersById(db, ids, LISTED_MOVEMENTS), next };
}

async function find(
  { db, directory }: { readonly db: Database; readonly directory: Directory },
  { text, userId, currency: code, from, until }: TransferSearch,
  { after, limit }: { readonly after: Partial<TransferPositions>; readonly limit: number },
): Promise<{ readonly ids: readonly string[]; readonly next: Partial<TransferPositions> }> {
  const row = code === undefined ? undefined : await directory.currency(code, "currency");
  const currency = row && Number(row.number);
  const wallet = userId === undefined ? undefined : await findWalletNumber(db, userId);
  if (wallet === null) return { ids: [], next: {} };
  const range = { from, until, limit };
  if (text !== undefined) {
    const wanted = { ...range, text, wallet, currency, after: after.text };
    return nextAs("text", await findNamedTransfers(db, wanted));
  }
  if (wallet !== undefined) {
    const wanted = { ...range, wallet, currency: code, after: after.user };
    return nextAs("user", await findTransfersOfUser(db, wanted));
  }
  const wanted = { ...range, currency, after: after.time };
  return nextAs("time", await findTransfersByTime(db, wanted));
}

function nextAs<Mode extends TransferSearchMode>(
  mode: Mode,
  { ids, next }: FoundTransfers<TransferPositions[Mode]>,
): { readonly ids: readonly string[]; readonly next: Partial<TransferPositions> } {
  return { ids, next: next === undefined ? {} : { [mode]: next } };
}
