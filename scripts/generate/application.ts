/** What the application says of itself: docs/openapi.json and openapi-admin.json, and the routes of docs/access.md. */
import type { FastifyInstance } from "fastify";
import { composeServices } from "../../server/src/compose.ts";
import { readConfig } from "../../server/src/config.ts";
import { openDatabase } from "../../server/src/db/driver/postgres.ts";
import { buildApp } from "../../server/src/http/app.ts";
import type { TableRoute } from "../../server/src/http/plugins/route-table.ts";

/** The document is independent of the build, so it changes with the API only. */
const BUILD = { version: "1", id: "openapi" };

/** The documents are the answers of a running server under `openapi.json` of each surface. */
export async function describeApplication(): Promise<{
  readonly openapi: string;
  readonly operatorsOpenapi: string;
  readonly routes: readonly TableRoute[];
}> {
  // Both are made from declarations alone, offline.
  const db = openDatabase({
    connection: { host: "/nonexistent", port: 1, user: "none", database: "none" },
    applicationName: "newday-generate",
    poolSize: 1,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_000,
  });
  const app = await buildApp(composeServices(readConfig({}, "."), db, BUILD));
  try {
    return {
      openapi: await documentOf(app, "/api/v1"),
      operatorsOpenapi: await documentOf(app, "/api/admin"),
      routes: app.routeTable,
    };
  } finally {
    await app.close();
    await db.close();
  }
}

async function documentOf(app: FastifyInstance, surface: string): Promise<string> {
  const reply = await app.inject(`${surface}/openapi.json`);
  if (reply.statusCode !== 200) throw new Error(`${surface}: ${reply.body}`);
  return `${JSON.stringify(reply.json(), null, 2)}\n`;
}
