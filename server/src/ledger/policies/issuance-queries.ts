/** SQL that proves the issue of every currency from the books. */
import type { Queryable, Transaction } from "../../db/database.ts";
import { GIVING_BACK } from "../../policy/rules/spending-kinds.ts";
import { OWNER_PLATFORM, WITH_OWNERS } from "../wallets/owned-wallet-queries.ts";

/** Where money comes into being, and where it ends. */
export const ISSUER_ROLES = ["mint", "adjustments", "adoption"];

export interface IssuerRow {
  readonly account: bigint;
  readonly currency: string;
  readonly platform: string;
  readonly version: bigint;
  readonly throughVersion: bigint;
  /** Sums up to `throughVersion`, in decimal digits. */
  readonly issued: string;
  readonly returned: string;
}

export function listIssuers(db: Queryable): Promise<IssuerRow[]> {
  return db.query(
    `select a.id as account, c.code as currency, w.platform, a.version,
        coalesce(t.through_version, 0) as "throughVersion",
        coalesce(t.issued, 0)::text as issued, coalesce(t.returned, 0)::text as returned
      from newday.ledger_wallets w
      join newday.currencies c on true
      join newday.accounts a on a.id = (w.number << 16) | c.number
      left join newday.issuance_tallies t on t.account = a.id
      where w.role = any($1::text[]) order by a.id`,
    [ISSUER_ROLES],
  );
}

export interface EntrySums {
  readonly issued: bigint;
  readonly returned: bigint;
}

/**
 * The entries of one issuer between two versions: what it paid, and what came back. What a refund pays
 * is given back, not issued.
 */
export async function sumEntries(
  db: Queryable,
  { account, after, through }: { account: bigint; after: bigint; through: bigint },
): Promise<EntrySums> {
  const [row] = await db.query<{ issued: string; refunded: string; received: string }>(
    `select coalesce(sum(amount) filter (where paid and kind <> all($4::text[])), 0)::text as issued,
        coalesce(sum(amount) filter (where paid and kind = any($4::text[])), 0)::text as refunded,
        coalesce(sum(amount) filter (where not paid), 0)::text as received
      from (
        select true as paid, amount, kind from newday.transfers
          where from_account = $1 and from_version > $2 and from_version <= $3
        union all
        select false, amount, kind from newday.transfers
          where to_account = $1 and to_version > $2 and to_version <= $3
      ) e`,
    [account, after, through, GIVING_BACK],
  );
  if (!row) throw new Error("sums without a row");
  return { issued: BigInt(row.issued), returned: BigInt(row.received) - BigInt(row.refunded) };
}

/** Another process may have gone further meanwhile; then its sums stay. */
export async function storeTally(
  db: Queryable,
  tally: EntrySums & { readonly account: bigint; readonly through: bigint },
): Promise<void> {
  const { account, through, issued, returned } = tally;
  await db.query(
    `insert into newday.issuance_tallies (account, through_version, issued, returned)
      values ($1, $2, $3, $4)
      on conflict (account) do update set through_version = excluded.through_version,
        issued = excluded.issued, returned = excluded.returned
      where issuance_tallies.through_version < excluded.through_version`,
    [account, through, `${issued}`, `${returned}`],
  );
}

export interface HeldRow {
  readonly currency: string;
  readonly platform: string;
  /** In decimal digits. */
  readonly held: string;
}

/** Sums the balances of users and of other system accounts by platform. Reads every account once. */
export function listHeld(tx: Transaction): Promise<HeldRow[]> {
  return tx.query(
    `select c.code as currency, ${OWNER_PLATFORM} as platform, sum(a.balance)::text as held
      from newday.accounts a
      join newday.currencies c on c.number = a.id & 65535
      join newday.ledger_wallets w on w.number = a.id >> 16
      ${WITH_OWNERS}
      where w.role is null or w.role <> all($1::text[])
      group by 1, 2`,
    [ISSUER_ROLES],
  );
}
