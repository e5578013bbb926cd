import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { silent } from "../../src/repair/model/events.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import type { TestDatabase } from "../support/database.ts";
import { isCutBatch, startWireProxy } from "../support/wire-proxy.ts";
import { applyTo, factsOf, LEGACY_SUMS } from "../repair/apply-support.ts";
import { planOf } from "../repair/legacy.ts";
import { findingIds } from "../repair/plan-support.ts";
import { faultsOf, sweepRevoked, sweepUnsupported } from "../repair/refusal-sweep.ts";
import { legacyOn, startVersion, type Major, type VersionServer } from "./version-server.ts";

async function isRefusedWithin(db: Database, lockTimeoutMs: number, sql: string): Promise<boolean> {
  try {
    await db.transaction((tx) => tx.query(sql), { lockTimeoutMs });
    return false;
  } catch (error) {
    expect(error).toMatchObject({ code: "database_busy" });
    return true;
  }
}

/** The checks of one version: a file each, so that two versions are checked side by side. */
export function checkVersion(major: Major): void {
  describe(`PostgreSQL ${major}`, () => checkOn(major));
}

function checkOn(major: Major): void {
  let server: VersionServer | undefined;
  beforeAll(async () => {
    server = await startVersion(major);
  });
  afterAll(() => server?.stop());

  async function useLegacy(): Promise<TestDatabase> {
    if (!server) throw new Error("no server");
    const database = await legacyOn(server);
    onTestFinished(() => database.drop());
    return database;
  }

  it("is repaired behind a long reader, with every row and sum as before", async () => {
    const database = await useLegacy();
    const before = await factsOf(database);
    const plan = await planOf(database.url);
    expect(Math.floor(plan.target.versionNumber / 10_000)).toBe(major);
    const reader = await openDirectClient({
      target: database.url,
      applicationName: "report",
      connectTimeoutMs: 10_000,
    });
    await reader.query("begin");
    await reader.query("select 1 from public.players");
    const applying = applyTo(database.url, plan);
    await sleep(800);
    await reader.query("commit");
    await reader.close();
    expect((await applying).outcome).toBe("repaired");
    expect(await factsOf(database)).toEqual({ ...before, keys: [], sums: LEGACY_SUMS });
    expect((await readEvents(database.db)).every(({ intact }) => intact)).toBe(true);
  });

  it("opens all paths, goes back exactly, and is repaired again", async () => {
    const database = await useLegacy();
    const repair = findRepair("all-user-paths");
    await applyTo(database.url, await planOf(database.url, repair.id));
    const view = await withRepairConnection(database.url, "test", (client) =>
      readRollback(client, repair),
    );
    const request = { target: database.url, repair, view, emit: silent, budgetMs: 20_000 };
    const extra = { operator: "test", reason: undefined, option: "exact" } as const;
    expect(await runRollback({ ...request, ...extra })).toMatchObject({ state: "ROLLED_BACK" });
    const again = await planOf(database.url, repair.id);
    expect(again.keys).toHaveLength(8);
    expect((await applyTo(database.url, again)).outcome).toBe("repaired");
  });

  it("evicts an autovacuum worker that works on the table, which short waits alone never do", async () => {
    const database = await useLegacy();
    const { db } = database;
    await db.query(
      `do $$ begin
         if not exists (select from pg_roles where rolname = 'keeper') then create role keeper login; end if;
       end $$`,
    );
    await db.query("grant select on all tables in schema public to keeper");
    await db.query(
      `alter table public.wallets set (autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1,
         autovacuum_vacuum_threshold = 1, autovacuum_vacuum_scale_factor = 0)`,
    );
    await db.query(
      "insert into players (id, nickname) select 'p' || n, 'x' from generate_series(1, 20000) n",
    );
    await db.query(
      "insert into wallets (user_id) select 'p' || n from generate_series(1, 20000) n",
    );
    await db.query("update wallets set game_coins = game_coins + 1");
    const plan = await planOf(database.url);
    const worker = `select count(*)::int as n from pg_stat_activity a join pg_locks l using (pid)
      where a.backend_type = 'autovacuum worker' and l.relation = 'public.wallets'::regclass and l.granted`;
    const untilWorks = async () => {
      for (let seen = 0; seen === 0; await sleep(50))
        seen = (await db.query<{ n: number }>(worker))[0]?.n ?? 0;
    };

    // A role without monitoring rights must not take the worker for a migration; a worker with
    // little to do may be gone before the plan's query.
    let findings: string[] = [];
    while (!findings.includes("W63")) {
      await untilWorks();
      findings = findingIds(await planOf(database.url.replace("newday@", "keeper@")));
      expect(findings).not.toContain("B66");
    }

    // A worker that ended by itself meanwhile counts its run; an evicted one counts none.
    const runs = async () =>
      (
        await db.query<{ n: number }>(
          "select autovacuum_count::int as n from pg_stat_user_tables where relid = 'public.wallets'::regclass",
        )
      )[0]?.n ?? 0;
    for (let refused = false; !refused;) {
      const before = await runs();
      await untilWorks();
      refused = await isRefusedWithin(
        db,
        250,
        "lock table public.wallets in access exclusive mode",
      );
      if (refused) break;
      expect(await runs()).toBeGreaterThan(before);
      await db.query("update wallets set game_coins = game_coins + 1");
    }
    await untilWorks();
    expect((await applyTo(database.url, plan)).outcome).toBe("repaired");
  });

  it("A1: names every function and view that the server refuses", async () => {
    expect(faultsOf(await sweepRevoked(await useLegacy()))).toEqual([]);
    expect(faultsOf(await sweepUnsupported(await useLegacy()))).toEqual([]);
  });

  it("A17: finds a row that the table's own rules accept", async () => {
    const database = await useLegacy();
    await withRepairConnection(database.url, "fixture", (client) =>
      client.script(`alter table public.wallets add code text, add span int4range;
        update public.wallets w set code = 'AB-' || lpad(r.n::text, 4, '0'), span = int4range(r.n, r.n + 1)
          from (select id, row_number() over (order by id)::int as n from public.wallets) r where r.id = w.id;
        alter table public.wallets alter code set not null, alter span set not null,
          add lowered text generated always as (lower(code)) stored unique,
          add check (code ~ '^[A-Z]{2}-[0-9]{4}$'), add exclude using gist (span with &&)`),
    );
    expect((await applyTo(database.url, await planOf(database.url))).outcome).toBe("repaired");
  });

  it("tells whether it committed when the answer to COMMIT was lost", async () => {
    const database = await useLegacy();
    const plan = await planOf(database.url);
    const proxy = await startWireProxy({
      server: database.server,
      judge: (chunk) => (isCutBatch(chunk) ? "lose-commit" : "pass"),
    });
    onTestFinished(() => proxy.close());
    const url = `postgres://${database.server.user}@127.0.0.1:${proxy.port}/${database.name}`;
    expect((await applyTo(url, plan)).outcome).toBe("repaired");
    expect((await factsOf(database)).keys).toEqual([]);
  });
}
