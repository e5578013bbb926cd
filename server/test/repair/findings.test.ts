/** The preflight's view of a database's connection, activity and surroundings. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { isManyServers, reachOf } from "../../src/repair/model/endpoint.ts";
import type { Blocker } from "../../src/repair/drop/blocker-queries.ts";
import { connectionFindings } from "../../src/repair/plan/connection-findings.ts";
import { blockerFinding } from "../../src/repair/plan/load-findings.ts";
import { buildPlan, type PlanRequest } from "../../src/repair/plan/build-plan.ts";
import type { Plan } from "../../src/repair/model/plan.ts";
import type { Target } from "../../src/repair/model/target-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { startWireProxy } from "../support/wire-proxy.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";
import { findBlocking, findingIds } from "./plan-support.ts";

function planWith(url: string, request: Partial<PlanRequest>): Promise<Plan> {
  return withRepairConnection(url, "plan", async (client) => {
    const { plan } = await buildPlan(client, {
      repair: findRepair("wallets"),
      tool: "0.0.0-test",
      accepted: new Map(),
      now: new Date(),
      ...request,
    });
    return plan;
  });
}

function severityOf(plan: Plan, id: string): string | undefined {
  return plan.findings.find((finding) => finding.id === id)?.severity;
}

async function useSession({ url }: TestDatabase, applicationName: string, begin: string) {
  const session = await openDirectClient({
    target: url,
    applicationName,
    connectTimeoutMs: 10_000,
  });
  onTestFinished(() => session.close());
  await session.script(`begin; ${begin}`);
  return session;
}

describe("who is at the tables", () => {
  it("warns of a long transaction, and is stopped by one that is stuck and by an abandoned prepared one", async () => {
    const database = await useLegacyDatabase();
    const reader = await useSession(database, "report", "select 1 from public.wallets");
    const twoPhase = await useSession(database, "two-phase", "select 1 from public.players");
    const gid = `left over ${database.name}`;
    await twoPhase.query(`prepare transaction '${gid}'`);
    try {
      await sleep(2_200);
      const early = await planOf(database.url);
      expect(severityOf(early, "B60")).toBe("warn");
      expect(findBlocking(early)).toEqual(["B61"]);
      expect(early.findings.find(({ id }) => id === "B61")?.evidence.en).toContain(gid);
    } finally {
      await twoPhase.query(`rollback prepared '${gid}'`);
    }
    await sleep(8_000);
    expect(findBlocking(await planOf(database.url))).toEqual(["B60"]);
    const accepted = await planOf(database.url, "wallets", new Map([["B60", "it ends at noon"]]));
    expect(findBlocking(accepted)).toEqual([]);
    await reader.query("commit");
    expect(findingIds(await planOf(database.url))).not.toContain("B60");
  });

  it("is stopped by a dump, when it plans and again when it applies", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const dump = await useSession(database, "pg_dump", "select 1 from public.wallets");
    expect(findBlocking(await planOf(database.url))).toEqual(["B62"]);
    await expect(applyTo(database.url, plan)).rejects.toMatchObject({
      code: "repair_refused",
      details: { finding: "B62" },
    });
    expect((await factsOf(database)).keys).toHaveLength(1);
    await dump.query("commit");
    expect((await applyTo(database.url, plan)).outcome).toBe("repaired");
  });

  it("is stopped by another migration, and looks at nothing while one waits for the whole table", async () => {
    const database = await useLegacyDatabase();
    const lock = "lock table public.wallets in share update exclusive mode";
    const holder = await useSession(database, "other migration", lock);
    expect(findBlocking(await planOf(database.url))).toEqual(["B66"]);
    await holder.query("rollback");
    const reader = await useSession(database, "game", "select 1 from public.wallets");
    const waiter = await useSession(database, "queued migration", "select 1");
    const altering = waiter.query("alter table public.wallets add column note text");
    const queued =
      "select 1 from pg_locks where not granted and relation = 'public.wallets'::regclass";
    await expect.poll(() => database.db.query(queued)).toHaveLength(1);
    const plan = await planOf(database.url).catch((error: unknown) => error);
    await reader.query("rollback");
    await altering;
    await waiter.query("rollback");
    // Even a query would have to queue behind it; the tool then names the blocker.
    expect(plan).toMatchObject({
      code: "repair_blocked",
      message: expect.stringContaining("queued migration") as string,
    });
  });

  it("is stopped where production was named and no client is there, and warned where it was inferred", async () => {
    const database = await useLegacyDatabase();
    const named = await planWith(database.url, { environment: "production" });
    expect(findBlocking(named)).toEqual(["B05"]);
    expect(severityOf(await planWith(database.url, {}), "B05")).toBe("warn");
    expect(findingIds(await planOf(database.url))).not.toContain("B05");
    await useSession(database, "game", "select 1");
    const alive = await planWith(database.url, { environment: "production" });
    expect(findingIds(alive)).not.toContain("B05");
  });

  it("counts a timeout of the role by whether a round of attempts fits into it", async () => {
    const database = await useLegacyDatabase();
    const set = (value: string) =>
      database.db.query(`alter database ${database.name} set statement_timeout = '${value}'`);
    await set("5s");
    expect(findBlocking(await planOf(database.url))).toEqual(["B44"]);
    await set("1min");
    expect(severityOf(await planOf(database.url), "B44")).toBe("warn");
  });
});

describe("the named targets", () => {
  async function targetFor({ url }: TestDatabase, facts: Partial<Target>): Promise<Target> {
    const { target, keys } = await planOf(url);
    return {
      name: "live",
      environment: "test",
      database: target.database,
      schema: target.schema,
      serverMajor: 15,
      keys: keys.map(({ table, name }) => `${table} "${name}"`),
      ...facts,
    };
  }

  it("stop a plan on a database that does not say what it is, until it is marked", async () => {
    const database = await useLegacyDatabase();
    const expected = await targetFor(database, {});
    const request = { environment: "test", expected };
    expect(findBlocking(await planWith(database.url, request))).toEqual(["B06"]);
    await database.db.query(`alter database ${database.name} set newday.environment = 'test'`);
    expect(findBlocking(await planWith(database.url, request))).toEqual([]);
  });

  it("warn of another timeline, and of keys that are called otherwise elsewhere", async () => {
    const database = await useLegacyDatabase();
    await database.db.query(`alter database ${database.name} set newday.environment = 'test'`);
    const expected = await targetFor(database, { timeline: 7 });
    const staging = await targetFor(database, { name: "staging", keys: ['public.wallets "fk_1"'] });
    const plan = await planWith(database.url, { expected, others: [expected, staging] });
    expect(findBlocking(plan)).toEqual([]);
    expect(severityOf(plan, "W07")).toBe("warn");
    const names = plan.findings.filter(({ id }) => id === "W25");
    expect(names.map(({ evidence }) => evidence.en)).toEqual([
      expect.stringContaining('staging: public.wallets "fk_1"') as string,
    ]);
  });

  it("do not warn of names when the other target was pinned with another repair", async () => {
    const database = await useLegacyDatabase();
    await database.db.query(`alter database ${database.name} set newday.environment = 'test'`);
    const expected = await targetFor(database, {});
    const [wallets = ""] = expected.keys ?? [];
    const elsewhere = { name: "staging", keys: [wallets, 'public.another_table "fk_2"'] };
    const staging = await targetFor(database, elsewhere);
    const plan = await planWith(database.url, { expected, others: [staging] });
    expect(plan.findings.map(({ id }) => id)).not.toContain("W25");
  });
});

describe("the line", () => {
  const certificate = "AA:BB";
  const severity = (address: string | undefined, environment: string, shown?: string) => {
    const peer = { host: "db.example", address, certificate: shown };
    const endpoint = { host: "db.example", addresses: [], certificate: shown };
    return connectionFindings({ peer, endpoint, environment, isNamed: true }).map(
      (finding) => `${finding.id} ${finding.severity}`,
    );
  };

  it("must be encrypted where others could listen, and for production wherever it leaves the machine", () => {
    expect(severity("203.0.113.5", "staging")).toEqual(["B08 block"]);
    expect(severity("10.0.0.5", "staging")).toEqual(["B08 warn"]);
    expect(severity("10.0.0.5", "production")).toEqual(["B08 block"]);
    expect(severity("203.0.113.5", "production", certificate)).toEqual([]);
    expect(severity("127.0.0.1", "production")).toEqual([]);
    expect(severity(undefined, "production")).toEqual([]);
  });

  it("must lead to one server (B09)", () => {
    const peer = { host: "db.example", address: "192.0.2.1", certificate };
    const endpoint = { host: "db.example", addresses: ["192.0.2.1", "192.0.2.2"], certificate };
    const found = connectionFindings({ peer, endpoint, environment: "test", isNamed: true });
    expect(found).toMatchObject([{ id: "B09", severity: "block" }]);
  });
});

describe("an autovacuum", () => {
  it("is evicted and only shown, unless it works against wraparound and never gives way", () => {
    const blocker: Blocker = {
      pid: 1,
      backendStart: null,
      application: "",
      role: null,
      state: "active",
      ageMs: 60_000,
      relation: "public.wallets",
      mode: "ShareUpdateExclusiveLock",
      query: null,
      kind: "autovacuum",
      preparedName: null,
      wraparound: false,
    };
    expect(blockerFinding(blocker)).toMatchObject([{ id: "W63", severity: "warn" }]);
    expect(blockerFinding({ ...blocker, wraparound: true })).toMatchObject([
      { id: "W63", severity: "block" },
    ]);
  });
});

describe("the shape of keys and columns", () => {
  const column = (type: string) => `alter table public.wallets
    drop constraint wallets_user_id_players_id_fk, alter column user_id type ${type};
    alter table public.wallets add constraint fk foreign key (user_id) references public.players (id)`;

  it("stops where a partner's id of 255 characters has no room, until the operator says that theirs fit", async () => {
    const short = await useLegacyDatabase("pg15", column("varchar(36)"));
    expect(findBlocking(await planOf(short.url))).toEqual(["B26"]);
    const accepted = await planOf(short.url, "wallets", new Map([["B26", "ids have 20"]]));
    expect(findBlocking(accepted)).toEqual([]);
    const wide = await useLegacyDatabase("pg15", column("varchar(255)"));
    expect(findBlocking(await planOf(wide.url))).toEqual([]);
  });

  it("shows a key that is deferrable, and does not stop for it", async () => {
    const { url } = await useLegacyDatabase(
      "pg15",
      "alter table public.wallets alter constraint wallets_user_id_players_id_fk deferrable",
    );
    const plan = await planOf(url);
    expect(severityOf(plan, "B22")).toBe("warn");
    expect(findBlocking(plan)).toEqual([]);
  });
});

describe("the cluster's identifier", () => {
  it("that a provider hides makes the fingerprint weaker, and the plan says so", async () => {
    const { db, name, url } = await useLegacyDatabase();
    const role = `r_${name}`;
    await db.query(`create role ${role} login`);
    await db.query(`grant select on public.wallets, public.players to ${role}`);
    await db.query("revoke execute on function pg_catalog.pg_control_system() from public");
    try {
      const plan = await planOf(url.replace(/\/\/\w+@/, `//${role}@`));
      expect(plan.target.systemIdentifier).toBeUndefined();
      expect(severityOf(plan, "W10")).toBe("warn");
      expect(findingIds(await planOf(url))).not.toContain("W10");
    } finally {
      await db.query(`drop owned by ${role}`);
      await db.query(`drop role ${role}`);
    }
  });
});

describe("who believes in the key", () => {
  it("names the history of a migration tool and the functions that name players", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      `create table public."SequelizeMeta" (name text);
       create function public.rank() returns bigint language sql as 'select count(*) from public.players';
       create function public.other() returns bigint language sql as 'select 1::bigint';`,
    );
    const plan = await planOf(database.url);
    const evidence = (id: string) => plan.findings.find((each) => each.id === id)?.evidence.en;
    expect(evidence("W81")).toBe('public."SequelizeMeta"');
    expect(evidence("W82")).toBe("public.rank()");
    expect(findBlocking(plan)).toEqual([]);
  });
});

describe("the host name", () => {
  it("that leads elsewhere than when the plan was made stops the apply (B09)", async () => {
    const database = await useLegacyDatabase();
    const proxy = await startWireProxy({ server: database.server });
    onTestFinished(() => proxy.close());
    const url = `postgres://${database.server.user}@localhost:${proxy.port}/${database.name}`;
    const plan = await planOf(url);
    expect(plan.endpoint.host).toBe("localhost");
    const before = { ...plan, endpoint: { ...plan.endpoint, addresses: ["192.0.2.7"] } };
    await expect(applyTo(url, before)).rejects.toMatchObject({
      code: "repair_refused",
      details: { finding: "B09" },
    });
    expect((await factsOf(database)).keys).toHaveLength(1);
    expect((await applyTo(url, plan)).outcome).toBe("repaired");
  });

  it("is many servers by two addresses of one family, and one by an address of each", () => {
    const many = (...addresses: string[]) => isManyServers({ addresses });
    expect(many("192.0.2.1", "192.0.2.2")).toBe(true);
    expect(many("2001:db8::1", "2001:db8::2")).toBe(true);
    expect(many("192.0.2.1", "2001:db8::1")).toBe(false);
    expect(many("127.0.0.1", "::1")).toBe(false);
    expect(many()).toBe(false);
  });

  it("tells by its address how far the line goes", () => {
    expect([undefined, "127.0.0.1", "::1", "::ffff:127.0.0.1"].map(reachOf)).toEqual(
      Array.from({ length: 4 }, () => "this machine"),
    );
    for (const address of ["10.1.2.3", "172.20.0.2", "192.168.1.1", "::ffff:10.0.0.1", "fd00::1"])
      expect(reachOf(address)).toBe("a private network");
    for (const address of ["203.0.113.5", "172.32.0.1", "2001:db8::1"])
      expect(reachOf(address)).toBe("a public network");
  });
});
