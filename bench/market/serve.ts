/** The server under test, in a process of its own, with two empty routes beside the real ones. */
import { composeServices } from "../../server/src/compose.ts";
import { readConfig } from "../../server/src/config.ts";
import { openDatabase } from "../../server/src/db/driver/postgres.ts";
import { buildApp } from "../../server/src/http/app.ts";

export const NOOP = "/bench/noop";
const POOL_SIZE = 10;

/** Listens on a free port and tells the parent which. */
export async function serve(socketDir: string, port: number): Promise<void> {
  const db = openDatabase({
    connection: { host: socketDir, port, user: "newday", database: "newday" },
    applicationName: "newday",
    poolSize: POOL_SIZE,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 8_000,
  });
  const services = composeServices(readConfig({}, "/nonexistent"), db, {
    version: "0",
    id: "bench",
  });
  const app = await buildApp(services, (bare) => {
    bare.post(NOOP, async () => ({ success: true }));
    bare.get(NOOP, async () => ({ success: true }));
  });
  await app.listen({ host: "127.0.0.1", port: 0 });
  const address = app.server.address();
  process.send?.(typeof address === "object" ? address?.port : 0);
  process.on("disconnect", () => process.exit(0));
}
