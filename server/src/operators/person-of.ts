/** The person behind an operator of the log. */
import type { Queryable } from "../db/database.ts";

const KEY_NAME = "operator-key:";

/**
 * `operator:<login>`, or the one who made the key, also by other keys. A user of the machine who made it stands for
 * themselves.
 */
export async function personOf(db: Queryable, operator: string): Promise<string> {
  if (!operator.startsWith(KEY_NAME)) return operator;
  const [row] = await db.query<{ person: string }>(
    `with recursive makers (name, depth) as (
       select k.made_by, 1 from newday.operator_keys k where k.id = $1
       union all
       select k.made_by, m.depth + 1 from makers m
         join newday.operator_keys k on '${KEY_NAME}' || k.id = m.name)
     select name as person from makers order by depth desc limit 1`,
    [operator.slice(KEY_NAME.length)],
  );
  return row?.person ?? operator;
}

/** False for a person who was suspended after they made a key. */
export async function isActivePerson(db: Queryable, person: string): Promise<boolean> {
  const rows = await db.query(
    "select 1 from newday.operators where 'operator:' || login = $1 and status = 'active'",
    [person],
  );
  return rows.length > 0;
}
