/** Databases for tests: cloned from a migrated template, or empty, on either server. */
import { randomBytes } from "node:crypto";
import { inject } from "vitest";
import type { Database } from "../../src/db/database.ts";
import { openDatabase, type DatabaseOptions } from "../../src/db/driver/postgres.ts";
import { openRestricted, prepareRoles } from "../../src/db/roles/roles.ts";
import { TEMPLATES } from "./templates.ts";
import { onTestFinished } from "./test-end.ts";

export interface TestServer {
  /** Folder of the Unix socket. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
}

export interface TestServers {
  readonly pg15: TestServer;
  readonly pg18: TestServer;
}

export interface TestDatabase {
  readonly db: Database;
  readonly name: string;
  readonly server: TestServer;
  /** For child processes: DATABASE_URL or --database-url. */
  readonly url: string;
  drop(): Promise<void>;
}

/**
 * A database of its own for a test or a file. `template: "migrated"` has every migration,
 * `"adopted"` went the whole way of a fresh start, `"empty"` has nothing. The caller drops it;
 * `useTestDatabase` does so by itself.
 */
export async function createTestDatabase(
  options: {
    server?: keyof TestServers;
    template?: keyof typeof TEMPLATES;
    poolSize?: number;
    /** Options of CREATE DATABASE, such as its locale; with the template `empty`. */
    options?: string;
  } = {},
): Promise<TestDatabase> {
  const server = inject("servers")[options.server ?? "pg18"];
  const name = `test_${randomBytes(6).toString("hex")}`;
  const template = TEMPLATES[options.template ?? "migrated"];
  // Copied as files: half the processor time of a copy through the log, and of dropping it later.
  await adminOf(server).query(
    `create database ${name} template ${template} strategy file_copy ${options.options ?? ""}`,
  );
  const db = openOn(server, name, options.poolSize ?? 10);
  return {
    db,
    name,
    server,
    url: `postgres://${server.user}@/${name}?host=${encodeURIComponent(server.host)}&port=${server.port}`,
    async drop() {
      await db.close();
      await adminOf(server).query(`drop database if exists ${name} with (force)`);
    },
  };
}

/** `createTestDatabase` for one test; dropped when the test has finished. */
export async function useTestDatabase(
  options: Parameters<typeof createTestDatabase>[0] = {},
): Promise<TestDatabase> {
  const database = await createTestDatabase(options);
  onTestFinished(() => database.drop());
  return database;
}

/** The database as a serving process sees it, through sessions without needless rights. */
export async function useServingSessions({ db, server, name }: TestDatabase): Promise<Database> {
  const obstacle = await prepareRoles(db);
  const serving = await openRestricted(optionsOn(server, name, 10));
  if (obstacle || !serving) throw new Error(`the sessions cannot be restricted: ${obstacle}`);
  onTestFinished(() => serving.close());
  return serving;
}

function openOn(server: TestServer, database: string, poolSize: number): Database {
  return openDatabase(optionsOn(server, database, poolSize));
}

export function optionsOn(server: TestServer, database: string, poolSize: number): DatabaseOptions {
  return {
    connection: { ...server, database },
    applicationName: "newday-test",
    poolSize,
    // Against hanging only: who waits for one of a few sessions on a busy machine waits long.
    connectTimeoutMs: 120_000,
    statementTimeoutMs: 120_000,
  };
}

const admins = new Map<string, Database>();

/** Sessions that all tests of this process share; the driver closes them after 10 s without work. */
function adminOf(server: TestServer): Database {
  const admin = admins.get(server.host) ?? openOn(server, "postgres", 2);
  admins.set(server.host, admin);
  return admin;
}
