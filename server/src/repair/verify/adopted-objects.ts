/**
 * The legacy objects that an adoption replaces or freezes: `wallets` becomes a view that refuses
 * writes, the item tables keep their rows and refuse writes.
 */
import { ADOPTED_PARTS } from "../../db/adoption-state.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";

export interface AdoptedObject {
  readonly name: string;
  /** Whether a write of an old server fails. */
  readonly refusesWrites: boolean;
}

export interface AdoptionEvidence {
  /** Parts that are still to be adopted; undefined when the role may not read New Day's tables. */
  readonly openParts: readonly string[] | undefined;
  /** When the last part was adopted; undefined before, or when the role may not read it. */
  readonly adoptedAt: string | undefined;
  /** Of the legacy objects that this database has. */
  readonly objects: readonly AdoptedObject[];
}

/** The view, then the frozen tables, each with the function of its trigger (migrations 3 and 31). */
const OBJECTS: readonly (readonly [name: string, kind: string, refusal: string])[] = [
  ["wallets", "v", "refuse_legacy_write"],
  ["market_items", "r", "refuse_frozen_write"],
  ["transactions", "r", "refuse_frozen_write"],
  ["user_inventories", "r", "refuse_frozen_write"],
  ["adventure_items", "r", "refuse_frozen_write"],
];

/** Every row-changing event of a trigger: INSERT, DELETE and UPDATE in `tgtype`. */
const WRITES = 4 + 8 + 16;

const FIND_OBJECTS = `select o.name,
    c.relkind::text in (o.kind, replace(o.kind, 'r', 'p')) and exists (
      select from pg_catalog.pg_trigger t
      join pg_catalog.pg_proc p on p.oid = t.tgfoid
      join pg_catalog.pg_namespace f on f.oid = p.pronamespace
      where t.tgrelid = c.oid and t.tgenabled in ('O', 'A') and f.nspname = 'newday'
        and p.proname = o.refusal and t.tgtype & ${WRITES} = ${WRITES}
    ) as "refusesWrites"
  from unnest($2::text[], $3::text[], $4::text[]) with ordinality as o (name, kind, refusal, at)
  join pg_catalog.pg_class c on c.relname = o.name
  join pg_catalog.pg_namespace n on n.oid = c.relnamespace and n.nspname = $1
  order by o.at`;

/** Reads the parts that were adopted, and whether each legacy object in the schema refuses writes. */
export async function readAdoptionEvidence(
  client: DirectClient,
  schema: string,
): Promise<AdoptionEvidence> {
  const columns = [0, 1, 2].map((column) => OBJECTS.map((object) => object[column] ?? ""));
  const objects = await client.query<AdoptedObject>(FIND_OBJECTS, [schema, ...columns]);
  const subject = { en: "the adopted parts", zh: "已接管的部分" };
  const nothing = { openParts: undefined, adoptedAt: undefined };
  const parts = await queryIfAllowed(client, subject, nothing, () => findParts(client));
  return { ...parts, objects };
}

/** Without New Day's tables nothing was adopted. */
async function findParts(client: DirectClient): Promise<Omit<AdoptionEvidence, "objects">> {
  const [table] = await client.query<{ exists: boolean }>(
    "select to_regclass('newday.adoptions') is not null as exists",
  );
  const rows = table?.exists
    ? await client.query<{ part: string; at: string }>(
        `select part, to_char(adopted_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
           from newday.adoptions order by adopted_at`,
      )
    : [];
  return {
    openParts: ADOPTED_PARTS.filter((part) => !rows.some((row) => row.part === part)),
    adoptedAt: rows.at(-1)?.at,
  };
}
