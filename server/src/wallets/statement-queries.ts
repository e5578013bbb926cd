/** SQL of statements: an account's entries by version, and its balance at a time. */
import type { Queryable } from "../db/database.ts";
import type { JsonObject } from "../ledger/engine/operation.ts";

export interface StatementEntry {
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
  readonly reference: string | null;
  readonly metadata: JsonObject | null;
}

/** Both directions by their own index, then merged: the cost is the page, not the history. */
const PAGE = `select e.version, e.amount, e.balance, e.counterparty,
    w.user_id as "counterpartyUserId", e.id as "transferId", e.line, e.kind,
    e.recorded_at as "recordedAt", coalesce(h.effective_at, e.recorded_at) as "effectiveAt",
    h.reference, h.metadata
  from (
    (select from_version as version, -amount as amount, from_balance as balance,
        to_account as counterparty, id, line, kind, recorded_at
      from newday.transfers
      where from_account = $1 and from_version > $2 and from_version < $3
      order by from_version desc limit $4)
    union all
    (select to_version, amount, to_balance, from_account, id, line, kind, recorded_at
      from newday.transfers
      where to_account = $1 and to_version > $2 and to_version < $3
      order by to_version desc limit $4)
    order by version desc limit $4
  ) e
  join newday.transfers h on h.id = e.id and h.line = 0
  join newday.wallets w on w.number = e.counterparty >> 16
  order by e.version desc`;

/** Entries with `after < version < before`, newest first. */
export function listEntries(
  db: Queryable,
  account: bigint,
  range: { readonly after: bigint; readonly before: bigint; readonly limit: number },
): Promise<StatementEntry[]> {
  return db.query({ name: "statement_page", text: PAGE }, [
    account,
    range.after,
    range.before,
    range.limit,
  ]);
}

interface EntryPoint {
  readonly balance: bigint;
  readonly recordedAt: Date;
}

/** One entry by its version; each direction is a probe of a unique index. */
export async function findEntry(
  db: Queryable,
  account: bigint,
  version: bigint,
): Promise<EntryPoint | undefined> {
  const [entry] = await db.query<EntryPoint>(
    {
      name: "statement_entry",
      text: `select from_balance as balance, recorded_at as "recordedAt" from newday.transfers
          where from_account = $1 and from_version = $2
        union all
        select to_balance, recorded_at from newday.transfers
          where to_account = $1 and to_version = $2`,
    },
    [account, version],
  );
  return entry;
}

export interface AccountView {
  readonly account: bigint;
  readonly currency: string;
  readonly scale: number;
  readonly balance: bigint;
  /** Without what expired holds still have in the row. */
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
