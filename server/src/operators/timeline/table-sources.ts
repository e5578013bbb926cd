/** Sources of the timeline that are rows of one table each, read in the order of an index. */
import type { TimelineKind, TimelineSource } from "./timeline-event.ts";

interface TableSource {
  readonly kind: TimelineKind;
  /** Orders events of one time; unique. */
  readonly rank: number;
  readonly from: string;
  /** Rows of the user `$1`. */
  readonly where: string;
  readonly time: string;
  /** Unique in the source. */
  readonly key: string;
  /** Columns of the page's rows `p`. */
  readonly columns: string;
  readonly event: string;
  readonly by: string;
  /** Joins of the page's rows, by primary keys. */
  readonly joins: string;
  /** A JSON object in SQL. */
  readonly facts: string;
}

const CALLER = "left join newday.transfers t on t.id = p.transfer_id and t.line = 0";
const USER_OF_CHANGE = "newday.user_of_change(what, subject, before, after)";
const CHANGE_FACTS = `jsonb_build_object('subject', p.subject, 'reason', p.reason, 'before', p.before,
  'after', p.after)`;

const SESSION_ID = `'ses_' || encode(substr(sha256('newday session id'::bytea || token_hash), 1, 16), 'hex')`;
const SESSION = {
  kind: "sessions",
  from: "newday.sessions s",
  time: "created_at",
  key: SESSION_ID,
  columns: "platform, s.proven as verified, expires_at, revoked_at, user_id, through_user_id",
  event: "'login'",
  by: "coalesce('user:' || coalesce(p.through_user_id, p.user_id), '')",
  joins: "",
  facts: `jsonb_build_object('sessionId', p.key, 'platform', p.platform, 'verified', p.verified,
    'expiresAt', p.expires_at, 'endedAt', p.revoked_at, 'opened', p.user_id, 'through', p.through_user_id)`,
} as const;

const PURCHASE = {
  kind: "market",
  from: "newday.purchases",
  time: "created_at",
  key: "id",
  columns:
    "id, transfer_id, listing_id, item_id, buyer_id, seller_id, currency, quantity, price, commission, total_amount",
  by: "t.caller",
  joins: `${CALLER} left join newday.listings l on l.id = p.listing_id
    left join newday.item_definitions d on d.id = l.definition_id`,
  facts: `jsonb_build_object('purchaseId', p.id, 'transferId', p.transfer_id, 'listingId', p.listing_id,
    'itemId', p.item_id, 'name', d.name, 'buyer', p.buyer_id, 'seller', p.seller_id, 'currency', p.currency,
    'quantity', p.quantity, 'price', p.price::text, 'commission', p.commission::text,
    'total', p.total_amount::text)`,
} as const;

const SOURCES: readonly TableSource[] = [
  {
    kind: "items",
    rank: 10,
    from: "newday.item_history",
    where: "owner_id = $1",
    time: "recorded_at",
    key: "item_id || ' ' || version",
    columns: "item_id, version, transfer_id, action, state, quantity, quantity_change",
    event: "p.action",
    by: "t.caller",
    joins: `${CALLER} left join newday.items i on i.id = p.item_id
      left join newday.item_definitions d on d.id = i.definition_id`,
    facts: `jsonb_build_object('itemId', p.item_id, 'name', d.name, 'state', p.state, 'quantity', p.quantity,
      'quantityChange', p.quantity_change, 'transferId', p.transfer_id)`,
  },
  {
    // Of an item that went whole, the history names the receiver alone.
    kind: "items",
    rank: 11,
    from: "newday.item_receipts",
    where: "newday.giver_of_receipt(request) = $1",
    time: "created_at",
    key: "transfer_id::text",
    columns: "request, transfer_id, item_id, quantity",
    event: "'give'",
    by: "t.caller",
    joins: `${CALLER} left join newday.items i on i.id = p.item_id
      left join newday.item_definitions d on d.id = i.definition_id`,
    facts: `jsonb_build_object('itemId', p.item_id, 'name', d.name, 'quantity', p.quantity,
      'to', substring(p.request from ',"([^"]*)"\\]$'), 'transferId', p.transfer_id)`,
  },
  {
    kind: "market",
    rank: 20,
    from: "newday.listings",
    where: "seller_id = $1",
    time: "listed_at",
    key: "id",
    columns: "id, seller_id, definition_id, item_id, prices, remaining, status",
    event: "'list'",
    by: "'user:' || p.seller_id",
    joins: "left join newday.item_definitions d on d.id = p.definition_id",
    facts: `jsonb_build_object('listingId', p.id, 'itemId', p.item_id, 'name', d.name, 'prices', p.prices,
      'remaining', p.remaining, 'status', p.status)`,
  },
  { ...PURCHASE, rank: 21, where: "buyer_id = $1", event: "'buy'" },
  { ...PURCHASE, rank: 22, where: "seller_id = $1", event: "'sell'" },
  { ...SESSION, rank: 30, where: "user_id = $1" },
  { ...SESSION, rank: 31, where: "through_user_id = $1 and user_id <> $1" },
  {
    kind: "rules",
    rank: 40,
    from: "newday.policy_changes",
    where: `${USER_OF_CHANGE} = $1`,
    time: "changed_at",
    key: "id::text",
    columns: "what, caller, subject, reason, before, after",
    event: "p.what",
    by: "p.caller",
    joins: "",
    facts: CHANGE_FACTS,
  },
  {
    // Of a link, the identity that was linked.
    kind: "rules",
    rank: 41,
    from: "newday.policy_changes",
    where: `subject = 'link:' || $1 and ${USER_OF_CHANGE} <> $1`,
    time: "changed_at",
    key: "id::text",
    columns: "what, caller, subject, reason, before, after",
    event: "p.what",
    by: "p.caller",
    joins: "",
    facts: CHANGE_FACTS,
  },
  {
    // Names of operators, platforms and currencies may equal a user's id.
    kind: "acts",
    rank: 50,
    from: "newday.operator_changes",
    where: `${USER_OF_CHANGE} = $1 and what !~ '^(operator|platform|currency|exchange|stock|setup)'`,
    time: "changed_at",
    key: "lpad(id::text, 19, '0')",
    columns: "id, what, operator, subject, reason, before, after",
    event: "p.what",
    by: "p.operator",
    joins: "",
    facts: `${CHANGE_FACTS} || jsonb_build_object('actId', p.id::text)`,
  },
];

/** Of events at the time of the last one given, those of later sources are still due. */
function toSource({ kind, rank, ...source }: TableSource): TimelineSource {
  const { from, where, time, key, columns, event, by, joins, facts } = source;
  const name = `p${rank}`;
  return {
    kind,
    name,
    rows: (
      limit,
    ) => `select ${time} as time, ${rank} as rank, (${key}) collate "C" as key, ${columns}
      from ${from} where ${where} and ${time} <= $4::timestamptz
        and (${time} < $4::timestamptz or ${rank} > $5::int or ${rank} = $5::int and (${key}) collate "C" < $6::text)
      order by ${time} desc, (${key}) collate "C" desc limit ${limit}`,
    events: (
      since,
    ) => `select p.time, p.rank, p.key, 0::bigint as place, ${event} as event, ${by} as by, ${facts} as facts
      from ${name} p ${joins} where p.time >= ${since}`,
  };
}

export const TABLE_SOURCES: readonly TimelineSource[] = SOURCES.map(toSource);
