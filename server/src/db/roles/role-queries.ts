/** SQL of the roles that sessions of a server take (server/migrations/0041-roles.sql). */
import type { Queryable, Transaction } from "../database.ts";

export interface RoleFacts {
  /** Both roles are there. */
  readonly exist: boolean;
  /** This login may take both. */
  readonly mayTake: boolean;
  /** Both may read every table that the server reads. */
  readonly granted: boolean;
}

/** Errors: none of its own; a missing role makes the other facts false. */
export async function readRoleFacts(db: Queryable, roles: readonly string[]): Promise<RoleFacts> {
  const [row] = await db.query<RoleFacts>(
    `with wanted as (select oid from pg_roles where rolname = any($1::text[])),
      tables as (
        select c.oid from pg_class c
         where c.relnamespace = 'newday'::regnamespace and c.relkind in ('r', 'p', 'v', 'm')
        union all
        select c.oid from pg_class c
         where c.oid in (to_regclass('public.players'), to_regclass('public.adventure_items')))
    select (select count(*) from wanted) = cardinality($1::text[]) as exist,
      not exists (
        select from wanted where not pg_has_role(current_user, oid, case
          when current_setting('server_version_num')::int >= 160000 then 'SET' else 'MEMBER' end)
      ) as "mayTake",
      not exists (
        select from wanted w, tables t where not has_table_privilege(w.oid, t.oid, 'select')
      ) and not exists (
        select from wanted w where not has_schema_privilege(w.oid, 'public', 'usage')
      ) as granted`,
    [roles],
  );
  return row ?? { exist: false, mayTake: false, granted: false };
}

/** Makes missing roles and rights, as far as this login may; a lacking right is skipped. */
export async function makeRoles(tx: Transaction): Promise<void> {
  await tx.query("select newday.make_roles(), newday.join_roles()");
  await tx.query("select newday.grant_roles(), newday.grant_legacy_reads()");
}

/** The role under which the statements of this handle run. */
export async function currentRole(db: Queryable): Promise<string> {
  const [row] = await db.query<{ role: string }>("select current_user::text as role");
  return row?.role ?? "";
}
