/** Users who were verified once, as rows that decisions read. Verification is final: such a row never changes. */
import type { Queryable, Statement } from "../db/database.ts";
import { textArray } from "../db/pipeline/array-parameters.ts";
import type { Resource } from "../engine/resource.ts";

export interface VerifiedUserRow {
  readonly userId: string;
}

const READ: Statement = {
  name: "verified_users_read",
  text: `select user_id as "userId" from newday.users
    where user_id = any($1::text[]) and proven_at is not null`,
};

/**
 * By user id; a missing row means an unverified user. It is neither cached nor locked: a proof that is recorded
 * beside a decision counts for the next one.
 */
export const verifiedUsers: Resource<string, VerifiedUserRow> = {
  name: "verified_users",
  async read(db: Queryable, ids: readonly string[]) {
    const rows = await db.query<VerifiedUserRow>(READ, [textArray(ids)]);
    return new Map(rows.map((row) => [row.userId, row]));
  },
  write: () => [],
};
