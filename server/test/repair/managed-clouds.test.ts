/** The managed clouds of docs/repair/clouds.md, each imitated: roles, refusals, policies, TLS. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { takeBackup } from "../../src/repair/backup/take-backup.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { silent } from "../../src/repair/model/events.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { rehearse } from "../../src/repair/rehearse/rehearse.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import { readFinalStatus } from "../../src/repair/verify/final-status.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { applyTo, newday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { usePgBouncer } from "./pgbouncer.ts";
import { findBlocking, findingIds } from "./plan-support.ts";
import { startTlsServer, type TlsServer } from "./tls-server.ts";

const LEGACY_SQL = readFileSync(
  new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url),
  "utf8",
);
const REPAIR = findRepair("wallets");

let server: TlsServer;
beforeAll(async () => {
  server = await startTlsServer();
  await asSuperuser("postgres", HBA);
});
afterAll(() => server.stop());

/** As every one of them demands: only TLS, with a password. */
const HBA = `copy (select 'local all all trust') to program 'cat > pg_hba.conf';
  copy (select 'host all newday all trust') to program 'cat >> pg_hba.conf';
  copy (select 'hostssl all all all scram-sha-256') to program 'cat >> pg_hba.conf';
  select pg_reload_conf()`;

function asSuperuser(database: string, sql: string) {
  const url = server.url.replace("/postgres", `/${database}`);
  return withRepairConnection(url, "fixture", (client) => client.script(sql));
}

/** A function of PostgreSQL that answers as the cloud does; its namesake keeps the original. */
const unsupported = (name: string, returns: string) =>
  `alter function pg_catalog.${name} rename to kept;
   create function pg_catalog.${name} returns ${returns} language plpgsql as
     $f$ begin raise feature_not_supported using message = '${name} is not supported'; end $f$;
   alter function pg_catalog.kept() rename to ${name.replace("()", "")}_kept;`;
const refused = (...names: string[]) =>
  names.map((name) => `revoke execute on function ${name} from public;`).join(" ");

interface Cloud {
  /** The provider's substitute for a superuser, and its rights. */
  readonly admin: string;
  readonly rights: string;
  /** The login of the operator. */
  readonly login: string;
  readonly before?: string;
  /** As the superuser, once the tables are there. */
  readonly after?: string;
  readonly query?: string;
  /** Findings that the plan must have. */
  readonly findings: readonly string[];
}

const SUPABASE_SCHEMAS = `
  create role anon; create role authenticated; create role service_role bypassrls;
  create role supabase_auth_admin; create role supabase_admin superuser;
  create schema auth authorization supabase_auth_admin;
  create table auth.users (id uuid primary key, email text); alter table auth.users owner to supabase_auth_admin;
  create function auth.uid() returns uuid stable language sql as
    $f$ select nullif(current_setting('request.jwt.claim.sub', true), '')::uuid $f$;
  grant usage on schema auth to postgres, anon, authenticated; grant select on auth.users to postgres;
  create schema extensions; create extension citext schema extensions;
  grant usage on schema extensions to public;
  alter role postgres set search_path = "$user", public, extensions;`;
const SUPABASE_RULES = `
  alter table public.wallets enable row level security; alter table public.players enable row level security;
  create policy own on public.wallets for select to authenticated using ((select auth.uid())::text = user_id);
  create policy all_of_service on public.wallets to service_role using (true) with check (true);
  create publication supabase_realtime for table public.wallets;
  create table public.ddl_log (tag text); grant all on public.ddl_log to public;
  create function extensions.pgrst_ddl_watch() returns event_trigger language plpgsql as
    $f$ begin notify pgrst, 'reload schema'; insert into ddl_log values (tg_tag); end $f$;
  create function public.touch() returns trigger language plpgsql as
    $f$ begin perform 1 from players where id = new.user_id::citext; return new; end $f$;
  create trigger touch before insert on public.wallets for each row execute function public.touch();
  create event trigger pgrst_ddl_watch on ddl_command_end execute function extensions.pgrst_ddl_watch();`;

const CLOUDS: Record<string, Cloud> = {
  RDS: {
    admin: "rds_superuser",
    rights: "pg_monitor, pg_signal_backend, pg_checkpoint",
    login: "rds_login",
    after: "create role rdsadmin superuser; revoke select on pg_catalog.pg_authid from public;",
    findings: [],
  },
  Aurora: {
    admin: "aurora_superuser",
    rights: "pg_monitor, pg_signal_backend",
    login: "aurora_login",
    after: `${unsupported("pg_current_wal_lsn()", "pg_lsn")} ${unsupported("pg_last_wal_replay_lsn()", "pg_lsn")}
      ${refused("pg_control_system()", "pg_control_checkpoint()")}`,
    findings: ["W10", "W11"],
  },
  "Cloud SQL": {
    admin: "cloudsqlsuperuser",
    rights: "pg_monitor",
    login: "cloudsql_login",
    after: `create role cloudsqladmin superuser; revoke select on pg_catalog.pg_replication_slots from public;
      ${refused("pg_control_system()", "pg_control_checkpoint()", "pg_stat_clear_snapshot()")}`,
    findings: ["W10", "W11"],
  },
  Supabase: {
    admin: "pgsodium_keyholder",
    rights: "pg_monitor, pg_signal_backend, pg_read_all_data",
    login: "postgres",
    before: `alter role postgres bypassrls; ${SUPABASE_SCHEMAS}`,
    after: SUPABASE_RULES,
    findings: ["W32", "W33", "W45"],
  },
  Neon: {
    admin: "neon_superuser",
    rights: "pg_read_all_data, pg_write_all_data, pg_monitor",
    login: "neondb_owner",
    after: "alter role neondb_owner bypassrls",
    query: "&channel_binding=require",
    findings: [],
  },
  Azure: {
    admin: "azure_pg_admin",
    rights: "pg_monitor, pg_signal_backend",
    login: "azure_login",
    after: `create role azuresu superuser; ${refused("pg_control_system()", "pg_stat_clear_snapshot()")}`,
    findings: ["W10", "W11"],
  },
};

/** A database of the cloud; returns the operator's URL. */
async function useCloud(name: string, cloud: Cloud): Promise<string> {
  const database = name.toLowerCase().replace(" ", "_");
  const { admin, rights, login, before = "", after = "", query = "" } = cloud;
  await asSuperuser(
    "postgres",
    `create role ${admin}; grant ${rights} to ${admin};
     create role ${login} login password 'p:w' createdb createrole in role ${admin}`,
  );
  await asSuperuser("postgres", `create database ${database} owner ${login}`);
  await asSuperuser(
    database,
    `set search_path = public; ${before};
     set role ${login}; ${LEGACY_SQL}; reset role; set search_path = ''; ${after}`,
  );
  const certificate = encodeURIComponent(server.certificate);
  return `postgres://${login}:p%3Aw@127.0.0.1:${server.port}/${database}?sslmode=verify-full&sslrootcert=${certificate}${query}`;
}

describe.each(Object.entries(CLOUDS))("%s", (name, cloud) => {
  it("is planned, backed up, rehearsed, repaired, verified and rolled back", async () => {
    const url = await useCloud(name, cloud);
    const plan = await planOf(url);
    expect(findBlocking(plan)).toEqual([]);
    for (const id of cloud.findings) expect(findingIds(plan)).toContain(id);
    const backup = await takeBackup({ target: url, plan, folder: useFolder(), full: false });
    const { rollbacks } = await rehearse({ backup, tool: "test", emit: silent });
    expect(rollbacks.filter(({ outcome }) => outcome === "failed")).toEqual([]);
    expect((await applyTo(url, plan)).outcome).toBe("repaired");
    const proof = await withRepairConnection(url, "test", (client) => verify(client, REPAIR));
    expect(proof.checks.filter(({ ok }) => ok !== true)).toEqual([]);
    expect((await readFinalStatus(url, REPAIR)).text.en).toContain("ABSENT since");
    const view = await withRepairConnection(url, "test", (client) =>
      readRollback(client, REPAIR, {}),
    );
    const rolled = await runRollback({
      target: url,
      repair: REPAIR,
      view,
      option: "exact",
      emit: silent,
      budgetMs: 20_000,
      operator: "test",
      reason: "test",
    });
    expect(rolled.state).toBe("ROLLED_BACK");
  });
});

it("a server that lets only TLS in says what to add to the URL, in both languages", () => {
  const url = `postgres://rds_login:p%3Aw@127.0.0.1:${server.port}/rds`;
  const english = newday(["plan", "--database-url", url]);
  expect(english.status).toBe(3);
  expect(english.stderr).toContain("no encryption");
  expect(english.stderr).toContain("sslmode=verify-full");
  const chinese = newday(["plan", "--lang", "zh", "--database-url", url]);
  expect(chinese.stderr).toMatch(/[\u4e00-\u9fff].*sslmode=verify-full/su);
});

it("the pooler of Neon, Supabase or Azure is refused with the host to use, in both languages", async () => {
  const pooler = await usePgBouncer(await useLegacyDatabase("pg15"));
  const english = newday(["plan", "--database-url", pooler]);
  expect(english.status).toBe(3);
  expect(english.stderr).toMatch(/B03.*without -pooler.*db\.PROJECT\.supabase\.co:5432/);
  const chinese = newday(["plan", "--lang", "zh", "--database-url", pooler]);
  expect(chinese.stderr).toContain("Neon 用不带 -pooler 的主机");
});
