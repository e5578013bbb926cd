/** Everything about a user on one page. Reading it opens no wallet. */
import type { Database, Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { listLinksTo, findLinkOf, type IdentityLink } from "../../identity/link-queries.ts";
import { listLiveSessionsOf, type ListedSession } from "../../identity/user-sessions.ts";
import { accountId } from "../../ledger/accounts/accounts.ts";
import { listCurrencies } from "../../ledger/currencies/currency-queries.ts";
import { findUserFreezes } from "../../ledger/policies/freeze-user.ts";
import { readLimitsOfUser, type LimitState } from "../../ledger/policies/read-limits.ts";
import { listAccounts, type AccountView } from "../../ledger/statements/statement-queries.ts";
import type { UserFreezes } from "../../policy/user-freezes/user-freeze-rows.ts";
import { listUsersById, type FoundUser } from "./search-users.ts";

export interface UserPage {
  readonly user: FoundUser;
  readonly state: UserState;
  readonly accounts: readonly AccountView[];
  readonly counts: UserCounts;
  readonly freezes: UserFreezes;
  readonly limits: readonly LimitState[];
  readonly sessions: readonly ListedSession[];
  /** The user whose wallet this identity opens, and the identities that open this user's. */
  readonly opens: IdentityLink | undefined;
  readonly openedBy: readonly IdentityLink[];
}

export interface UserState {
  readonly walletId: string | null;
  readonly wallet: bigint | null;
  readonly walletOpenedAt: Date | null;
  readonly verifiedBy: string | null;
  /** Has a character in New Day's own game. */
  readonly isPlayer: boolean;
  readonly isTestUser: boolean;
  readonly isErased: boolean;
  /** Starter coins that are promised and not posted yet. */
  readonly starterClaim: bigint;
}

/** Each counts `COUNTED_MAX` rows at most. */
export interface UserCounts {
  readonly items: number;
  readonly waitingGifts: number;
  readonly activeListings: number;
  readonly listings: number;
  readonly purchases: number;
  readonly sales: number;
  readonly openHolds: number;
}

/** Beyond it a count says "or more": counting a shop's million items takes longer than a page may. */
export const COUNTED_MAX = 10_000;

/** Errors: `user_not_found`. */
export async function readUserPage(db: Database, userId: string, now: Date): Promise<UserPage> {
  const [user, state] = await Promise.all([requireUser(db, userId), readState(db, userId)]);
  const { wallet } = state;
  const { platform } = user;
  const ofWallet = wallet === null ? NO_WALLET : readWallet(db, { wallet, platform, now });
  // At once: one after the other they would be ten round trips.
  const [money, counts, sessions, opens, openedBy] = await Promise.all([
    ofWallet,
    countThings(db, userId, wallet),
    listLiveSessionsOf(db, userId),
    findLinkOf(db, userId),
    listLinksTo(db, userId),
  ]);
  return { user, state, ...money, counts, sessions, opens, openedBy };
}

const NO_WALLET: Pick<UserPage, "accounts" | "freezes" | "limits"> = {
  accounts: [],
  freezes: { platform: null, operator: null, audit: null },
  limits: [],
};

async function readWallet(
  db: Database,
  of: { readonly wallet: bigint; readonly platform: string; readonly now: Date },
): Promise<typeof NO_WALLET> {
  const { wallet } = of;
  const [accounts, freezes, limits] = await Promise.all([
    listAccounts(db, wallet),
    findUserFreezes(db, wallet),
    readLimits(db, of),
  ]);
  return { accounts, freezes, limits };
}

/** Errors: `user_not_found`, also for a system's wallet. */
export async function requireUser(db: Queryable, userId: string): Promise<FoundUser> {
  const [user] = await listUsersById(db, [userId]);
  if (!user) throw new NewDayError("user_not_found", { field: "userId" });
  return user;
}

/** The user's wallet, if one was opened. Errors: `user_not_found`. */
export async function findWalletNumber(db: Queryable, userId: string): Promise<bigint | null> {
  const [, { wallet }] = await Promise.all([requireUser(db, userId), readState(db, userId)]);
  return wallet;
}

async function readLimits(
  db: Queryable,
  {
    wallet,
    platform,
    now,
  }: { readonly wallet: bigint; readonly platform: string; readonly now: Date },
) {
  const currencies = await listCurrencies(db);
  const accounts = currencies.map(({ number }) => accountId(wallet, Number(number)));
  return readLimitsOfUser(db, { accounts, platform, now });
}

async function readState(db: Queryable, userId: string): Promise<UserState> {
  const [row] = await db.query<UserState>(
    {
      name: "user-page-state",
      text: `select w.id as "walletId", w.number as wallet, w.created_at as "walletOpenedAt",
          u.verified_by as "verifiedBy",
          exists (select from public.players where id = i.id) as "isPlayer",
          exists (select from newday.test_users where user_id = i.id) as "isTestUser",
          exists (select from newday.user_freezes f where f.wallet = w.number
            and f.erased_as is not null) as "isErased",
          coalesce((select a.claim from newday.accounts a where a.id = w.number << 16 | 1), 0) as "starterClaim"
        from (select $1::text as id) i
        left join newday.users u on u.user_id = i.id
        left join newday.ledger_wallets w on w.user_id = i.id`,
    },
    [userId],
  );
  if (!row) throw new Error("a select without a row");
  return row;
}

const counted = (from: string) =>
  `(select count(*)::int from (select from ${from} limit ${COUNTED_MAX}) n)`;
/** Of states that an index does not tell apart, among the user's newest rows. */
const HELD = `(select count(*)::int from (
    select state from newday.items where owner_id = $1 order by obtained_at desc, id desc limit ${COUNTED_MAX}) i
  where state in ('owned', 'escrowed', 'offered', 'exported'))`;

async function countThings(
  db: Queryable,
  userId: string,
  wallet: bigint | null,
): Promise<UserCounts> {
  const [row] = await db.query<UserCounts>(
    {
      name: "user-page-counts",
      text: `select ${HELD} as items,
        ${counted("newday.items where owner_id = $1 and gift_from is not null")} as "waitingGifts",
        ${counted("newday.listings where seller_id = $1 and status = 'active'")} as "activeListings",
        ${counted("newday.listings where seller_id = $1")} as listings,
        ${counted("newday.purchases where buyer_id = $1")} as purchases,
        ${counted("newday.purchases where seller_id = $1")} as sales,
        ${counted("newday.holds where account >= $2::bigint << 16 and account < ($2::bigint + 1) << 16 and state = 'open'")} as "openHolds"`,
    },
    [userId, wallet],
  );
  if (!row) throw new Error("a select without a row");
  return row;
}
