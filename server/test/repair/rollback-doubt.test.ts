/** A rollback whose connection or process dies is settled by the server, like a repair. */
import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { silent } from "../../src/repair/model/events.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import type { TestDatabase } from "../support/database.ts";
import { useProxy } from "../support/use-proxy.ts";
import { atFirst, type Verdict } from "../support/wire-proxy.ts";
import { applyTo, confirmations, factsOf, newday, startNewday } from "./apply-support.ts";
import { untilSessionsEnd } from "./crash-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const repair = findRepair("wallets");

/** The only message that locks for adding a key and commits. */
function isRollbackBatch(chunk: Buffer): boolean {
  const text = chunk.toString("latin1");
  return text.includes("share row exclusive mode%s") && text.includes("commit");
}

async function goBackOver(url: string) {
  const view = await withRepairConnection(url, "test", (client) => readRollback(client, repair));
  return runRollback({
    target: url,
    repair,
    view,
    option: "exact",
    emit: silent,
    budgetMs: 10_000,
    operator: "test",
    reason: undefined,
  });
}

async function isValid({ db }: TestDatabase): Promise<boolean | undefined> {
  const [key] = await db.query<{ valid: boolean }>(
    "select convalidated as valid from pg_constraint where conname = 'wallets_user_id_players_id_fk'",
  );
  return key?.valid;
}

async function bodies({ db }: TestDatabase): Promise<string> {
  return (await readEvents(db)).map(({ body }) => body).join("\n");
}

/** Without blocking this process: the connection to break runs through it. */
async function run(args: readonly string[]) {
  const { ended, output } = startNewday(args);
  return { status: await ended, text: output() };
}

describe.each(["pg15", "pg18"] as const)("a lost line during a rollback on %s", (server) => {
  async function repaired(): Promise<TestDatabase> {
    const database = await useLegacyDatabase(server);
    await applyTo(database.url, await planOf(database.url));
    return database;
  }

  it("is resolved as committed when the answer was lost, and the key is validated", async () => {
    const database = await repaired();
    // The lost answer may be that of an attempt that gave way; then nothing may have changed.
    for (let tries = 0; tries < 5; tries++) {
      const url = await useProxy(database, { judge: atFirst(isRollbackBatch, "cut-after") });
      const end = await goBackOver(url).catch((error: unknown) => error);
      await untilSessionsEnd(database);
      if ((await isValid(database)) === undefined)
        expect(end).toMatchObject({ code: "repair_blocked" });
      else {
        expect(end).toMatchObject({ state: "ROLLED_BACK" });
        break;
      }
    }
    expect(await isValid(database)).toBe(true);
    expect(await bodies(database)).toContain("in_doubt");
  });

  it("is resolved as nothing changed when the server never saw the batch", async () => {
    const database = await repaired();
    const url = await useProxy(database, { judge: atFirst(isRollbackBatch, "cut-before") });
    await expect(goBackOver(url)).rejects.toMatchObject({ code: "repair_blocked" });
    expect(await isValid(database)).toBeUndefined();
    expect(newday(["status", "--database-url", database.url]).stdout).toContain("BLOCKED");
    // The lock of the lost session goes last, and its runner, this very process, is alive.
    await untilSessionsEnd(database);
    expect(await goBackOver(url)).toMatchObject({ state: "ROLLED_BACK" });
  });
});

describe("a rollback whose process is killed at its COMMIT", () => {
  /** Kills `newday repair rollback` the moment it sends the batch, which does or does not arrive. */
  async function killedAtBatch(verdict: Verdict, option = "exact", strangers = 0) {
    const database = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const plan = await planOf(database.url);
    await applyTo(database.url, plan);
    if (strangers > 0)
      await database.db.query("insert into public.wallets (user_id) values ('stranger')");
    writePlanFile(`${folder}/plan.json`, plan);
    let kill = () => {};
    const url = await useProxy(database, {
      judge(chunk) {
        if (!isRollbackBatch(chunk)) return "pass";
        kill();
        return verdict;
      },
    });
    const { child, ended } = startNewday([
      "rollback",
      "--option",
      option,
      "--database-url",
      url,
      "--confirm-database",
      database.name,
      "--confirm-environment",
      "test",
      "--confirm-strangers",
      String(strangers),
    ]);
    kill = () => child.kill("SIGKILL");
    expect(await ended).toBeNull();
    // What has arrived is still at work when no client waits for it any more.
    if (verdict === "cut-after") await expect.poll(() => isValid(database)).toBeDefined();
    return { database, folder, plan };
  }

  it("is finished by `resume`, which does not apply the plan again", async () => {
    const { database, folder, plan } = await killedAtBatch("cut-after");
    const resumed = await run([
      "resume",
      "--plan",
      `${folder}/plan.json`,
      "--backup-attested",
      "test",
      "--database-url",
      database.url,
      ...confirmations(plan),
    ]);
    expect(resumed.status, resumed.text).toBe(0);
    expect(resumed.text).toContain("was committed");
    expect(await isValid(database)).toBe(true);
    const status = newday(["status", "--database-url", database.url]);
    expect(status.stdout).toMatch(/rollback of \w{8}\) wallets: ROLLED_BACK/);
    const report = newday(["report", "--database-url", database.url]).stdout;
    expect(report).toContain("☑ **Rolled back**");
    expect(report).toMatch(/rollback.*ROLLED_BACK · exact/);
  });

  it("still says, when it is finished, how to bring the rows back that were put aside", async () => {
    const { database } = await killedAtBatch("cut-after", "quarantine", 1);
    const resumed = await run(["resume", "--database-url", database.url]);
    expect(resumed.status, resumed.text).toBe(0);
    const [, undo = ""] = /to bring them back later: (.*;)/.exec(resumed.text) ?? [];
    await database.db.query(
      "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
    );
    await database.db.query(undo);
    expect(
      await database.db.query("select 1 from public.wallets where user_id = 'stranger'"),
    ).toHaveLength(1);
  });

  it("is finished by the same command, too: a key that never validated is no end", async () => {
    const { database } = await killedAtBatch("cut-after");
    const url = ["--database-url", database.url];
    expect((await run(["rollback", "--plan", ...url])).text).toContain("was cut off");
    expect((await run(["rollback", "--option", "exact", ...url])).status).toBe(0);
    expect(await isValid(database)).toBe(true);
  });

  it("is settled by whatever repair dropped its keys again: `resume` finds nothing to finish", async () => {
    const { database } = await killedAtBatch("cut-after");
    await applyTo(database.url, await planOf(database.url));
    const resumed = await run(["resume", "--database-url", database.url]);
    expect(resumed.status, resumed.text).toBe(11);
    expect((await factsOf(database)).keys).toEqual([]);
  });

  it("is closed, not tried for ever, when another person removed its key", async () => {
    const { database } = await killedAtBatch("cut-after");
    const url = ["--database-url", database.url];
    await database.db.query(
      "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
    );
    const resumed = await run(["resume", ...url]);
    expect(resumed.status, resumed.text).toBe(8);
    expect(resumed.text).toContain("it was removed since");
    const exact = [
      "rollback",
      "--option",
      "exact",
      ...url,
      "--confirm-strangers",
      "0",
      "--confirm-database",
      database.name,
      "--confirm-environment",
      "test",
    ];
    expect((await run(exact)).status).toBe(0);
    expect(await isValid(database)).toBe(true);
  });

  it("is said to have changed nothing by `resume` when the batch never arrived", async () => {
    const { database } = await killedAtBatch("cut-before");
    const resumed = await run(["resume", "--database-url", database.url]);
    expect(resumed.status).toBe(4);
    expect(resumed.text).toContain("nothing was changed");
    expect((await factsOf(database)).keys).toEqual([]);
    expect(newday(["status", "--database-url", database.url]).stdout).toContain("BLOCKED");
    expect(newday(["resume", "--database-url", database.url]).status).toBe(11);
  });
});

describe("the facts of a rollback", () => {
  it("are the database, the environment and the external users, and each wrong one is refused", async () => {
    const database = await useLegacyDatabase("pg15");
    await applyTo(database.url, await planOf(database.url));
    await database.db.query("insert into public.wallets (user_id) values ('stranger')");
    const url = ["--database-url", database.url];
    const facts = { database: database.name, environment: "test", strangers: "1" };
    const goBack = (stated: Partial<typeof facts>) =>
      newday([
        "rollback",
        "--option",
        "freeze",
        ...url,
        ...Object.entries(stated).flatMap(([fact, value]) => [`--confirm-${fact}`, value]),
      ]);
    for (const fact of ["database", "environment", "strangers"] as const) {
      const wrong = goBack({ ...facts, [fact]: "0" });
      expect(wrong.status, fact).toBe(3);
      expect(wrong.stderr).toContain(`--confirm-${fact}`);
    }
    expect(goBack({ database: database.name }).status).toBe(3);
    expect((await factsOf(database)).keys).toEqual([]);
    const looked = newday(["rollback", "--plan", ...url]).stdout;
    expect(looked).toContain("the rows of external users (now 1)");
    expect(looked).toContain("--confirm-database, --confirm-environment and --confirm-strangers");
    expect(goBack(facts).status).toBe(0);
    expect(await isValid(database)).toBe(false);
  });

  it("are not confused with a watch that failed later: the state says that the key is back", async () => {
    const database = await useLegacyDatabase("pg15");
    await applyTo(database.url, await planOf(database.url));
    await database.db.query(
      "alter table public.wallets add constraint orm foreign key (user_id) references public.players (id)",
    );
    expect(newday(["watch", "--database-url", database.url]).status).toBe(10);
    const status = newday(["status", "--database-url", database.url]).stdout;
    expect(status).toContain("wallets: KEY_BACK");
    expect(status).not.toContain("FAILED");
  });
});
