/** SQL of statements: an account's entries by version, and its balance at a time. */
import type { Queryable } from "../../db/database.ts";
import { TEST_USER } from "../accounts/account-restrictions.ts";
import { DETAIL_NAMES, selectDetails, type StoredDetails } from "../transfers/detail-columns.ts";

/** Without an effective time of its own, an entry has that of its recording. */
const SHOWN = DETAIL_NAMES.filter((detail) => detail !== "effectiveAt");

export interface StatementEntry extends Omit<StoredDetails, "effectiveAt"> {
  readonly version: bigint;
  /** Signed, in minor units. */
  readonly amount: bigint;
  readonly balance: bigint;
  readonly counterparty: bigint;
  readonly counterpartyUserId: string;
  readonly transferId: string;
  readonly line: number;
  readonly kind: string;
  readonly recordedAt: Date;
  readonly effectiveAt: Date;
  /** True when either side is a test user's account. */
  readonly test: boolean;
}

/** 200 entries of a usual size; those with the largest metadata are five. */
const PAGE_BYTES_MAX = 160 * 1024;
/** Of an entry without its texts, as JSON. */
const ENTRY_BYTES = 400;

/** The entries before the one whose bytes, with those of the newer ones, fill the page. */
const PAGE = `with page as (
    select e.version, e.amount, e.balance, e.counterparty,
      w.user_id as "counterpartyUserId", e.transfer_id as "transferId", e.line, e.kind,
      e.recorded_at as "recordedAt", coalesce(h.effective_at, e.recorded_at) as "effectiveAt",
      e.kind = 'test_top_up' or exists (select from newday.accounts a
        where a.id in ($1, e.counterparty) and a.flags & ${TEST_USER} <> 0) as test,
      ${selectDetails(SHOWN, "h")},
      sum(${ENTRY_BYTES} + octet_length(concat(h.metadata, h.reference, w.user_id)))
        over (order by e.version desc) as bytes
    from newday.entries_of($1, $2, $3) e
    join newday.transfers h on h.id = e.transfer_id and h.line = 0
    join newday.ledger_wallets w on w.number = e.counterparty >> 16)
  select * from page where bytes <= ${PAGE_BYTES_MAX}
    or version = (select max(version) from page)
  order by version desc`;

/** An account's entries with `first <= version <= last`. */
export interface VersionRange {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * Newest first, one entry at least, and no more than fill a page. The cost is that of the page, whatever the
 * length of the history.
 */
export function listEntries(
  db: Queryable,
  account: bigint,
  { first, last }: VersionRange,
): Promise<StatementEntry[]> {
  return db.query({ name: "statement_page", text: PAGE }, [account, first, last]);
}

export interface EntryPoint {
  readonly version: bigint;
  readonly balance: bigint;
  readonly recordedAt: Date;
}

/** Newest first, the columns of a list only. */
export function listEntryPoints(
  db: Queryable,
  account: bigint,
  { first, last }: VersionRange,
): Promise<EntryPoint[]> {
  return db.query(
    {
      name: "statement_points",
      text: `select version, balance, recorded_at as "recordedAt"
        from newday.entries_of($1, $2, $3) order by version desc`,
    },
    [account, first, last],
  );
}

export interface AccountView {
  readonly account: bigint;
  readonly currency: string;
  readonly scale: number;
  readonly balance: bigint;
  /** Excludes amounts of expired holds that are still in the row. */
  readonly held: bigint;
  readonly available: bigint;
  readonly version: bigint;
  readonly revision: bigint;
  readonly flags: number;
  readonly changedAt: Date;
}

const ACCOUNTS = `select a.id as account, c.code as currency, c.scale, a.balance,
    a.held - x.expired as held, a.balance - a.held + x.expired - a.minimum as available,
    a.version, a.revision, a.flags, a.changed_at as "changedAt"
  from newday.accounts a
  join newday.currencies c on c.number = a.id & 65535
  cross join lateral (
    select coalesce(sum(h.amount - h.captured), 0)::bigint as expired from newday.holds h
    where a.held > 0 and h.account = a.id and h.state = 'open'
      and h.expires_at <= statement_timestamp()) x`;

/** Accounts of a wallet that have ever had an entry or a state, by currency number. */
export function listAccounts(db: Queryable, walletNumber: bigint): Promise<AccountView[]> {
  return db.query(
    {
      name: "accounts_of_wallet",
      text: `${ACCOUNTS} where a.id >= $1::bigint << 16 and a.id < ($1::bigint + 1) << 16
        order by a.id`,
    },
    [walletNumber],
  );
}

export async function findAccount(
  db: Queryable,
  account: bigint,
): Promise<AccountView | undefined> {
  const [row] = await db.query<AccountView>(
    { name: "account_with_available", text: `${ACCOUNTS} where a.id = $1` },
    [account],
  );
  return row;
}
