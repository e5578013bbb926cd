import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { DirectClient } from "../../src/db/driver/direct-client.ts";
import {
  afterStep,
  backoffStepFor,
  longestWait,
  NOT_ASKED,
} from "../../src/repair/drop/lock-timeout-backoff.ts";
import { redactQuery } from "../../src/repair/drop/blocker-queries.ts";
import { emitter, type RepairEvent } from "../../src/repair/model/events.ts";
import { applyTo, factsOf, holdAsOld } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";
import { useOwner } from "./owner.ts";
import { useSession } from "./session.ts";

/** Against hanging: where many come and go, a slow machine needs many attempts. */
const CONTENDED_BUDGET_MS = 120_000;

async function readWallets(session: DirectClient): Promise<void> {
  await session.query("begin");
  await session.query("select 1 from public.wallets limit 1");
}

/** A run's messages while it waits; `first` is called at the first of them. */
function waitingEvents(first: () => void = () => undefined) {
  const waiting: RepairEvent[] = [];
  const emit = emitter((event) => {
    if (event.type !== "waiting") return;
    waiting.push(event);
    if (waiting.length === 1) first();
  });
  return { waiting, emit };
}

describe.each(["pg15", "pg18"] as const)("locks on %s", (server) => {
  it("waits for a long reader without making any request queue behind it", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const reader = await useSession(database, "report");
    const game = await useSession(database, "game");
    await holdAsOld(reader, "select count(*) from public.players");
    // The server's own measure of a wait in a queue: a slow machine does not add to it. Half of a
    // deadlock_timeout would mean that a session queued.
    await game.query("set lock_timeout = '500ms'");
    const { waiting, emit } = waitingEvents();
    const applying = applyTo(database.url, plan, { emit });
    for (let requests = 0; waiting.length === 0 || requests < 100; requests++) {
      await game.query(
        "update public.wallets set game_coins = game_coins where user_id = 'user-001'",
      );
      await game.query("select 1 from public.players where id = 'user-001'");
      await sleep(10);
    }
    await reader.query("commit");

    expect((await applying).outcome).toBe("repaired");
    expect(waiting[0]?.text.en).toContain("report");
    expect(waiting[0]?.text.en).toContain("AccessShareLock on public.players");
  });

  it("ends in 'not now', with nothing changed, when the budget is spent, and names who blocked", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const before = await factsOf(database);
    const reader = await useSession(database, "forgotten psql");
    await reader.query("begin");
    await reader.query("select 1 from public.wallets");
    await expect(applyTo(database.url, plan, { budgetMs: 1_500 })).rejects.toMatchObject({
      code: "repair_blocked",
      message: expect.stringContaining("forgotten psql") as string,
    });
    expect(await factsOf(database)).toEqual(before);
    const [held] = await database.db.query(
      "select count(*)::int as locks from pg_locks l join pg_stat_activity a using (pid) where a.application_name like 'newday-repair%' and a.datname = current_database()",
    );
    expect(held).toEqual({ locks: 0 });
    await reader.query("commit");
    expect((await applyTo(database.url, plan)).outcome).toBe("repaired");
  });

  it("names a prepared transaction, which no session stands for", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const session = await useSession(database, "two-phase");
    await session.query("begin");
    await session.query(
      "update public.wallets set game_coins = game_coins where user_id = 'user-001'",
    );
    await session.query(`prepare transaction 'forgotten ${database.name}'`);
    try {
      await expect(applyTo(database.url, plan, { budgetMs: 1_000 })).rejects.toThrow(
        `forgotten ${database.name}`,
      );
    } finally {
      await session.query(`rollback prepared 'forgotten ${database.name}'`);
    }
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it("gets through clients that lock in both orders, and costs none of them an error", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const state = { stopped: false };
    const clients = Array.from({ length: 6 }, async (_, at) => {
      const client = await useSession(database, `game ${at}`);
      const id = `user-00${(at % 5) + 1}`;
      const touch = [
        "select game_coins from public.wallets where user_id = $1",
        "select nickname from public.players where id = $1",
      ];
      while (!state.stopped) {
        await client.query("begin");
        for (const text of at % 2 === 0 ? touch : touch.toReversed())
          await client.query(text, [id]);
        await client.query("commit");
        await sleep(2);
      }
    });
    const { outcome } = await applyTo(database.url, plan, { budgetMs: CONTENDED_BUDGET_MS });
    state.stopped = true;
    await Promise.all(clients);
    expect(outcome).toBe("repaired");
  });

  it("goes on in the same round after an attempt that gave way to a young transaction", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const [one, other] = [await useSession(database, "one"), await useSession(database, "other")];
    let gaveWay = false;
    const emit = emitter(({ type, data }) => {
      if (type === "waiting" && data["state"] === "attempt") gaveWay = true;
    });
    await readWallets(one);
    const applying = applyTo(database.url, plan, { emit, budgetMs: CONTENDED_BUDGET_MS });
    // In turns, so that there is always a young reader and never an old one.
    for (let [reads, waits] = [one, other]; !gaveWay; [reads, waits] = [waits, reads]) {
      await readWallets(waits);
      await reads.query("commit");
      await sleep(100);
    }
    for (const session of [one, other]) await session.query("commit");
    expect((await applying).outcome).toBe("repaired");
  });

  it("D4: names no session whose transaction is milliseconds old when the budget is spent", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const [one, other] = [await useSession(database, "one"), await useSession(database, "other")];
    await readWallets(one);
    const state = { isOver: false };
    const refusal = applyTo(database.url, plan, { budgetMs: 2_000 })
      .catch((error: unknown) => error)
      .finally(() => (state.isOver = true));
    for (let [reads, waits] = [one, other]; !state.isOver; [reads, waits] = [waits, reads]) {
      await readWallets(waits);
      await reads.query("commit");
      await sleep(20);
    }
    expect(await refusal).toMatchObject({
      code: "repair_blocked",
      message: expect.stringContaining("short transactions, one after another") as string,
    });
  });

  it("D4: recognises a long reader whose age its role may not see, and does not queue behind it", async () => {
    const database = await useLegacyDatabase(server);
    const url = await useOwner(database);
    const plan = await planOf(url);
    const reader = await useSession(database, "hidden report");
    await reader.query("begin");
    await reader.query("select 1 from public.wallets");
    const states = new Set<unknown>();
    const emit = emitter(({ type, data }) => {
      if (type === "waiting") states.add(data["state"]);
    });
    const applying = applyTo(url, plan, { emit });
    await expect.poll(() => [...states]).toContain("watching");
    await reader.query("commit");
    expect((await applying).outcome).toBe("repaired");
  });

  it("takes its turn with a deletion that cascades from players to wallets", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const session = await useSession(database, "cleanup");
    await session.query("begin");
    await session.query("delete from public.wallets where user_id = 'user-001'");
    const { waiting, emit } = waitingEvents();
    const applying = applyTo(database.url, plan, { emit });
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    await session.query("update public.players set nickname = 'gone' where id = 'user-001'");
    await session.query("commit");
    expect((await applying).outcome).toBe("repaired");
  });

  it("lets only one runner at a time near a database", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const reader = await useSession(database, "report");
    await holdAsOld(reader, "select 1 from public.wallets");
    const { waiting, emit } = waitingEvents();
    const first = applyTo(database.url, plan, { emit });
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    await expect(applyTo(database.url, plan)).rejects.toThrow("Another repair runs");
    await reader.query("commit");
    expect((await first).outcome).toBe("repaired");
  });

  it("fences other DDL while it tries, and gives way to DDL that was first", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const other = await useSession(database, "other migration");
    await other.query("begin");
    await other.query("lock table public.wallets in share update exclusive mode");
    const { waiting, emit } = waitingEvents();
    const applying = applyTo(database.url, plan, { emit });
    await expect.poll(() => waiting.length).toBeGreaterThan(0);
    await other.query("rollback");
    expect((await applying).outcome).toBe("repaired");
  });

  it("stops between two attempts when it is told to, and changes nothing", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const reader = await useSession(database, "report");
    await reader.query("begin");
    await reader.query("select 1 from public.wallets");
    const controller = new AbortController();
    const { emit } = waitingEvents(() => controller.abort());
    const applying = applyTo(database.url, plan, { signal: controller.signal, emit });
    await expect(applying).rejects.toThrow("Stopped before the change");
    expect((await factsOf(database)).keys).toHaveLength(1);
  });
});

/** The steps of a run whose every attempt fails, each taking all of its time. */
function failingSteps(deadlockTimeoutMs: number, untilMs: number) {
  const steps: { readonly waitMs: number; readonly pollMs: number; readonly atMs: number }[] = [];
  for (let contention = NOT_ASKED; contention.askedMs < untilMs;) {
    const step = backoffStepFor(contention, deadlockTimeoutMs);
    steps.push({ ...step, atMs: contention.askedMs });
    contention = afterStep(contention, step, Math.max(1, step.waitMs, step.pollMs));
  }
  return steps;
}

describe("the backoff", () => {
  it("never waits as long as the server's deadlock check, whatever that is set to", () => {
    for (const deadlockTimeoutMs of [10, 50, 200, 1_000, 60_000])
      for (const { waitMs } of failingSteps(deadlockTimeoutMs, 120_000))
        expect(waitMs).toBeLessThanOrEqual(Math.min(250, deadlockTimeoutMs / 2));
    expect(longestWait(1_000)).toBe(250);
  });

  it("D4: polls before and between all waits, and no wait of its first 20 s is noticed", () => {
    const steps = failingSteps(1_000, 60_000);
    const waits = steps.filter(({ waitMs }) => waitMs > 0);
    expect(steps[0]).toMatchObject({ waitMs: 0, atMs: 0 });
    for (const [at, { atMs }] of waits.entries())
      expect(atMs - (waits[at - 1]?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000);
    for (const { waitMs } of waits.filter(({ atMs }) => atMs < 20_000))
      expect(waitMs).toBeLessThanOrEqual(50);
    expect(waits.at(-1)?.waitMs).toBe(250);
  });

  it("polls again for less than a second when an attempt ended at once", () => {
    const step = { waitMs: 0, pollMs: 400 };
    expect(backoffStepFor(afterStep(NOT_ASKED, step, 3), 1_000)).toMatchObject({ waitMs: 0 });
  });
});

describe("what is shown of a blocker's query", () => {
  it("holds no literal, number or quoted text", () => {
    const shown = redactQuery(
      "update wallets set cash = 4711.50, note = 'Mrs O''Hara', x = $$secret$$, y = E'a\\'b' where id=$1 and v2 = 42",
    );
    expect(shown).not.toMatch(/4711|Hara|secret|a\\'b|42/);
    expect(shown).toContain("update wallets set cash = …");
    expect(shown).toContain("$1");
  });
});
