/**
 * Killed between every two messages: whatever the runner had said last, the same command again ends
 * where a run without a crash ends.
 *
 * A thousand processes take their minutes, so this is part of `npm run test:repair`; `npm test` kills
 * at every sixth message of an apply, and at each of the last ten.
 */
import { describe, expect, it } from "vitest";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import type { TestDatabase } from "../support/database.ts";
import { confirmations } from "../repair/apply-support.ts";
import { endStateOf, inParallel, runAgain, runWatched } from "../repair/crash-support.ts";
import { createLegacyDatabase, planOf, useFolder } from "../repair/legacy.ts";

/** Messages that end a session and reach the server when the process is gone already. */
const FAREWELLS = 6;

interface Scenario {
  readonly server: "pg15" | "pg18";
  /** Prepares a database and says what the command is called with. */
  readonly prepare: (database: TestDatabase) => Promise<{ first: string[]; again: string[] }>;
}

/** Runs the scenario once in peace, then once for each of its messages with a kill at it. */
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
      const second = await runAgain(database, again);
      const place = `killed at message ${point} of ${peace.messages}`;
      expect([0, 11], `${place}: ${second.output}`).toContain(second.status);
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
        return { first: ["apply", ...options], again: ["resume", ...options] };
      },
    });
  });
});
