/**
 * The properties of a database that its dump leaves out and its restored copy needs: locale,
 * collation provider, settings, and the roles that its objects name.
 */
import type { Queryable } from "../../db/database.ts";
import { quoteIdentifier, quoteLiteral } from "../../db/driver/direct-client.ts";
import { sqlStateOf } from "../../db/sql-state.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import type { Message } from "../../lib/messages.ts";

export interface DatabaseLocale {
  readonly collate: string;
  readonly ctype: string;
  readonly provider: "libc" | "icu" | "builtin";
  /** Of ICU and of the builtin provider. */
  readonly name: string | null;
  readonly icuRules: string | null;
}

export interface DatabaseSetup {
  readonly encoding: string;
  /** Missing in the note of an older dump. */
  readonly locale?: DatabaseLocale | undefined;
  /** Roles of policies and user mappings: a dump names them and does not hold them. */
  readonly roles?: readonly string[] | undefined;
  /** Of ALTER DATABASE SET and ALTER ROLE SET, as far as they change what code of the database does. */
  readonly settings?: readonly Setting[] | undefined;
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

const ROLES: Message = { en: "roles that policies name", zh: "策略所引用的角色" };

export async function readDatabaseSetup(db: Queryable): Promise<Required<DatabaseSetup>> {
  // Servers differ in their columns; a row as JSON has whichever there are.
  const [row] = await db.query<{ encoding: string; facts: Facts }>(
    `select pg_encoding_to_char(encoding)::text as encoding, to_jsonb(d) as facts
       from pg_catalog.pg_database d where datname = current_database()`,
  );
  const facts = row?.facts ?? { datcollate: "C", datctype: "C" };
  return {
    encoding: row?.encoding ?? "UTF8",
    locale: {
      collate: facts.datcollate ?? "C",
      ctype: facts.datctype ?? "C",
      provider: providerOf(facts.datlocprovider),
      name: facts.datlocale ?? facts.daticulocale ?? null,
      icuRules: facts.daticurules ?? null,
    },
    roles: await readNamedRoles(db),
    settings: await readSettings(db),
  };
}

interface Facts {
  readonly datcollate?: string | null;
  readonly datctype?: string | null;
  readonly datlocprovider?: string;
  readonly datlocale?: string | null;
  readonly daticulocale?: string | null;
  readonly daticurules?: string | null;
}

function providerOf(letter: string | undefined): DatabaseLocale["provider"] {
  if (letter === "i") return "icu";
  return letter === "b" ? "builtin" : "libc";
}

async function readNamedRoles(db: Queryable): Promise<string[]> {
  const rows = await queryIfAllowed(db, ROLES, [], () =>
    db.query<{ name: string }>(
      `select r.rolname::text as name from pg_catalog.pg_roles r
        where exists (select from pg_catalog.pg_policy p where r.oid = any(p.polroles))
           or exists (select from pg_catalog.pg_user_mappings m where m.umuser = r.oid)
        order by 1`,
    ),
  );
  return rows.map(({ name }) => name);
}

const SETTINGS: Message = { en: "settings of the database", zh: "数据库的设置" };
/** Names without a dot; those with one belong to the clients' own code. */
const COPIED_SETTINGS = [
  "search_path",
  "timezone",
  "datestyle",
  "intervalstyle",
  "default_text_search_config",
  "lc_time",
  "lc_numeric",
  "lc_monetary",
  "extra_float_digits",
  "xmloption",
  "array_nulls",
];

/** Of the session's own role in this database first, of the database at last. */
async function readSettings(db: Queryable): Promise<Setting[]> {
  return queryIfAllowed(db, SETTINGS, [], () =>
    db.query<Setting>(
      `select distinct on (lower(split_part(s.item, '=', 1)))
              split_part(s.item, '=', 1) as name, substr(s.item, strpos(s.item, '=') + 1) as value
         from pg_catalog.pg_db_role_setting r
        cross join lateral unnest(r.setconfig) s(item)
        where r.setdatabase in (0, (select oid from pg_catalog.pg_database
                                     where datname = current_database()))
          and r.setrole in (0, (select oid from pg_catalog.pg_roles where rolname = session_user))
          and (lower(split_part(s.item, '=', 1)) = any($1::text[])
               or split_part(s.item, '=', 1) like '%.%')
        order by lower(split_part(s.item, '=', 1)), r.setdatabase = 0, r.setrole = 0`,
      [COPIED_SETTINGS],
    ),
  );
}

/** Makes the settings the default of `role`; a setting of a missing extension is left out. */
export async function applySettings(
  db: Queryable,
  role: string,
  settings: readonly Setting[],
): Promise<void> {
  for (const { name, value } of settings) {
    const quoted = name.split(".").map(quoteIdentifier).join(".");
    await db
      .query("select set_config($1, $2, false)", [name, value])
      .then(() => db.query(`alter role ${quoteIdentifier(role)} set ${quoted} from current`))
      .catch((error: unknown) => {
        if (sqlStateOf(error) === undefined) throw error;
      });
  }
}

/** CREATE DATABASE options that make a copy sort, compare and classify as its source does. */
export function localeOptionsSql({ encoding, locale }: DatabaseSetup): string {
  const options = [`encoding ${quoteLiteral(encoding)}`];
  if (locale) {
    const { collate, ctype, provider, name, icuRules } = locale;
    options.push(`lc_collate ${quoteLiteral(collate)}`, `lc_ctype ${quoteLiteral(ctype)}`);
    if (provider !== "libc") options.push(`locale_provider ${provider}`);
    if (name !== null && provider === "icu") options.push(`icu_locale ${quoteLiteral(name)}`);
    if (name !== null && provider === "builtin")
      options.push(`builtin_locale ${quoteLiteral(name)}`);
    if (icuRules !== null) options.push(`icu_rules ${quoteLiteral(icuRules)}`);
  }
  return options.join(" ");
}

/** Creates the missing roles without a login. */
export async function createRoles(db: Queryable, names: readonly string[]): Promise<void> {
  const known = await db.query<{ name: string }>(
    "select rolname::text as name from pg_catalog.pg_roles",
  );
  const missing = names.filter((name) => !known.some((role) => role.name === name));
  for (const name of missing) await db.query(`create role ${quoteIdentifier(name)} nologin`);
}
