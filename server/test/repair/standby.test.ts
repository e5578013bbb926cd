import { spawnSync } from "node:child_process";
import { chownSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { clusterOwner, startCluster } from "../../src/db/cluster.ts";
import { openDatabase } from "../../src/db/postgres.ts";
import { withRepairConnection } from "../../src/repair/connection.ts";
import { findRepair } from "../../src/repair/definition/repairs.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";
import { findBlocking } from "./plan-support.ts";

const BIN = "/usr/lib/postgresql/15/bin";
const PORT = 5433;

/** A standby of the whole test server, made as an operator would make one. */
async function useStandby({ server, name }: TestDatabase) {
  const folder = mkdtempSync(join(tmpdir(), "newday-standby-"));
  const owner = clusterOwner();
  if (owner) chownSync(folder, owner.uid, owner.gid);
  const dataDir = join(folder, "data");
  const copied = spawnSync(
    join(BIN, "pg_basebackup"),
    ["-D", dataDir, "-R", "-X", "stream", "-c", "fast", "-h", server.host, "-p", String(server.port), "-U", server.user],
    { ...owner, cwd: "/", encoding: "utf8" },
  ); // prettier-ignore
  expect(copied.stderr, copied.stderr).not.toContain("error");
  const cluster = await startCluster({
    binDir: BIN,
    dataDir,
    socketDir: folder,
    port: PORT,
    superuser: server.user,
    settings: {
      fsync: "off",
      max_connections: 300,
      max_prepared_transactions: 10,
      hot_standby: "on",
    },
  });
  onTestFinished(async () => {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const db = openDatabase({
    connection: { host: folder, port: PORT, user: server.user, database: name },
    applicationName: "standby test",
    poolSize: 1,
    connectTimeoutMs: 20_000,
    statementTimeoutMs: 60_000,
  });
  onTestFinished(() => db.close());
  return {
    db,
    url: `postgres://${server.user}@/${name}?host=${encodeURIComponent(folder)}&port=${PORT}`,
  };
}

it("is refused on a standby by B02, and on the promoted copy by its timeline", async () => {
  const database = await useLegacyDatabase("pg15");
  const plan = await planOf(database.url);
  const standby = await useStandby(database);

  expect(findBlocking(await planOf(standby.url))).toEqual(["B02"]);
  await expect(applyTo(standby.url, plan)).rejects.toMatchObject({
    details: { finding: "B02" },
  });
  const proof = await withRepairConnection(standby.url, "test", (client) =>
    verify(client, findRepair("wallets")),
  );
  expect(proof.checks.find(({ id }) => id === "behaviour")?.ok).toBeUndefined();

  await standby.db.query("select pg_promote()");
  for (let waiting = true; waiting; await sleep(100)) {
    const [row] = await standby.db.query<{ standby: boolean }>(
      "select pg_is_in_recovery() as standby",
    );
    waiting = row?.standby ?? true;
  }
  await expect(applyTo(standby.url, plan)).rejects.toThrow(/B01.*timeline/);
  expect((await factsOf(database)).keys).toHaveLength(1);
  expect((await applyTo(database.url, plan)).outcome).toBe("repaired");
});
