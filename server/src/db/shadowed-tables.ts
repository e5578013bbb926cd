/**
 * Keeps our schema from hiding another application's tables.
 *
 * PostgreSQL's default `search_path` is `"$user", public`: a login called `newday` searches our schema
 * first, also for the unqualified names of an old server. The same holds for a role whose own
 * `search_path` names our schema.
 */
import { NewDayError } from "../errors/errors.ts";
import type { Database, Queryable } from "./database.ts";
import { SQL_STATE, sqlStateOf } from "./sql-state.ts";

/** A setting of a role in this database precedes its general one, then the database's. */
const SEARCHING_ROLES = `with settings as (
    select s.setdatabase, s.setrole, substr(setting, 13) as path
    from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) as setting
    where setting like 'search_path=%' and s.setdatabase in (
      0, (select oid from pg_catalog.pg_database where datname = current_database()))
  ), logins as (
    select r.rolname, coalesce((
      select path from settings where setrole in (r.oid, 0)
      order by setrole = 0, setdatabase = 0 limit 1
    ), '"$user", public') as path
    from pg_catalog.pg_roles r where r.rolcanlogin
  )
  select rolname::text as role, path from logins
  where path ~ '(^|[ ,"])newday($|[ ,"])' or (rolname = 'newday' and path ~ '[$]user')
  order by rolname`;

const SHADOWED = `select quote_ident(n.nspname) || '.' || quote_ident(theirs.relname) as name
  from pg_catalog.pg_class ours
  join pg_catalog.pg_class theirs on theirs.relname = ours.relname and theirs.oid <> ours.oid
  join pg_catalog.pg_namespace n on n.oid = theirs.relnamespace
  where ours.relnamespace = to_regnamespace('newday')
    and ours.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and theirs.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
    and n.nspname = any($1::text[]) and n.oid <> ours.relnamespace
  order by 1`;

export interface SearchingRole {
  readonly role: string;
  readonly path: string;
}

const BY_DEFAULT: readonly SearchingRole[] = [{ role: "newday", path: "public" }];

/** Returns the logins that search our schema for unqualified names. */
export async function rolesThatSearchOurSchema(db: Database): Promise<readonly SearchingRole[]> {
  try {
    return await db.query<SearchingRole>(SEARCHING_ROLES);
  } catch (error) {
    // A managed cloud may refuse the catalogue of settings.
    if (sqlStateOf(error) !== SQL_STATE.insufficientPrivilege) throw error;
    return BY_DEFAULT;
  }
}

/** Returns the other applications' tables that our schema hides from the roles. */
export async function shadowedTables(
  db: Queryable,
  roles: readonly SearchingRole[],
): Promise<string[]> {
  const schemas = roles.flatMap(({ path }) => path.split(",").map(schemaName));
  return (await db.query<{ name: string }>(SHADOWED, [schemas])).map(({ name }) => name);
}

/**
 * Refuses tables that the present transaction hid; one that was hidden before is no reason to refuse an
 * upgrade. Errors: `schema_shadows`.
 */
export async function refuseShadowing(
  db: Queryable,
  roles: readonly SearchingRole[],
  before: readonly string[],
): Promise<void> {
  const tables = (await shadowedTables(db, roles)).filter((name) => !before.includes(name));
  if (tables.length === 0) return;
  const list = tables.join(", ");
  const who = roles.map(({ role }) => `"${role}"`).join(", ");
  throw new NewDayError("schema_shadows", {
    tables,
    roles: roles.map(({ role }) => role),
    rule: {
      en: `a table of schema newday would hide ${list} from the role ${who}, whose search_path has our schema first`,
      zh: `角色 ${who} 的 search_path 会先找到 newday 模式，从而看不到 ${list}`,
    },
  });
}

function schemaName(entry: string): string {
  return entry.trim().replace(/^"(.*)"$/, "$1");
}
