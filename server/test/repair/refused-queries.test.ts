/** A1: managed servers revoke functions and views of pg_catalog from everybody. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { repairOwnDatabase } from "../../src/repair/apply/own-database.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { isQueryRefused } from "../../src/repair/connection/optional-query.ts";
import type { Plan } from "../../src/repair/model/plan.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { buildPlan } from "../../src/repair/plan/build-plan.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { readFinalStatus } from "../../src/repair/verify/final-status.ts";
import { useTestDatabase, type TestDatabase } from "../support/database.ts";
import { confirmations, keysOf, newday } from "./apply-support.ts";
import { useFolder, useLegacyDatabase } from "./legacy.ts";
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

const REVOKED_BY_CLOUDS = [
  "function pg_current_wal_lsn()",
  "function pg_control_system()",
  "function pg_stat_clear_snapshot()",
  "function pg_postmaster_start_time()",
  "function inet_server_addr()",
];
/** pg_settings is left out here: pg_dump itself reads it. */
const HIDDEN_BY_CLOUDS = [
  "pg_stat_activity",
  "pg_locks",
  "pg_prepared_xacts",
  "pg_stat_replication",
  "pg_replication_slots",
];

async function hideFrom(database: TestDatabase): Promise<void> {
  for (const name of REVOKED_BY_CLOUDS)
    await database.db.query(`revoke execute on ${name} from public`);
  for (const name of HIDDEN_BY_CLOUDS)
    await database.db.query(`revoke select on pg_catalog.${name} from public`);
}

describe("A1: a server that refuses functions and views", () => {
  it("gets a plan that names each one, or a refusal in words", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await useOwner(database);
    const before = findingIds(await planWithLoad(url));
    const outcomes: Record<string, string> = {};
    const grants = await revocable(database, "grant");
    for (const { name, sql } of await revocable(database, "revoke")) {
      await database.db.query(sql);
      outcomes[name] = await outcomeOf(url, before);
      await database.db.query(grants.find((grant) => grant.name === name)?.sql ?? "");
    }
    expect(Object.values(outcomes).filter((outcome) => outcome.startsWith("fault"))).toEqual([]);
    expect(outcomes).toMatchObject({
      "pg_current_wal_lsn()": "W11",
      "pg_control_system()": "W10 W11",
      pg_stat_activity: "W11",
      pg_stat_all_tables: "W11",
      pg_settings: "W11",
      "pg_get_constraintdef(oid)": "refused in words",
    });
  });

  it("that answer 0A000 gets a plan that names each one, or a refusal in words", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await useOwner(database);
    await database.db.query(UNSUPPORTED);
    const before = findingIds(await planWithLoad(url));
    const outcomes: Record<string, string> = {};
    const views = await replaceable(database);
    await withRepairConnection(database.url, "fixture", async (client) => {
      await client.query("set allow_system_table_mods = on");
      for (const { name, replace, restore } of views) {
        await client.script(replace);
        outcomes[name] = await outcomeOf(url, before);
        await client.script(restore);
      }
    });
    expect(Object.entries(outcomes).filter(([, outcome]) => outcome.startsWith("fault"))).toEqual(
      [],
    );
    expect(outcomes).toMatchObject({
      "pg_current_wal_lsn()": "W11",
      "pg_control_system()": "W10 W11",
      "pg_get_constraintdef(oid)": "refused in words",
    });
  });

  it("is planned, backed up, rehearsed, repaired and verified by its commands", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await useOwner(database);
    await hideFrom(database);
    const folder = useFolder();
    const on = ["--database-url", url];
    const file = join(folder, "plan.json");
    const planned = newday(["plan", ...on, "--environment", "test", "--out", file], folder);
    expect(planned.stdout).toContain("permission denied for function pg_current_wal_lsn");
    expect(planned.status, planned.stdout).toBe(0);
    const { plan } = readPlanFile(file);
    const dumps = ["--backup-dir", join(folder, "dumps")];
    const steps = [
      ["backup", ...on, "--plan", file, ...dumps],
      ["rehearse", ...on, "--plan", file, ...dumps],
      ["apply", ...on, "--plan", file, ...dumps, ...confirmations(plan)],
      ["status", ...on],
      ["verify", ...on],
      ["unblock", ...on],
    ];
    for (const step of steps) {
      const { status, stdout, stderr } = newday(step, folder);
      expect(status, `${step[0]}: ${stdout} ${stderr}`).toBe(0);
    }
    expect(await keysOf(database)).toEqual([]);
  });

  it("says in both languages what to grant when the repair needs the answer", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await useOwner(database);
    await database.db.query("revoke execute on function pg_get_constraintdef(oid) from public");
    const { status, stdout, stderr } = newday(["plan", "--database-url", url], useFolder());
    expect(status).toBe(3);
    expect(`${stdout}${stderr}`).toContain(
      "(B46): permission denied for function pg_get_constraintdef",
    );
    expect(`${stdout}${stderr}`).not.toMatch(/^ +at /m);
    const chinese = newday(["plan", "--database-url", url, "--lang", "zh"], useFolder());
    expect(`${chinese.stdout}${chinese.stderr}`).toContain("请授权：grant execute on function");
  });

  it("has its own new database repaired at the first start", async () => {
    const database = await useTestDatabase({ server: "pg15" });
    const url = await useOwner(database);
    await hideFrom(database);
    await database.db.query("revoke select on pg_catalog.pg_settings from public");
    expect((await repairOwnDatabase(url, "test")).outcome).toBe("repaired");
  });
});
