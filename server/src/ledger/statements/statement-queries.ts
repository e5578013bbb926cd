/** SQL of statements: an account's entries by version, and its balance at a time. */
import { OWNER_PLATFORM, WITH_OWNERS } from "../wallets/owned-wallet-queries.ts";
import { wasErased } from "../wallets/wallet-queries.ts";
import type { Queryable, Statement } from "../../db/database.ts";
import { TEST_USER } from "../accounts/account-restrictions.ts";
import { throughOf } from "../transfers/linked-transfers.ts";
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
  /** True when a compatibility login asked for the transfer. */
  readonly unverified: boolean;
  /** The linked identity through which the account's user asked for the transfer. */
  readonly throughUserId: string | null;
}

/** 200 entries of a usual size; those with the largest metadata are five. */
const PAGE_BYTES_MAX = 160 * 1024;
/** Of an entry without its texts, as JSON. */
const ENTRY_BYTES = 400;

export const STATEMENT_ORDERS = ["newest", "oldest"] as const;
/** The entry with which a statement begins. */
export type StatementOrder = (typeof STATEMENT_ORDERS)[number];

/** The entries before the one whose bytes, with those of the ones before it, fill the page. */
const pageText = (direction: "asc" | "desc", first: "min" | "max") => `with page as (
    select e.version, e.amount, e.balance, e.counterparty,
      w.user_id as "counterpartyUserId", e.transfer_id as "transferId", e.line, e.kind,
      e.recorded_at as "recordedAt", coalesce(h.effective_at, e.recorded_at) as "effectiveAt",
      e.kind = 'test_top_up' or exists (select from newday.accounts a
        where a.id in ($1, e.counterparty) and a.flags & ${TEST_USER} <> 0) as test,
      h.caller like 'unverified:%' as unverified,
      ${throughOf("h", "$1::bigint >> 16")} as "throughUserId",
      ${selectDetails(SHOWN, "h")},
      sum(${ENTRY_BYTES} + octet_length(concat(h.metadata, h.reference, h.reason, w.user_id)))
        over (order by e.version ${direction}) as bytes
    from newday.entries_of($1, $2, $3) e
    join newday.transfers h on h.id = e.transfer_id and h.line = 0
    join newday.ledger_wallets w on w.number = e.counterparty >> 16)
  select * from page where bytes <= ${PAGE_BYTES_MAX}
    or version = (select ${first}(version) from page)
  order by version ${direction}`;

const PAGES: Readonly<Record<StatementOrder, Statement>> = {
  newest: { name: "statement_page", text: pageText("desc", "max") },
  oldest: { name: "statement_page_oldest", text: pageText("asc", "min") },
};

/** An account's entries with `first <= version <= last`. */
export interface VersionRange {
  readonly first: bigint;
  readonly last: bigint;
}

/**
 * In this order, one entry at least, and no more than fill a page. The cost is that of the page, whatever the
 * length of the history.
 */
export function listEntries(
  db: Queryable,
  account: bigint,
  { first, last }: VersionRange,
  order: StatementOrder,
): Promise<StatementEntry[]> {
  return db.query(PAGES[order], [account, first, last]);
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
  /** To any user; the shop takes locked coins too. */
  readonly available: bigint;
  /** With the starter grant that is not posted yet and can be; 0 once the owner is verified. */
  readonly locked: bigint;
  /** The starter grant while today's budget cannot pay it: a part of the balance that no payment takes. */
  readonly unfunded: bigint;
  readonly version: bigint;
  readonly revision: bigint;
  readonly flags: number;
  readonly changedAt: Date;
}

/** Whether the starter grant of account `a` is posted when a payment needs it: `starterGrantOperation` as SQL. */
const GRANT_FUNDED = `select not ${wasErased("w.user_id")} and (f.starter_budget_per_day is null
      or f.starter_budget_per_day >= a.claim + coalesce((select k.count from newday.limit_counters k
        where k.id = '["starter","' || f.name || '","'
          || to_char(statement_timestamp() at time zone 'utc', 'YYYY-MM-DD') || '"]'), 0))
    from newday.ledger_wallets w ${WITH_OWNERS} join newday.platforms f on f.name = ${OWNER_PLATFORM}
    where w.number = a.id >> 16`;

const ACCOUNTS = `select a.id as account, c.code as currency, c.scale,
    a.balance + a.claim as balance, a.held - x.expired as held, l.locked, b.unfunded,
    a.balance + a.claim - a.held + x.expired - a.minimum - l.locked - b.unfunded as available,
    a.version, a.revision, a.flags, a.changed_at as "changedAt"
  from newday.accounts a
  join newday.currencies c on c.number = a.id & 65535
  cross join lateral (
    select coalesce(sum(h.amount - h.captured), 0)::bigint as expired from newday.holds h
    where a.held > 0 and h.account = a.id and h.state = 'open'
      and h.expires_at <= statement_timestamp()) x
  cross join lateral (
    select case when a.claim = 0 or (${GRANT_FUNDED}) then 0 else a.claim end as unfunded) b
  cross join lateral (
    select case when a.locked + a.claim - b.unfunded = 0 then 0
      when newday.is_verified((select user_id from newday.ledger_wallets where number = a.id >> 16))
      then 0 else a.locked + a.claim - b.unfunded end as locked) l`;

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
