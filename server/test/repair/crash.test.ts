import { describe, expect, it } from "vitest";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { useProxy } from "../support/use-proxy.ts";
import { isCutBatch, atFirst, type Verdict } from "../support/wire-proxy.ts";
import { until } from "../support/until.ts";
import { applyTo, confirmations, factsOf, holdAsOld, startNewday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { onTestFinished } from "../support/test-end.ts";

/** Breaks it at the batch that commits: one that finds a lock taken is sent again. */
function atCommit(verdict: Verdict): (chunk: Buffer) => Verdict {
  return (chunk) => (isCutBatch(chunk) ? verdict : "pass");
}

/** Against hanging: dozens of processes, one after the other. */
const SLOW_MACHINE_MS = 600_000;

// They mostly wait for limits of the server and of the tool, each on a database of its own.
const SIDE_BY_SIDE = { concurrent: true } as const;

describe.each(["pg15", "pg18"] as const)("a lost line on %s", SIDE_BY_SIDE, (server) => {
  it("is resolved as committed when the answer to COMMIT was lost", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const url = await useProxy(database, { judge: atCommit("lose-commit") });
    const { outcome } = await applyTo(url, plan);
    expect(outcome).toBe("repaired");
    expect((await factsOf(database)).keys).toEqual([]);
    const kinds = (await readEvents(database.db)).map(({ body }) => body);
    expect(kinds.some((body) => body.includes("in_doubt"))).toBe(true);
    expect(kinds.some((body) => body.includes('"resolved":"committed"'))).toBe(true);
  });

  it("is resolved as rolled back when the server never saw the batch, and may be applied again", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const before = await factsOf(database);
    const url = await useProxy(database, { judge: atFirst(isCutBatch, "cut-before") });
    await expect(applyTo(url, plan)).rejects.toMatchObject({ code: "repair_blocked" });
    expect(await factsOf(database)).toEqual(before);
    // A transaction ends a moment before its session does; and here the runner's process lives on.
    await until(async () => (await runners(database)).length === 0);
    expect((await applyTo(url, plan)).outcome).toBe("repaired");
  });

  it("counts as lost when it falls silent, and the silence is not waited for", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const url = await useProxy(database, { judge: atCommit("mute-commit") });
    expect((await applyTo(url, plan)).outcome).toBe("repaired");
    expect((await factsOf(database)).keys).toEqual([]);
    const bodies = (await readEvents(database.db)).map(({ body }) => body);
    expect(bodies.some((body) => body.includes('"resolved":"committed"'))).toBe(true);
  });

  it("is 'nothing changed' when any line breaks before the batch, and verified when it breaks after", async () => {
    for (const [breaks, expected] of [
      [(text: string) => text.includes('"status":"started"'), "repair_blocked"],
      [
        (text: string) => text.includes("transactionId") && text.includes("intent"),
        "repair_blocked",
      ],
      [(text: string) => text.includes('"step":"cut","status":"done"'), "repaired"],
      [(text: string) => text.includes('"status":"repaired"'), "repaired"],
    ] as const) {
      const database = await useLegacyDatabase(server);
      const plan = await planOf(database.url);
      const url = await useProxy(database, {
        judge: (chunk) => (breaks(chunk.toString("latin1")) ? "cut-before" : "pass"),
      });
      const end = await applyTo(url, plan).then(
        ({ outcome }) => outcome as string,
        (error: unknown) => (error as { code: string }).code,
      );
      expect(end).toBe(expected);
      expect((await factsOf(database)).keys).toHaveLength(expected === "repaired" ? 0 : 1);
    }
  });

  it("frees the tables although the server never learns that the line is dead", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    const cut = atFirst(isCutBatch, "cut-before");
    let isCut = false;
    const judge = (chunk: Buffer) => {
      const verdict = cut(chunk);
      isCut ||= verdict !== "pass";
      return verdict;
    };
    const url = await useProxy(database, { judge, halfOpen: true });
    const applying = applyTo(url, plan).catch((error: unknown) => error);
    const game = await openDirectClient({
      target: database.url,
      applicationName: "game",
      connectTimeoutMs: 10_000,
    });
    onTestFinished(() => game.close());
    await until(() => isCut);
    await game.query("set lock_timeout = '5s'");
    await game.query(
      "update public.wallets set game_coins = game_coins where user_id = 'user-001'",
    );
    expect(await applying).toMatchObject({ code: "repair_blocked" });
    // The idle timeout has released the pre-lock as well: other maintenance may continue.
    await game.query("vacuum public.wallets");
    expect((await factsOf(database)).keys).toHaveLength(1);
  });
});

describe("a killed runner", SIDE_BY_SIDE, () => {
  it(
    "leaves either nothing changed or all done, whichever message it died at, and can be run again",
    async () => {
      const database = await useLegacyDatabase("pg15");
      const before = await factsOf(database);
      const messages = await countMessages(database);
      // Every sixth message of the way there, and each of the last ten, where it matters.
      const points = Array.from({ length: messages }, (_, at) => at).filter(
        (at) => at % 6 === 0 || at > messages - 10,
      );
      for (const point of points) {
        await restoreKey(database);
        const plan = await planOf(database.url);
        const url = await killAt(database, point);
        const status = await applyAndDie(url, plan);
        const after = await factsOf(database);
        expect([[], before.keys], `killed at message ${point}`).toContainEqual(after.keys);
        expect({ ...after, keys: [] }).toEqual({ ...before, keys: [] });
        if (status === null) {
          const again = (await applyTo(database.url, plan)).outcome;
          expect(["repaired", "satisfied"], `killed at message ${point}`).toContain(again);
        }
        expect((await factsOf(database)).keys).toEqual([]);
        const events = await readEvents(database.db);
        expect(events.every(({ intact }) => intact)).toBe(true);
      }
    },
    SLOW_MACHINE_MS,
  );

  it("never comes back as a zombie: the key stays when the blocker leaves later", async () => {
    const database = await useLegacyDatabase("pg18");
    const plan = await planOf(database.url);
    const blocker = await openDirectClient({
      target: database.url,
      applicationName: "blocker",
      connectTimeoutMs: 10_000,
    });
    onTestFinished(() => blocker.close());
    await holdAsOld(blocker, "select 1 from public.wallets");
    const folder = useFolder();
    writePlanFile(`${folder}/plan.json`, plan);
    const { child, ended, output } = startNewday(applyArguments(database.url, folder, plan));
    await until(() => output().includes("blocker"));
    child.kill("SIGKILL");
    await ended;
    await blocker.query("commit");
    await until(async () => (await runners(database)).length === 0);
    expect((await factsOf(database)).keys).toHaveLength(1);
  });
});

/** Sessions of the tool that the server still knows. */
function runners({ db }: TestDatabase): Promise<object[]> {
  return db.query(
    "select pid from pg_stat_activity where application_name like 'newday-repair%' and datname = current_database()",
  );
}

type PlanOfTest = Awaited<ReturnType<typeof planOf>>;

function applyArguments(url: string, folder: string, plan: PlanOfTest): string[] {
  return [
    "apply",
    "--plan",
    `${folder}/plan.json`,
    "--backup-attested",
    "test",
    "--database-url",
    url,
    ...confirmations(plan),
  ];
}

let killed: (() => void) | undefined;

/** A connection on which the runner is killed the moment it sends its n-th message. */
function killAt(database: TestDatabase, point: number): Promise<string> {
  let seen = 0;
  return useProxy(database, {
    judge: () => {
      if (seen++ === point) killed?.();
      return "pass";
    },
  });
}

async function applyAndDie(url: string, plan: PlanOfTest): Promise<number | null> {
  const folder = useFolder();
  writePlanFile(`${folder}/plan.json`, plan);
  const { child, ended } = startNewday(applyArguments(url, folder, plan));
  killed = () => child.kill("SIGKILL");
  return ended;
}

async function countMessages(database: TestDatabase): Promise<number> {
  let seen = 0;
  const url = await useProxy(database, {
    judge: () => {
      seen++;
      return "pass";
    },
  });
  expect(await applyAndDie(url, await planOf(database.url))).toBe(0);
  return seen;
}

/** The same key again, by oid another one; the plan of the test is made new for it each time. */
async function restoreKey({ db }: TestDatabase): Promise<void> {
  await db.query(
    `do $$ begin
       if not exists (select from pg_constraint where conname = 'wallets_user_id_players_id_fk') then
         alter table public.wallets add constraint wallets_user_id_players_id_fk
           foreign key (user_id) references public.players (id) on delete cascade;
       end if;
     end $$`,
  );
}
