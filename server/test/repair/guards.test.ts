import { readFileSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { requireConfirmation } from "../../src/repair/apply/guards.ts";
import { readPlanFile, writePlanFile } from "../../src/repair/plan/plan-file.ts";
import { PLAN_LIFETIME_MS, planHash, shortHash } from "../../src/repair/model/plan.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { openLocalJournal } from "../../src/repair/journal/local-journal.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, factsOf, newday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { findBlocking, findingIds } from "./plan-support.ts";
import { usePgBouncer } from "./pgbouncer.ts";

describe("the plan", () => {
  it("is refused when its file was edited, by as little as one character", async () => {
    const database = await useLegacyDatabase();
    const path = `${useFolder()}/plan.json`;
    writePlanFile(path, await planOf(database.url));
    expect(() => readPlanFile(path)).not.toThrow();
    writeFileSync(
      path,
      readFileSync(path, "utf8").replace('"environment": "test"', '"environment": "tent"'),
    );
    expect(() => readPlanFile(path)).toThrow("edited");
  });

  it("is refused after its day, and never overwritten by another", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const tomorrow = new Date(Date.parse(plan.createdAt) + PLAN_LIFETIME_MS);
    await expect(applyTo(database.url, plan, { now: tomorrow })).rejects.toMatchObject({
      code: "repair_plan_stale",
    });
    const path = `${useFolder()}/plan.json`;
    writePlanFile(path, plan);
    expect(() => writePlanFile(path, plan)).toThrow("exists already");
  });

  it("is stale, with the difference named, as soon as anything about the tables moved", async () => {
    const changes = [
      [
        "create index added on public.wallets (game_coins)",
        /\+ index: CREATE INDEX added ON public.wallets/,
      ],
      [
        "alter table public.players add column vip boolean",
        /\+ column of public.players: vip boolean\s/,
      ],
      [
        "alter table public.wallets alter column cash_balance set default 5",
        /- column of public.wallets: cash_balance integer, not null, default 0/,
      ],
      [
        "alter table public.wallets add foreign key (user_id) references public.players (id)",
        /\+ foreign key public.wallets "/,
      ],
    ] as const;
    for (const [change, words] of changes) {
      const database = await useLegacyDatabase();
      const plan = await planOf(database.url);
      await database.db.query(change);
      const refusal = applyTo(database.url, plan);
      await expect(refusal, change).rejects.toMatchObject({ code: "repair_plan_stale" });
      await expect(refusal, change).rejects.toThrow(words);
      expect((await factsOf(database)).keys.length).toBeGreaterThan(0);
    }
  });

  it("is confirmed by three facts and by nothing else", async () => {
    const plan = await planOf((await useLegacyDatabase()).url);
    const hash = planHash(plan);
    const facts = {
      database: plan.target.database,
      environment: plan.environment,
      plan: shortHash(hash),
    };
    expect(() => requireConfirmation(plan, hash, facts)).not.toThrow();
    for (const fact of ["database", "environment", "plan"] as const) {
      expect(() => requireConfirmation(plan, hash, { ...facts, [fact]: undefined })).toThrow(fact);
      expect(() => requireConfirmation(plan, hash, { ...facts, [fact]: "yes" })).toThrow(fact);
    }
  });
});

describe("the wrong place", () => {
  it("is refused when the plan was made on another database, even one restored from the same dump", async () => {
    const planned = await useLegacyDatabase();
    const copy = await useLegacyDatabase();
    const elsewhere = await useLegacyDatabase("pg18");
    const plan = await planOf(planned.url);
    for (const wrong of [copy, elsewhere]) {
      await expect(applyTo(wrong.url, plan)).rejects.toMatchObject({
        code: "repair_refused",
        details: { finding: "B01" },
      });
      expect((await factsOf(wrong)).keys).toHaveLength(1);
    }
  });

  it("is refused when the database says that it is another environment", async () => {
    const database = await useLegacyDatabase();
    await database.db.query(`alter database ${database.name} set newday.environment = 'staging'`);
    const plan = await planOf(database.url);
    expect(findBlocking(plan)).toEqual(["B06"]);
    await expect(applyTo(database.url, plan)).rejects.toThrow("staging");
  });

  it("is refused behind PgBouncer, which would give our settings to another client", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await usePgBouncer(database);
    await expect(planOf(url)).rejects.toMatchObject({ details: { finding: "B03" } });
    const plan = await planOf(database.url);
    await expect(applyTo(url, plan)).rejects.toThrow("pooler");
    const { status, stdout } = newday(["status", "--database-url", url]);
    expect(status).toBe(3);
    expect(stdout).toContain("behind a pooler the answering server is unknown");
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it("is refused on a server that takes no writes", async () => {
    const database = await useLegacyDatabase();
    await database.db.query(
      `alter database ${database.name} set default_transaction_read_only = on`,
    );
    expect(findBlocking(await planOf(database.url))).toEqual(["B02"]);
  });

  it("is one clear line when no server listens, the URL is none, or the database does not exist", async () => {
    const connect = (url: string) => withRepairConnection(url, "test", async () => undefined);
    await expect(connect("postgres://x@127.0.0.1:1/x")).rejects.toMatchObject({
      code: "repair_blocked",
    });
    const { server } = await useLegacyDatabase();
    const missing = `postgres://${server.user}@/missing?host=${server.host}&port=${server.port}`;
    await expect(connect(missing)).rejects.toMatchObject({ code: "repair_refused" });
  });
});

describe("rights", () => {
  /** A role of its own for the test; it may connect only. */
  async function asRole({ db, name, url }: TestDatabase, grants: string): Promise<string> {
    const role = `r_${name}`;
    await db.query(`create role ${role} login`);
    await db.query(grants.replaceAll("ROLE", role));
    return url.replace(/\/\/\w+@/, `//${role}@`);
  }

  async function dropRole({ db, name }: TestDatabase): Promise<void> {
    await db.query(`reassign owned by r_${name} to newday`);
    await db.query(`drop owned by r_${name}`);
    await db.query(`drop role r_${name}`);
  }

  it("sees the key as a role that owns nothing, and says that it may not drop it", async () => {
    const database = await useLegacyDatabase();
    const url = await asRole(database, "grant select on public.wallets, public.players to ROLE");
    try {
      const plan = await planOf(url);
      expect(plan.keys).toHaveLength(1);
      expect(findBlocking(plan)).toEqual(["B40", "B41"]);
      expect(findingIds(plan)).toContain("W42");
      await expect(applyTo(url, plan)).rejects.toMatchObject({ code: "repair_refused" });
    } finally {
      await dropRole(database);
    }
  });

  it("works as the owner of wallets alone, without a right to lock players or to keep a journal", async () => {
    const database = await useLegacyDatabase();
    const url = await asRole(
      database,
      "do $$ begin alter table public.wallets owner to ROLE; grant select, references on public.players to ROLE; end $$",
    );
    try {
      const plan = await planOf(url);
      expect(findBlocking(plan)).toEqual([]);
      expect(findingIds(plan)).toContain("W43");
      // A real backup, too: a note beside it says what was taken.
      const folder = useFolder();
      const local = openLocalJournal(`${folder}/journal.jsonl`);
      const backup = { kind: "dump", folder, full: false } as const;
      await expect(applyTo(url, plan, { backup, local })).rejects.toMatchObject({
        code: "repair_refused",
        message: expect.stringContaining("grant select on public.") as string,
      });
      await database.db.query(`grant select on all tables in schema public to r_${database.name}`);
      const { outcome } = await applyTo(url, plan, { backup, local });
      local.close();
      expect(outcome).toBe("repaired");
      expect((await factsOf(database)).keys).toEqual([]);
      const [journal] = await database.db.query(
        "select to_regclass('newday.repair_events') is null as absent",
      );
      expect(journal).toEqual({ absent: true });
    } finally {
      await dropRole(database);
    }
  });
});
