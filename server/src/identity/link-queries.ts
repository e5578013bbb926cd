/** SQL of links between identities; a trigger logs each change (migration 0088). */
import type { Queryable, Transaction } from "../db/database.ts";

export interface IdentityLink {
  readonly linkedUserId: string;
  /** Of the linked user. */
  readonly platform: string;
  /** The user whose wallet the link opens. */
  readonly userId: string;
  readonly linkedAt: Date;
  /** The caller, as the books name them. */
  readonly linkedBy: string;
}

/** Arbitrary but fixed: the same number in every version. */
const LINKS_LOCK = 7_301_028;

/**
 * Serialises all changes of links until the transaction ends: two links at once could form a chain, and each
 * locks the rows of two users.
 */
export async function lockLinks(tx: Transaction): Promise<void> {
  await tx.query("select pg_advisory_xact_lock($1)", [LINKS_LOCK]);
}

const SELECT = `select l.linked_user_id as "linkedUserId", u.platform, l.user_id as "userId",
    l.linked_at as "linkedAt", l.linked_by as "linkedBy"
  from newday.identity_links l join newday.users u on u.user_id = l.linked_user_id`;

/** The link of a linked user. */
export async function findLinkOf(
  db: Queryable,
  linkedUserId: string,
): Promise<IdentityLink | undefined> {
  const [link] = await db.query<IdentityLink>(
    { name: "find-identity-link", text: `${SELECT} where l.linked_user_id = $1` },
    [linkedUserId],
  );
  return link;
}

/** Links that open the wallet of a user, oldest first; a user has few (`LINKS_PER_USER_MAX`). */
export function listLinksTo(db: Queryable, userId: string): Promise<IdentityLink[]> {
  return db.query(`${SELECT} where l.user_id = $1 order by l.linked_at, l.linked_user_id`, [
    userId,
  ]);
}

export async function insertLink(
  tx: Transaction,
  { linkedUserId, userId, linkedBy }: Pick<IdentityLink, "linkedUserId" | "userId" | "linkedBy">,
): Promise<void> {
  await tx.query(
    `insert into newday.identity_links (linked_user_id, user_id, linked_by) values ($1, $2, $3)`,
    [linkedUserId, userId, linkedBy],
  );
}

/** The log names `caller` (migration 0088). */
export async function deleteLink(
  tx: Transaction,
  { linkedUserId, caller }: { readonly linkedUserId: string; readonly caller: string },
): Promise<void> {
  await tx.query("select set_config('newday.caller', $1, true)", [caller]);
  await tx.query("delete from newday.identity_links where linked_user_id = $1", [linkedUserId]);
}
