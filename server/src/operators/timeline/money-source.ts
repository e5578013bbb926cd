/** The timeline's money: the entries of every account of the user, by version. */
import { ACCOUNTS_MAX } from "../transfers/user-accounts.ts";
import type { TimelineEvent, TimelinePosition, TimelineSource } from "./timeline-event.ts";

/** The sources of money come behind all others of one time, each account by itself. */
const MONEY_RANK = 1_000;

/** An account that the first page did not know has newer entries alone. */
const NEXT_VERSION = `case when $7::int[] is null then a.version
  else (select v.version from unnest($7::int[], $8::bigint[]) as v (number, version)
    where v.number = a.id & 65535) end`;

export const MONEY_SOURCE: TimelineSource = {
  kind: "money",
  name: "money",
  rows: (
    limit,
  ) => `select e.recorded_at as time, ${MONEY_RANK} + (a.id & 65535)::int as rank, e.version::text as key,
      e.version as place, a.id as account, e.transfer_id, e.kind, e.amount, e.balance, e.counterparty
    from (select id, version from newday.accounts
      where id >= $2::bigint << 16 and id < ($2::bigint + 1) << 16 and version > 0
      order by changed_at desc, id limit ${ACCOUNTS_MAX}) a
    cross join lateral (select ${NEXT_VERSION} as version) l
    cross join lateral newday.entries_of(a.id, greatest(l.version - ${limit - 1}, 1), l.version) e
    where l.version > 0`,
  events: (since) => `select p.time, p.rank, p.key, p.place, p.kind as event, h.caller as by,
      jsonb_build_object('transferId', p.transfer_id, 'currency', c.code, 'amount', p.amount::text,
        'balanceAfter', p.balance::text, 'counterparty', w.user_id, 'reason', h.reason, 'reference', h.reference,
        'unverified', h.caller like 'unverified:%')
        || jsonb_strip_nulls(jsonb_build_object('through', k.through_user_id)) as facts
    from money p
    join newday.transfers h on h.id = p.transfer_id and h.line = 0
    left join newday.linked_transfers k on k.transfer_id = p.transfer_id
    join newday.ledger_wallets w on w.number = p.counterparty >> 16
    join newday.currencies c on c.number = p.account & 65535
    where p.time >= ${since}`,
};

/** The next entry of each account behind the events that are given. `heads`: where each began, on the first page. */
export function nextMoney(
  after: TimelinePosition | undefined,
  heads: readonly Pick<TimelineEvent, "rank" | "key">[],
  given: readonly TimelineEvent[],
): Map<number, bigint> {
  const next = new Map<number, bigint>();
  for (const { rank, key } of heads) next.set(rank - MONEY_RANK, BigInt(key));
  for (const [number, version] of after?.money ?? []) next.set(number, version);
  for (const { rank, key } of given)
    if (rank >= MONEY_RANK) next.set(rank - MONEY_RANK, BigInt(key) - 1n);
  return next;
}
