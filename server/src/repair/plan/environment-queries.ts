/** The tables' surroundings: views, event triggers, publications, standbys, other sessions. */
import type { Queryable } from "../../db/database.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import type { Message } from "../../lib/messages.ts";

async function names(
  db: Queryable,
  subject: Message,
  text: string,
  values: unknown[] = [],
): Promise<string[]> {
  const rows = await queryIfAllowed(db, subject, [], () =>
    db.query<{ name: string }>(text, values),
  );
  return rows.map(({ name }) => name);
}

/** Views that read at least two of the tables: an inner join there hides external rows. */
export function findJoiningViews(db: Queryable, tables: readonly number[]): Promise<string[]> {
  return names(
    db,
    { en: "views that join the tables", zh: "连接这些表的视图" },
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
    { en: "event triggers", zh: "事件触发器" },
    `select evtname::text as name from pg_catalog.pg_event_trigger
      where evtenabled <> 'D' and evtevent in ('ddl_command_start', 'ddl_command_end', 'sql_drop')
      order by 1`,
  );
}

export function findPublications(db: Queryable, tables: readonly number[]): Promise<string[]> {
  return names(
    db,
    { en: "publications", zh: "发布" },
    `select distinct t.pubname::text as name
       from pg_catalog.pg_publication_tables t
       join pg_catalog.pg_class c on c.relname = t.tablename
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = t.schemaname
      where c.oid = any($1::oid[]) order by 1`,
    [tables],
  );
}

const SESSIONS: Message = { en: "other sessions", zh: "其他会话" };

/** Other sessions in this database; undefined when the server refuses the query. */
export async function countSessions(db: Queryable): Promise<number | undefined> {
  const [row] = await queryIfAllowed(db, SESSIONS, [], () =>
    db.query<{ sessions: number }>(
      `select count(*)::int as sessions from pg_catalog.pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()
        and backend_type = 'client backend'
        and coalesce(application_name, '') not like 'newday-repair%'`,
    ),
  );
  return row?.sessions;
}

export interface WaitingMaintenance {
  readonly pid: number;
  readonly application: string | null;
  readonly mode: string;
}

const WAITING: Message = { en: "sessions that wait for a lock", zh: "等待锁的会话" };

/** Sessions of users that queue for a lock beyond those of ordinary statements. */
export function findWaitingMaintenance(
  db: Queryable,
  tables: readonly number[],
): Promise<WaitingMaintenance[]> {
  return queryIfAllowed(db, WAITING, [], () =>
    db.query<WaitingMaintenance>(
      `select l.pid, a.application_name as application, l.mode
       from pg_catalog.pg_locks l
       join pg_catalog.pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'relation' and not l.granted and l.relation = any($1::oid[])
        and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
        and l.mode in ('AccessExclusiveLock', 'ExclusiveLock', 'ShareRowExclusiveLock', 'ShareLock',
                       'ShareUpdateExclusiveLock')
        and a.usesysid is not null
      order by l.pid`,
      [tables],
    ),
  );
}

/** Names only, read without a lock: for a moment at which the tables are out of reach. */
export async function findTableOids(db: Queryable, tables: readonly string[]): Promise<number[]> {
  const rows = await db.query<{ oid: number }>(
    `select oid::int8::float8 as oid from pg_catalog.pg_class
      where relname::text = any($1::text[]) and relkind in ('r', 'p')`,
    [tables],
  );
  return rows.map(({ oid }) => oid);
}

/** History tables of the usual migration tools. */
const MIGRATION_TABLES = [
  "__drizzle_migrations",
  "_prisma_migrations",
  "SequelizeMeta",
  "knex_migrations",
  "typeorm_migrations",
  "mikro_orm_migrations",
  "schema_migrations",
  "pgmigrations",
  "flyway_schema_history",
  "databasechangelog",
  "alembic_version",
  "django_migrations",
  "__EFMigrationsHistory",
];

export function findMigrationTables(db: Queryable): Promise<string[]> {
  return names(
    db,
    { en: "tables of migration tools", zh: "迁移工具的表" },
    `select c.oid::regclass::text as name from pg_catalog.pg_class c
      where c.relkind in ('r', 'p') and c.relname::text = any($1::text[]) order by 1`,
    [MIGRATION_TABLES],
  );
}

/** Functions whose text names one of the tables; a text search, so it may find too much. */
export function findRoutinesThatName(db: Queryable, tables: readonly string[]): Promise<string[]> {
  return names(
    db,
    { en: "functions that name the tables", zh: "提及这些表的函数" },
    `select p.oid::regprocedure::text as name
       from pg_catalog.pg_proc p
       join pg_catalog.pg_namespace n on n.oid = p.pronamespace
      where n.nspname not in ('pg_catalog', 'information_schema', 'newday')
        and exists (select from unnest($1::text[]) t(name)
                     where strpos(lower(p.prosrc), lower(t.name)) > 0)
      order by 1`,
    [tables],
  );
}
