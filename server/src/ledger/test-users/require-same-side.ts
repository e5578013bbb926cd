/** Items of test users move among test users only, as their money does. */
import type { Queryable } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { findTestUsers } from "../../identity/test-users.ts";

/** Errors: `test_users_only` between a test user and another user. */
export async function requireSameSide(
  db: Queryable,
  giverId: string,
  receiverId: string,
): Promise<void> {
  const named = await findTestUsers(db, [giverId, receiverId]);
  if (named.length !== 1) return;
  throw new NewDayError("test_users_only", { field: "targetUserId" });
}
