/** The guards inside the transaction, each met by its own fault. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import {
  openRepairConnection,
  readOnly,
  withRepairConnection,
} from "../../src/repair/connection/connection.ts";
import { dropBatchSql, dropWork } from "../../src/repair/drop/drop-batch.ts";
import { HOLD_MS } from "../../src/repair/drop/locked-batch.ts";
import type { BackoffStep } from "../../src/repair/drop/lock-timeout-backoff.ts";
import { openRound } from "../../src/repair/drop/round.ts";
import { SQL_STATE } from "../../src/db/sql-state.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { emitter, silent } from "../../src/repair/model/events.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import type { Plan } from "../../src/repair/model/plan.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import { listBlockers, unblock } from "../../src/repair/apply/unblock.ts";
import type { TestDatabase } from "../support/database.ts";
import { startWireProxy } from "../support/wire-proxy.ts";
import { until } from "../support/until.ts";
import { applyTo, factsOf, holdAsOld, keysOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";
import { useSession } from "./session.ts";

const repair = findRepair("wallets");
/** A backoff step, and its rest when the first lock is granted. */
const [STEP_MS, REST_MS] = [9_000, 4_000];

const HANG = (returns: string, result = "") =>
  `create function public.hang() returns ${returns} language plpgsql as
     'begin perform pg_sleep(20); ${result} end';`;
const HANGING_DDL = `${HANG("event_trigger")}
  create event trigger hang on ddl_command_end when tag in ('ALTER TABLE') execute function public.hang();`;
const HANGING_INSERT = `${HANG("trigger", "return new;")}
  create trigger hang before insert on public.wallets for each row execute function public.hang();`;
const HANGING_CONSTRAINT = `${HANG("trigger", "return null;")}
  create constraint trigger hang after insert on public.wallets deferrable initially deferred
    for each row execute function public.hang();`;

/** Sends the batch as the critical section would, without anything that looks before it. */
function sendBatch(
  { url }: TestDatabase,
  plan: Plan,
  { waitMs = 0, pollMs = 0 }: Partial<BackoffStep>,
): Promise<void> {
  return withRepairConnection(url, "test", async (client) => {
    await client.query("begin");
    const step = { waitMs, pollMs };
    await client.script(
      dropBatchSql({ plan, runId: plan.id, step, holdMs: HOLD_MS, journal: false }),
    );
  });
}

/** Until some session waits for a lock on this table. */
async function untilQueued({ db }: TestDatabase, table: string): Promise<void> {
  const waiters = "select 1 from pg_locks where not granted and relation = $1::regclass";
  await expect.poll(() => db.query(waiters, [table])).toHaveLength(1);
}

describe("the batch", () => {
  it("asks without waiting at all on the first step", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const reader = await useSession(database, "report");
    await reader.query("begin");
    await reader.query("select 1 from public.players");
    // The words of NOWAIT; a wait, however short, ends with "canceling statement".
    await expect(sendBatch(database, plan, {})).rejects.toThrow("could not obtain lock");
  });

  it("D4: polls on the server until all tables are free at once, and never stands in a queue", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    // In opposite orders there is always one that holds a table.
    const [one, other] = [await useSession(database, "one"), await useSession(database, "other")];
    for (const [session, table] of [
      [one, "wallets"],
      [other, "players"],
    ] as const)
      await session.script(`begin; lock table public.${table} in access share mode`);
    let isOver = false;
    const batch = sendBatch(database, plan, { pollMs: STEP_MS }).then(() => (isOver = true));
    const seen = new Set<string>();
    const sampling = (async () => {
      while (!isOver)
        for (const { mode, granted } of await database.db.query<{ mode: string; granted: boolean }>(
          "select mode, granted from pg_locks where relation in ('public.wallets'::regclass, 'public.players'::regclass)",
        ))
          seen.add(granted ? "granted" : `queued ${mode}`);
    })();
    await one.query("commit");
    await sleep(200);
    await one.script("begin; lock table public.wallets in access share mode");
    await other.query("commit");
    await sleep(200);
    expect(await keysOf(database)).toHaveLength(1);
    await one.query("commit");
    await batch;
    await sampling;
    expect(await keysOf(database)).toEqual([]);
    expect([...seen]).not.toContain("queued AccessExclusiveLock");
  });

  it("waits for all locks together no longer than its step, however many hold them in turn", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const [first, second] = [
      await useSession(database, "first"),
      await useSession(database, "second"),
    ];
    for (const session of [first, second]) await session.query("begin");
    await first.query("lock table public.wallets in access share mode");
    await second.query("lock table public.players in access share mode");
    const batch = sendBatch(database, plan, { waitMs: STEP_MS }).catch((error: unknown) => error);
    await untilQueued(database, "public.wallets");
    await sleep(STEP_MS - REST_MS);
    await first.query("commit");
    await untilQueued(database, "public.players");
    const queued = performance.now();
    expect(await batch).toMatchObject({ code: "55P03" });
    // Counted anew for this lock it would be the whole step.
    expect(performance.now() - queued).toBeLessThan((STEP_MS + REST_MS) / 2);
  });

  it("is not even sent while an old transaction holds a lock: no session queues behind a queue", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const reader = await useSession(database, "report");
    await holdAsOld(reader, "select 1 from public.wallets");
    const states: unknown[] = [];
    const emit = emitter(({ type, data }) => {
      if (type === "waiting") states.push(data["state"]);
    });
    const applying = applyTo(database.url, plan, { emit });
    // It is said again once a second.
    await expect.poll(() => states.length).toBeGreaterThan(1);
    await reader.query("commit");
    expect((await applying).outcome).toBe("repaired");
    expect(new Set(states)).toEqual(new Set(["watching"]));
  });

  it("refuses a set of keys that is not the plan's, under the lock", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    await database.db.query(
      "alter table public.wallets add constraint late foreign key (user_id) references public.players (id)",
    );
    await expect(sendBatch(database, plan, { waitMs: 100 })).rejects.toMatchObject({
      code: "ND021",
    });
    expect((await factsOf(database)).keys).toHaveLength(2);
  });

  it.each([
    [
      "a key that comes back in the same moment",
      "alter table public.wallets add constraint orm foreign key (user_id) references public.players (id)",
      { code: "repair_verify_failed", details: { sqlState: "ND022" } },
    ],
    [
      "a unique index that goes with the key",
      "alter table public.wallets drop constraint wallets_user_id_unique",
      { code: "repair_verify_failed", details: { sqlState: "ND023" } },
    ],
    [
      "a table that changes with the key",
      "alter table public.wallets add column surprise int",
      { code: "repair_plan_stale", details: { sqlState: "ND024" } },
    ],
  ])("takes everything back when it meets %s", async (_case, meddling, refusal) => {
    const database = await useLegacyDatabase(
      "pg15",
      `create function public.meddle() returns event_trigger language plpgsql as $f$
         begin
           if coalesce(current_setting('test.meddled', true), '') = '' then
             perform set_config('test.meddled', 'yes', true);
             ${meddling};
           end if;
         end $f$;
       create event trigger meddle on ddl_command_end when tag in ('ALTER TABLE')
         execute function public.meddle();`,
    );
    const before = await factsOf(database);
    await expect(applyTo(database.url, await planOf(database.url))).rejects.toMatchObject(refusal);
    expect(await factsOf(database)).toEqual(before);
  });

  it("D8: bounds the time under the locks alone: a longer wait for them is no reason to cancel", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const reader = await useSession(database, "report");
    await reader.script("begin; lock table public.wallets in access share mode");
    const batch = sendBatch(database, plan, { waitMs: STEP_MS });
    await untilQueued(database, "public.wallets");
    await sleep(HOLD_MS + 200);
    await reader.query("commit");
    await batch;
    expect(await keysOf(database)).toEqual([]);
  });

  it.each([
    ["a trigger on DDL", HANGING_DDL],
    ["a trigger of the table", HANGING_INSERT],
    ["a deferred trigger of the table", HANGING_CONSTRAINT],
  ])("D8: is ended by the server when %s takes far too long", async (_what, hanging) => {
    const database = await useLegacyDatabase("pg15", hanging);
    const refusal = applyTo(database.url, await planOf(database.url));
    await expect(refusal).rejects.toThrow("statement timeout");
    await expect(refusal).rejects.toMatchObject({
      code: "repair_blocked",
      details: { holdMs: HOLD_MS },
    });
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it("stands in a transaction that the server ends by itself where it knows how", async () => {
    const database = await useLegacyDatabase("pg18");
    const plan = await planOf(database.url);
    const [row] = await withRepairConnection(database.url, "test", async (client) => {
      await openRound(client, dropWork(plan, { runId: plan.id, journal: false }));
      return client.query(
        `select current_setting('transaction_timeout') as whole,
                current_setting('statement_timeout') as statement`,
      );
    });
    expect(row).toEqual({ whole: "1min", statement: "10s" });
  });

  it("gives way by its lock timeout, which is shorter than a statement's, where the fence is kept", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const other = await useSession(database, "other migration");
    await other.script("begin; lock table public.wallets in share update exclusive mode");
    const opening = withRepairConnection(database.url, "test", (client) =>
      openRound(client, dropWork(plan, { runId: plan.id, journal: false })),
    );
    await expect(opening).rejects.toMatchObject({ code: SQL_STATE.lockNotAvailable });
  });

  it("spends its budget politely while other maintenance keeps the fence", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const other = await useSession(database, "other migration");
    await other.query("begin");
    await other.query("lock table public.wallets in share update exclusive mode");
    const refusal = applyTo(database.url, plan, { budgetMs: 3_000 });
    await expect(refusal).rejects.toMatchObject({ code: "repair_blocked" });
    await expect(refusal).rejects.toThrow(/budget .* spent.*other migration/);
    expect((await factsOf(database)).keys).toHaveLength(1);
  });
});

it.each(["pg15", "pg18"] as const)(
  "a statement whose client is gone is ended by the server, also while it waits, on %s",
  async (server) => {
    const database = await useLegacyDatabase(server);
    const line = await startWireProxy({ server: database.server });
    const client = await openRepairConnection(
      `postgres://${database.server.user}@127.0.0.1:${line.port}/${database.name}`,
      "deserted",
    );
    const waiting = client.query("select pg_sleep(60)").catch((error: unknown) => error);
    const sessions =
      "select 1 from pg_stat_activity where application_name like '%deserted' and state = 'active'";
    await until(async () => (await database.db.query(sessions)).length > 0);
    await line.close();
    await waiting;
    const deadline = Date.now() + 20_000;
    while ((await database.db.query(sessions)).length > 0 && Date.now() < deadline) await sleep(50);
    expect(await database.db.query(sessions)).toEqual([]);
  },
);

it("what only looks cannot write, because the server forbids it", async () => {
  const { url } = await useLegacyDatabase();
  const writing = withRepairConnection(url, "test", (client) =>
    readOnly(client, () => client.query("delete from public.wallets")),
  );
  await expect(writing).rejects.toMatchObject({ code: "25006" });
});

it("a row that is taken out of the journal breaks its chain", async () => {
  const { db, url } = await useLegacyDatabase();
  await applyTo(url, await planOf(url));
  await db.query("alter table newday.repair_events disable trigger user");
  await db.query("delete from newday.repair_events where seq = 3");
  expect((await readEvents(db)).filter(({ intact }) => !intact)).toHaveLength(1);
});

describe("a rollback", () => {
  async function goBack(database: TestDatabase, option: "exact" | "quarantine", between: string) {
    await applyTo(database.url, await planOf(database.url));
    await database.db.query("insert into public.wallets (user_id) select 'stranger' where $1", [
      option === "quarantine",
    ]);
    const view = await withRepairConnection(database.url, "test", (client) =>
      readRollback(client, repair),
    );
    await database.db.query(between);
    return runRollback({
      target: database.url,
      repair,
      view,
      option,
      emit: silent,
      budgetMs: 10_000,
      operator: "test",
      reason: "test",
    });
  }

  it("says that the key is there already when another session was faster", async () => {
    const database = await useLegacyDatabase();
    const faster =
      "alter table public.wallets add constraint wallets_user_id_players_id_fk foreign key (user_id) references public.players (id)";
    await expect(goBack(database, "exact", faster)).rejects.toMatchObject({
      code: "rollback_refused",
      details: { sqlState: "ND011" },
    });
  });

  it("moves no user when fewer rows left the table than were copied", async () => {
    const database = await useLegacyDatabase();
    const keeper = `do $do$ begin
      create function public.keep() returns trigger language plpgsql as 'begin return null; end';
      create trigger keep before delete on public.wallets for each row execute function public.keep();
    end $do$`;
    await expect(goBack(database, "quarantine", keeper)).rejects.toMatchObject({
      code: "rollback_refused",
      details: { sqlState: "ND012" },
    });
    expect((await factsOf(database)).wallets).toBe(183);
  });
});

describe("unblock", () => {
  it("ends the session that was named by pid and start, and no other that has got its pid", async () => {
    const database = await useLegacyDatabase();
    const reader = await useSession(database, "forgotten psql");
    await reader.query("begin");
    await reader.query("select 1 from public.wallets");
    await withRepairConnection(database.url, "test", async (client) => {
      const [blocker] = await listBlockers(client, repair);
      const request = {
        repair,
        schema: undefined,
        reason: "3 a.m.",
        operator: "test",
        terminate: true,
        pid: blocker?.pid ?? 0,
        started: blocker?.backendStart ?? "",
      };
      expect(blocker?.application).toBe("forgotten psql");
      await expect(
        unblock(client, { ...request, started: "2020-01-01 00:00:00+00" }),
      ).rejects.toMatchObject({ code: "repair_refused" });
      expect(await reader.query("select 1 as one")).toEqual([{ one: 1 }]);
      await unblock(client, request);
      await expect(reader.query("select 1")).rejects.toThrow();
      const told = (await readEvents(database.db)).map(({ kind, body }) => [
        kind,
        (JSON.parse(body) as { status: string }).status,
      ]);
      expect(told).toEqual([
        ["unblock", "intent"],
        ["unblock", "done"],
      ]);
    });
  });

  it("does not end a session that holds no lock of the repair", async () => {
    const database = await useLegacyDatabase();
    const other = await useSession(database, "somebody else");
    const [own] = await other.query<{ pid: number; started: string }>(
      "select pid, backend_start::text as started from pg_stat_activity where pid = pg_backend_pid()",
    );
    await withRepairConnection(database.url, "test", (client) =>
      expect(
        unblock(client, {
          repair,
          schema: undefined,
          reason: "x",
          operator: "test",
          terminate: true,
          pid: own?.pid ?? 0,
          started: own?.started ?? "",
        }),
      ).rejects.toMatchObject({ code: "repair_refused" }),
    );
    expect(await other.query("select 1 as one")).toEqual([{ one: 1 }]);
  });
});
