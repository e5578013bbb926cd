/** What stands around the tables: views, event triggers, publications, standbys, other sessions. */
import type { Queryable } from "../../db/database.ts";

async function names(db: Queryable, text: string, values: unknown[] = []): Promise<string[]> {
  const rows = await db.query<{ name: string }>(text, values);
  return rows.map(({ name }) => name);
}

/** Views that read at least two of the tables: an inner join there hides strangers. */
export function findJoiningViews(db: Queryable, tables: readonly number[]): Promise<string[]> {
  return names(
    db,
    `select r.ev_class::regclass::text as name
       from pg_catalog.pg_depend d
       join pg_catalog.pg_rewrite r on r.oid = d.objid
      where d.classid = 'pg_catalog.pg_rewrite'::regclass
        and d.refclassid = 'pg_catalog.pg_class'::regclass
        and d.refobjid = any($1::oid[]) and r.ev_class <> d.refobjid
      group by r.ev_class
     having count(distinct d.refobjid) > 1
      order by 1`,
    [tables],
  );
}

export function findEventTriggers(db: Queryable): Promise<string[]> {
  return names(
    db,
    `select evtname::text as name from pg_catalog.pg_event_trigger
      where evtenabled <> 'D' and evtevent in ('ddl_command_start', 'ddl_command_end', 'sql_drop')
      order by 1`,
  );
}

export function findPublications(db: Queryable, tables: readonly number[]): Promise<string[]> {
  return names(
    db,
    `select distinct t.pubname::text as name
       from pg_catalog.pg_publication_tables t
       join pg_catalog.pg_class c on c.relname = t.tablename
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = t.schemaname
      where c.oid = any($1::oid[]) order by 1`,
    [tables],
  );
}

export interface Load {
  /** Sessions of others in this database; null when they are hidden. */
  readonly sessions: number;
  readonly standbys: number;
}

export async function readLoad(db: Queryable): Promise<Load> {
  const [row] = await db.query<Load>(
    `select (select count(*) from pg_catalog.pg_stat_activity
              where datname = current_database() and pid <> pg_backend_pid()
                and backend_type = 'client backend'
                and coalesce(application_name, '') not like 'newday-repair%')::int as sessions,
            (select count(*) from pg_catalog.pg_stat_replication)::int as standbys`,
  );
  return row ?? { sessions: 0, standbys: 0 };
}
