/**
 * Test users: the fixed users of a partner's test pages, which have to stay green however often they run.
 *
 * An operator names them (`newday test-user add`). They log in without a proof also in production, and a daily
 * budget refills their coins. A sandbox treats the users of the known pages so without being told.
 */
import type { Queryable } from "../db/database.ts";

/** The fixed users of AllinONE's pages and scripts (docs/contract.md 1). */
const KNOWN_PAGE_USERS: ReadonlySet<string> = new Set([
  "test-user-123",
  "test-user-id",
  "test_001",
  "prod-test-456",
  "allinone-prod-test-123",
]);
/** True for the fixed users of AllinONE's pages, which no person owns. */
export function isUserOfKnownPage(userId: string): boolean {
  return KNOWN_PAGE_USERS.has(userId);
}

/** Coins a day; forty thousand runs of the partner's page. */
const SANDBOX_BUDGET = 1_000_000n;

export interface TestUserRow {
  readonly userId: string;
  /** Coins that its purchases may be refilled with on a UTC day. */
  readonly dailyBudget: bigint;
  readonly namedBy: string;
  readonly namedAt: Date;
}

/** The daily budget of a session's user; null for an ordinary user. */
export function testBudgetOf(
  { userId, testBudget }: { readonly userId: string; readonly testBudget: bigint | null },
  isSandbox: boolean,
): bigint | null {
  return testBudget ?? (isSandbox && isUserOfKnownPage(userId) ? SANDBOX_BUDGET : null);
}

const COLUMNS = `user_id as "userId", daily_budget as "dailyBudget", named_by as "namedBy",
  named_at as "namedAt"`;

export function listTestUsers(db: Queryable): Promise<TestUserRow[]> {
  return db.query(`select ${COLUMNS} from newday.test_users order by user_id`);
}

/** Those of `userIds` that are test users. */
export function findTestUsers(db: Queryable, userIds: readonly string[]): Promise<TestUserRow[]> {
  return db.query({ name: "find-test-users", text: FIND }, [userIds]);
}

const FIND = `select ${COLUMNS} from newday.test_users where user_id = any($1::text[])`;

export async function upsertTestUser(
  db: Queryable,
  { userId, dailyBudget, namedBy }: Omit<TestUserRow, "namedAt">,
): Promise<void> {
  await db.query(
    `insert into newday.test_users (user_id, daily_budget, named_by) values ($1, $2, $3)
     on conflict (user_id) do update
       set daily_budget = excluded.daily_budget, named_by = excluded.named_by, named_at = now()`,
    [userId, dailyBudget, namedBy],
  );
}

export async function deleteTestUser(db: Queryable, userId: string): Promise<void> {
  await db.query("delete from newday.test_users where user_id = $1", [userId]);
}
