/** Databases that went from the legacy file through adoption. */
import { ADOPTION_PARTS } from "../../src/adoption/adoption-parts.ts";
import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrations.ts";
import { createPostingEngine } from "../../src/engine/engine.ts";
import { createPostingRegistry } from "../../src/start/posting-registry.ts";
import { adopt, ADOPTION_HOLD_MS } from "../../src/adoption/adopt.ts";
import { useTestDatabase, type TestDatabase } from "./database.ts";
import { loadLegacy } from "./ledger.ts";

/** The legacy file, migrated and repaired, not adopted yet. */
export async function useLegacy(server: "pg15" | "pg18"): Promise<TestDatabase> {
  const database = await useTestDatabase({ server, template: "empty" });
  await loadLegacy(database.db);
  await migrate(database.db);
  await database.db.query(
    "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
  );
  return database;
}

export async function runAdoption(db: Database) {
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "test-adopt",
  });
  try {
    const context = {
      db,
      engine,
      batchSize: 500,
      holdMs: ADOPTION_HOLD_MS,
      progress: () => undefined,
    };
    return await adopt(context, ADOPTION_PARTS);
  } finally {
    await engine.drain();
  }
}

export async function useAdoptedLegacy(server: "pg15" | "pg18") {
  const database = await useLegacy(server);
  const reports = await runAdoption(database.db);
  return { database, db: database.db, reports };
}
