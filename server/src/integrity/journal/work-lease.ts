/** Background work that one server of a database does: it holds a lease, which ends by itself when the server dies. */
import type { Queryable } from "../../db/database.ts";

/** Several turns long, and short enough that another server soon follows a dead one. */
const LEASE_SECONDS = 30;

const TAKE = {
  name: "work_lease_take",
  text: `insert into newday.work_leases as l (name, holder, until)
    values ($1, $2, clock_timestamp() + make_interval(secs => ${LEASE_SECONDS}))
    on conflict (name) do update set holder = excluded.holder, until = excluded.until
      where l.holder = excluded.holder or l.until < clock_timestamp()
    returning holder`,
};

/** Takes or renews the lease; false while another holder has it. */
export async function holdLease(db: Queryable, name: string, holder: string): Promise<boolean> {
  const rows = await db.query(TAKE, [name, holder]);
  return rows.length > 0;
}

/** Lets another server go on at once. */
export async function endLease(db: Queryable, name: string, holder: string): Promise<void> {
  await db.query("delete from newday.work_leases where name = $1 and holder = $2", [name, holder]);
}
