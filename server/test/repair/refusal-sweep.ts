/** Refuses each function and view that the repair reads, in turn, and notes what the plan says. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { isQueryRefused } from "../../src/repair/connection/optional-query.ts";
import type { Plan } from "../../src/repair/model/plan.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { buildPlan } from "../../src/repair/plan/build-plan.ts";
import { readFinalStatus } from "../../src/repair/verify/final-status.ts";
import type { TestDatabase } from "../support/database.ts";
import { useOwner } from "./owner.ts";
import { findingIds } from "./plan-support.ts";

const SOURCES = fileURLToPath(new URL("../../src/repair", import.meta.url));

/** Every name in the sources of the repair that may be one of pg_catalog. */
function namesInSources(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".ts"))
    .map((file) => readFileSync(join(SOURCES, file), "utf8"));
  const found = texts.flatMap((text) =>
    [...text.matchAll(/\b(?:(?:pg|has|inet|txid)_\w+|obj_description|format_type)\b/g)].map(
      ([name]) => name,
    ),
  );
  return [...new Set(found)].toSorted();
}

interface Revocable {
  readonly name: string;
  readonly sql: string;
}

/** The functions and relations among the names that this server has. */
function revocable({ db }: TestDatabase, verb: "revoke" | "grant"): Promise<Revocable[]> {
  const [rights, to] = [verb, verb === "revoke" ? "from" : "to"];
  return db.query<Revocable>(
    `select p.oid::regprocedure::text as name,
            format('${rights} execute on function %s ${to} public', p.oid::regprocedure) as sql
       from pg_proc p
      where p.pronamespace = 'pg_catalog'::regnamespace and p.proname = any($1::text[])
     union all
     select c.relname::text, format('${rights} select on pg_catalog.%I ${to} public', c.relname)
       from pg_class c
      where c.relnamespace = 'pg_catalog'::regnamespace and c.relname = any($1::text[])
        and c.relkind in ('r', 'v') and has_table_privilege('public', c.oid, 'SELECT')
      order by 1`,
    [namesInSources()],
  );
}

/** Long enough for two counts of the tables' statistics. */
const LOAD_SAMPLE_MS = 5;

function planWithLoad(url: string): Promise<Plan> {
  return withRepairConnection(url, "plan", async (client) => {
    const { plan } = await buildPlan(client, {
      repair: findRepair("wallets"),
      tool: "0.0.0-test",
      environment: "test",
      accepted: new Map(),
      now: new Date(),
      loadSampleMs: LOAD_SAMPLE_MS,
    });
    return plan;
  });
}

interface Replaceable {
  readonly name: string;
  readonly replace: string;
  readonly restore: string;
}

/**
 * Functions and views that the repair reads, each with a namesake that answers as Aurora and Azure
 * do. PostgreSQL calls its own functions by number, so a replaced body would never run.
 */
function replaceable({ db }: TestDatabase): Promise<Replaceable[]> {
  return db.query<Replaceable>(
    `with named as (select p.*, p.oid::regprocedure as signature,
              format('pg_catalog.%I(%s)', p.proname, pg_get_function_identity_arguments(p.oid)) as full_name,
              format('pg_catalog.kept(%s)', pg_get_function_identity_arguments(p.oid)) as kept
         from pg_proc p
        where p.pronamespace = 'pg_catalog'::regnamespace and p.proname = any($1::text[])
          and p.prokind = 'f')
     select signature::text as name,
            format('alter function %s rename to kept; create function pg_catalog.%I(%s) returns %s language plpgsql as
                    $f$ begin raise feature_not_supported using message = %L; end $f$', full_name, proname,
                   pg_get_function_arguments(oid), pg_get_function_result(oid), signature || ' is not supported')
              as replace,
            format('drop function %s; alter function %s rename to %I', full_name, kept, proname)
              as restore
       from named
     union all
     select c.relname::text,
            format('alter view pg_catalog.%1$I rename to kept;
                    create view pg_catalog.%1$I as select * from pg_catalog.kept where public.unsupported(%1$L);
                    grant select on pg_catalog.%1$I to public', c.relname),
            format('drop view pg_catalog.%1$I; alter view pg_catalog.kept rename to %1$I', c.relname)
       from pg_class c
      where c.relnamespace = 'pg_catalog'::regnamespace and c.relname = any($1::text[])
        and c.relkind = 'v' and has_table_privilege('public', c.oid, 'SELECT')
      order by 1`,
    [namesInSources()],
  );
}

const UNSUPPORTED = `create function public.unsupported(what text) returns boolean language plpgsql as
  $f$ begin raise feature_not_supported using message = what || ' is not supported'; end $f$`;

async function outcomeOf(url: string, before: readonly string[]): Promise<string> {
  try {
    const plan = await planWithLoad(url);
    await readFinalStatus(url, findRepair("wallets"));
    const more = findingIds(plan).filter((id) => !before.includes(id));
    return more.length === 0 ? "unchanged" : [...new Set(more)].join(" ");
  } catch (error) {
    if (isQueryRefused(error)) return "refused in words";
    return `fault: ${String(error)}`;
  }
}

/** By its name: the new findings, `refused in words`, or `fault: ...`. */
type Outcomes = Readonly<Record<string, string>>;

export function faultsOf(outcomes: Outcomes): [string, string][] {
  return Object.entries(outcomes).filter(([, outcome]) => outcome.startsWith("fault"));
}

/** Answers 42501, as a managed server that revoked the right. */
export async function sweepRevoked(database: TestDatabase): Promise<Outcomes> {
  const url = await useOwner(database);
  const before = findingIds(await planWithLoad(url));
  const outcomes: Record<string, string> = {};
  const grants = await revocable(database, "grant");
  for (const { name, sql } of await revocable(database, "revoke")) {
    await database.db.query(sql);
    outcomes[name] = await outcomeOf(url, before);
    await database.db.query(grants.find((grant) => grant.name === name)?.sql ?? "");
  }
  return outcomes;
}

/** Answers 0A000, as Aurora and Azure do. */
export async function sweepUnsupported(database: TestDatabase): Promise<Outcomes> {
  const url = await useOwner(database);
  await database.db.query(UNSUPPORTED);
  const before = findingIds(await planWithLoad(url));
  const outcomes: Record<string, string> = {};
  const objects = await replaceable(database);
  await withRepairConnection(database.url, "fixture", async (client) => {
    await client.query("set allow_system_table_mods = on");
    for (const { name, replace, restore } of objects) {
      await client.script(replace);
      outcomes[name] = await outcomeOf(url, before);
      await client.script(restore);
    }
  });
  return outcomes;
}
