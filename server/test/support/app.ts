/** A server in this process on a database of its own; requests go through `inject` or a real port. */
import type { FastifyInstance } from "fastify";
import { composeServices, secretsAccessOf } from "../../src/compose.ts";
import { readConfig } from "../../src/config.ts";
import type { Database } from "../../src/db/database.ts";
import { importEnvironmentSecrets } from "../../src/identity/platforms/import-secrets.ts";
import { buildApp } from "../../src/http/app.ts";
import type { Services } from "../../src/http/context/services.ts";
import { adoptionState } from "../../src/db/adoption-state.ts";
import { useServingSessions, useTestDatabase, type TestDatabase } from "./database.ts";
import { TEST_KEY } from "./platforms.ts";
import { onTestFinished } from "./test-end.ts";

export interface TestApp {
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly database: TestDatabase;
}

export interface TestAppOptions {
  readonly database?: TestDatabase;
  /** Settings as in the environment of `npm start`. */
  readonly env?: Readonly<Record<string, string>>;
  /** Stands between the server and its database. */
  readonly watch?: (db: Database) => Database;
}

/** Closed when the test has finished. */
export async function useTestApp(options: TestAppOptions = {}): Promise<TestApp> {
  const config = readConfig({ ...TEST_KEY, ...options.env }, "/nonexistent");
  const database = options.database ?? (await useAdoptedDatabase());
  await importEnvironmentSecrets(database.db, secretsAccessOf(config));
  const { watch = (db) => db } = options;
  const services = composeServices(config, watch(await sessionsOf(database)), {
    version: "0.0.0-test",
    id: "test",
  });
  const app = await buildApp(services);
  onTestFinished(async () => {
    await app.close();
    await services.engine.drain();
  });
  return { app, services, database };
}

/** As main.ts does: restricted once the database is adopted. */
async function sessionsOf(database: TestDatabase): Promise<Database> {
  const state = await adoptionState(database.db);
  return state === "adopted" ? useServingSessions(database) : database.db;
}

/** A migrated database from which the key has been taken, as after the repair. */
export async function useRepairedDatabase(
  options: Parameters<typeof useTestDatabase>[0] = {},
): Promise<TestDatabase> {
  const database = await useTestDatabase(options);
  await database.db.query(
    "alter table public.wallets drop constraint wallets_user_id_players_id_fk",
  );
  return database;
}

/** A database after the whole way of a new start: legacy schema, repair, adoption. */
export function useAdoptedDatabase(
  options: Omit<NonNullable<Parameters<typeof useTestDatabase>[0]>, "template"> = {},
): Promise<TestDatabase> {
  return useTestDatabase({ ...options, template: "adopted" });
}
