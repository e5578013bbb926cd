/**
 * Killed between every two messages: after any last message of the runner, the same command again
 * ends as an undisturbed run.
 *
 * A thousand processes take minutes, so this is part of `npm run test:repair`; `npm test` kills at
 * every sixth message of an apply, and at each of the last ten.
 */
import { describe, expect, it } from "vitest";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, confirmations } from "../repair/apply-support.ts";
import { endStateOf, inParallel, runWatched, type WatchedRun } from "../repair/crash-support.ts";
import { createLegacyDatabase, planOf, useFolder } from "../repair/legacy.ts";

/** Messages that end a session and reach the server when the process is gone already. */
const FAREWELLS = 6;

/** The options differ in their batch, not by version; the two-phase one is killed on both. */
const OPTIONS = {
  pg15: ["exact", "freeze", "no-action", "quarantine", "stubs", "fix-forward"],
  pg18: ["exact"],
} as const;

interface Scenario {
  readonly server: "pg15" | "pg18";
  /** Prepares a database and returns the command's arguments. */
  readonly prepare: (database: TestDatabase) => Promise<{ first: string[]; again: string[][] }>;
}

/** Runs the scenario once undisturbed, then once for each of its messages with a kill at it. */
async function killEverywhere({ server, prepare }: Scenario): Promise<void> {
  const peace = await withLegacy(server, async (database) => {
    const run = await runWatched(database, (await prepare(database)).first);
    expect(run.status, run.output).toBe(0);
    return { messages: run.messages, state: await endStateOf(database) };
  });
  expect(peace.state.chain).toBe(true);
  const points = Array.from({ length: peace.messages }, (_, at) => at);
  let killed = 0;
  await inParallel(points, (point) =>
    withLegacy(server, async (database) => {
      const { first, again } = await prepare(database);
      if ((await runWatched(database, first, point)).status === null) killed++;
      const place = `killed at message ${point} of ${peace.messages}`;
      let last: WatchedRun | undefined;
      for (const command of again) last = await runWatched(database, command);
      expect([0, 11], `${place}: ${last?.output}`).toContain(last?.status);
      expect(await endStateOf(database), place).toEqual(peace.state);
    }),
  );
  expect(killed).toBeGreaterThan(peace.messages - FAREWELLS);
}

async function withLegacy<T>(
  server: "pg15" | "pg18",
  work: (database: TestDatabase) => Promise<T>,
): Promise<T> {
  const database = await createLegacyDatabase(server);
  try {
    return await work(database);
  } finally {
    await database.drop();
  }
}

describe.each(["pg15", "pg18"] as const)("killed at any message on %s", (server) => {
  it("an apply is finished by resume", async () => {
    const folder = useFolder();
    await killEverywhere({
      server,
      async prepare(database) {
        const plan = await planOf(database.url);
        const path = `${folder}/${database.name}.json`;
        writePlanFile(path, plan);
        const options = ["--plan", path, "--backup-attested", "test", ...confirmations(plan)];
        return { first: ["apply", ...options], again: [["resume", ...options]] };
      },
    });
  });

  it.each(OPTIONS[server])(
    "a rollback by the option %s is finished by resume and the same command",
    async (option) => {
      const strangers = option === "exact" || option === "no-action" ? 0 : 1;
      await killEverywhere({
        server,
        async prepare(database) {
          await applyTo(database.url, await planOf(database.url));
          if (strangers > 0)
            await database.db.query(
              "insert into public.wallets (user_id, game_coins) values ('stranger', 77)",
            );
          const command = [
            "rollback",
            "--option",
            option,
            "--confirm-database",
            database.name,
            "--confirm-environment",
            "test",
            "--confirm-strangers",
            String(strangers),
          ];
          return { first: command, again: [["resume"], command] };
        },
      });
    },
  );
});
