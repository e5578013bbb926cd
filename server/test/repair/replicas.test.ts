/** Standbys feel the change, too: their long readers are waited for, and the replay is waited for. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { OLD_BLOCKER_MS } from "../../src/repair/drop/lock-timeout-backoff.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { emitter, silent, type RepairEvent } from "../../src/repair/model/events.ts";
import { buildPlan } from "../../src/repair/plan/build-plan.ts";
import { closeReplicas, openReplicas } from "../../src/repair/replicas/replica-link.ts";
import { waitForReplay } from "../../src/repair/replicas/wait-for-replay.ts";
import { applyTo } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";
import { usePrimary, useStandby } from "./standby-server.ts";

const KEYS =
  "select count(*)::int as keys from pg_constraint where conname = 'wallets_user_id_players_id_fk'";

async function usePair() {
  const primary = await usePrimary();
  const standby = await useStandby(primary.server, primary.name);
  return { primary, standby };
}

async function useReader(url: string) {
  const reader = await openDirectClient({
    target: url,
    applicationName: "nightly report",
    connectTimeoutMs: 10_000,
  });
  onTestFinished(() => reader.close());
  await reader.query("begin isolation level repeatable read");
  await reader.query("select count(*) from public.wallets");
  // A young reader is ignored: it has most likely ended when the lock arrives.
  await sleep(2 * OLD_BLOCKER_MS);
  return reader;
}

describe("a named standby", () => {
  it("with a long reader is waited for; then the change is in, and replayed when the apply ends", async () => {
    const { primary, standby } = await usePair();
    const plan = await planOf(primary.url);
    const reader = await useReader(standby.url);
    const blocked = applyTo(primary.url, plan, { replicas: [standby.url], budgetMs: 2_000 });
    await expect(blocked).rejects.toMatchObject({
      code: "repair_blocked",
      message: expect.stringMatching(/standby .*nightly report.*public\.wallets/) as string,
    });
    expect(await primary.db.query(KEYS)).toEqual([{ keys: 1 }]);

    await reader.query("commit");
    const events: RepairEvent[] = [];
    const emit = emitter((event) => events.push(event));
    const applied = await applyTo(primary.url, plan, { replicas: [standby.url], emit });
    expect(applied.outcome).toBe("repaired");
    expect(await standby.db.query(KEYS)).toEqual([{ keys: 0 }]);
    const texts = events.map(({ text }) => text.en).join("\n");
    expect(texts).toContain("replayed by every standby (streaming: 1, named: 1)");
    const [row] = await primary.db.query<{ body: string }>(
      `select body from newday.repair_events where body like '%"kind":"replicas"%'`,
    );
    expect(JSON.parse(row?.body ?? "{}")).toMatchObject({ pending: [] });
  });

  it("that lags is waited for, and what it has not replayed in time is said and not hidden", async () => {
    const { primary, standby } = await usePair();
    const plan = await planOf(primary.url);
    await standby.db.query("select pg_wal_replay_pause()");
    await primary.db.query(
      "create table public.bulk as select repeat('x', 1000) as filler from generate_series(1, 25000)",
    );
    const blocked = applyTo(primary.url, plan, { replicas: [standby.url], budgetMs: 1_500 });
    await expect(blocked).rejects.toThrow(/standby .* MB behind, its replay is paused/);

    const events: RepairEvent[] = [];
    const replay = await withRepairConnection(primary.url, "test", (client) =>
      waitForReplay(
        client,
        [],
        emitter((event) => events.push(event)),
        500,
      ),
    );
    expect(replay?.pending).toHaveLength(1);
    expect(events.at(-1)?.type).toBe("warning");
    await standby.db.query("select pg_wal_replay_resume()");
    const later = await withRepairConnection(primary.url, "test", (client) =>
      waitForReplay(client, [], silent),
    );
    expect(later?.pending).toEqual([]);
    const applied = await applyTo(primary.url, plan, { replicas: [standby.url] });
    expect(applied.outcome).toBe("repaired");
  });

  it("is shown in the plan with its long readers and for how long they may hold the replay", async () => {
    const { primary, standby } = await usePair();
    await useReader(standby.url);
    const plan = await withRepairConnection(primary.url, "plan", async (client) => {
      const replicas = await openReplicas(client, [standby.url]);
      const result = await buildPlan(client, {
        repair: findRepair("wallets"),
        tool: "test",
        environment: "test",
        accepted: new Map(),
        now: new Date(),
        replicas,
      });
      await closeReplicas(replicas);
      return result.plan;
    });
    const words = plan.findings.filter(({ id }) => id === "W64").map(({ evidence }) => evidence.en);
    expect(words.join("\n")).toMatch(/nightly report/);
    expect(words.join("\n")).toContain("max_standby_streaming_delay 30.0 s");
  });
});

it("a synchronous standby that is gone keeps neither an apply nor the tables waiting, and both are told", async () => {
  const primary = await usePrimary();
  await primary.db.query("alter system set synchronous_standby_names = 'gone'");
  await primary.db.query("select pg_reload_conf()");
  await expect
    .poll(() => primary.db.query("show synchronous_standby_names"))
    .toEqual([{ synchronous_standby_names: "gone" }]);
  const plan = await planOf(primary.url);
  expect(plan.findings.find(({ id }) => id === "W64")?.evidence.en).toContain("'gone'");
  const events: RepairEvent[] = [];
  const emit = emitter((event) => events.push(event));
  expect((await applyTo(primary.url, plan, { emit })).outcome).toBe("repaired");
  const warnings = events.filter(({ type }) => type === "warning").map(({ text }) => text.en);
  expect(warnings.join()).toContain("no synchronous standby streams");
});

it("what is no standby, or one of another cluster, is refused as a replica", async () => {
  const { primary, standby } = await usePair();
  const other = await useLegacyDatabase();
  const plan = await planOf(primary.url);
  await expect(applyTo(primary.url, plan, { replicas: [primary.url] })).rejects.toThrow(
    "is no standby",
  );
  const foreign = await planOf(other.url);
  await expect(applyTo(other.url, foreign, { replicas: [standby.url] })).rejects.toThrow(
    "another cluster",
  );
});
