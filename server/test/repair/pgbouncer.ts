/** PgBouncer in transaction mode in front of a test database. */
import { spawn } from "node:child_process";
import { chownSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { onTestFinished } from "vitest";
import { clusterOwner } from "../../src/db/cluster.ts";
import { openDirectClient } from "../../src/db/driver/direct-client.ts";
import type { TestDatabase } from "../support/database.ts";
import { freePort } from "../support/free-port.ts";

const PGBOUNCER = "/usr/sbin/pgbouncer";
/** Against hanging only. */
const READY_TIMEOUT_MS = 60_000;

/** The URL of the pooler; it is stopped when the test has finished. */
export async function usePgBouncer({ name, server }: TestDatabase): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "newday-bouncer-"));
  const port = await freePort();
  writeFileSync(join(folder, "users.txt"), `"${server.user}" ""\n`);
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]
${name} = host=${server.host} port=${server.port} user=${server.user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${folder}/users.txt
pool_mode = transaction
default_pool_size = 2
logfile = ${folder}/log
`,
  );
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const child = spawn(PGBOUNCER, [join(folder, "pgbouncer.ini")], {
    ...owner,
    stdio: "ignore",
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `postgres://${server.user}@127.0.0.1:${port}/${name}`;
  await untilReady(url);
  return url;
}

async function untilReady(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_TIMEOUT_MS; ; await sleep(50)) {
    try {
      const client = await openDirectClient({
        target: url,
        applicationName: "ready?",
        connectTimeoutMs: 10_000,
      });
      await client.close();
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
    }
  }
}
