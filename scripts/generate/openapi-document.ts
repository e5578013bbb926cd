/** docs/openapi.json: the answer of a running server under /api/v1/openapi.json. */
import { composeServices } from "../../server/src/compose.ts";
import { readConfig } from "../../server/src/config.ts";
import { openDatabase } from "../../server/src/db/driver/postgres.ts";
import { buildApp } from "../../server/src/http/app.ts";

/** The document is independent of the build, so it changes with the API only. */
const BUILD = { version: "1", id: "openapi" };

export async function openapiDocument(): Promise<string> {
  // The document is made from schemas alone, offline.
  const db = openDatabase({
    connection: { host: "/nonexistent", port: 1, user: "nobody", database: "none" },
    applicationName: "newday-generate",
    poolSize: 1,
    connectTimeoutMs: 1_000,
    statementTimeoutMs: 1_000,
  });
  const app = await buildApp(composeServices(readConfig({}, "."), db, BUILD));
  try {
    const reply = await app.inject("/api/v1/openapi.json");
    if (reply.statusCode !== 200) throw new Error(`openapi.json: ${reply.body}`);
    return `${JSON.stringify(reply.json(), null, 2)}\n`;
  } finally {
    await app.close();
    await db.close();
  }
}
