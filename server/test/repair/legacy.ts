/** The database of New Day as it stood before the repair, with its rows. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import type { ConnectionTarget } from "../../src/db/driver/direct-client.ts";
import { DEFAULT_REPAIR, findRepair } from "../../src/repair/model/repairs.ts";
import { buildPlan } from "../../src/repair/plan/build-plan.ts";
import type { Plan } from "../../src/repair/model/plan.ts";
import { createTestDatabase, type TestDatabase, type TestServers } from "../support/database.ts";
import { onTestFinished } from "../support/test-end.ts";

const LEGACY_SQL = new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url);

/** Loaded with the simple protocol, as `psql -f` would. The caller drops it. */
export async function createLegacyDatabase(
  server: keyof TestServers = "pg15",
  extraSql = "",
): Promise<TestDatabase> {
  const database = await createTestDatabase({ server, template: "empty" });
  await withRepairConnection(database.url, "fixture", async (client) => {
    await client.script(
      `set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")}; ${extraSql}`,
    );
  });
  return database;
}

/** `createLegacyDatabase` for one test; dropped when the test has finished. */
export async function useLegacyDatabase(
  server: keyof TestServers = "pg15",
  extraSql = "",
): Promise<TestDatabase> {
  const database = await createLegacyDatabase(server, extraSql);
  onTestFinished(() => database.drop());
  return database;
}

export function planOf(
  target: ConnectionTarget,
  repair: string = DEFAULT_REPAIR,
  accepted: ReadonlyMap<string, string> = new Map(),
): Promise<Plan> {
  return withRepairConnection(target, "plan", async (client) => {
    const { plan } = await buildPlan(client, {
      repair: findRepair(repair),
      tool: "0.0.0-test",
      environment: "test",
      accepted,
      now: new Date(),
    });
    return plan;
  });
}

export function useFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "newday-repair-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
