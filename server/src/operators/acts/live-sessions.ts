/** The live sessions of users, as the posting engine ends them. */
import type { NamedStatement, Statement } from "../../db/database.ts";
import { textArray } from "../../db/pipeline/array-parameters.ts";
import type { Resource } from "../../engine/resource.ts";

export interface LiveSessionsRow {
  readonly userId: string;
  readonly live: bigint;
}

const OF_USER = `s.revoked_at is null and s.expires_at > now()
  and (s.user_id = u.id or s.through_user_id = u.id)`;

const COUNT: Statement = {
  name: "live_sessions_count",
  text: `select u.id as "userId", count(*) as live
    from unnest($1::text[]) as u (id) join newday.sessions s on ${OF_USER} group by u.id`,
};

/** Locks the users first, as logins and logouts do: two of them would revoke the same rows in two orders. */
const END: NamedStatement = {
  name: "live_sessions_end",
  text: `with locked as materialized (
      select u.user_id as id from newday.users u
      where u.user_id = any($1::text[]) order by u.user_id for no key update)
    update newday.sessions s set revoked_at = now() from locked u where ${OF_USER}`,
};

/** By user id: the sessions of the user, and those that their logins opened through a link. Writing ends them. */
export const liveSessions: Resource<string, LiveSessionsRow> = {
  name: "live_sessions",
  async read(db, ids) {
    const rows = await db.query<LiveSessionsRow>(COUNT, [textArray(ids)]);
    return new Map(rows.map((row) => [row.userId, row]));
  },
  write: (changes) => [
    { statement: END, values: [textArray(changes.map(({ after }) => after.userId))] },
  ],
};
