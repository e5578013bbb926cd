/** The legacy database on a bench cluster: as it is, or filled up to a number of rows. */
import { readFileSync } from "node:fs";
import {
  openDirectClient,
  type ConnectionTarget,
  type DirectClient,
} from "../../server/src/db/driver/direct-client.ts";
import type { BenchCluster } from "../posting/bench-cluster.ts";

const LEGACY_SQL = "server/test/fixtures/legacy/newday-legacy.sql";
const CONNECT_TIMEOUT_MS = 10_000;
/** One statement per so many rows, so that a person sees progress in the server's log. */
const FILL_BATCH = 500_000;

export function targetOf(cluster: BenchCluster, database: string) {
  return { host: cluster.socketDir, port: cluster.port, user: "newday", database };
}

export function connect(target: ConnectionTarget, applicationName: string): Promise<DirectClient> {
  return openDirectClient({ target, applicationName, connectTimeoutMs: CONNECT_TIMEOUT_MS });
}

export async function loadLegacy(cluster: BenchCluster, database: string): Promise<void> {
  const admin = cluster.open("postgres", 1);
  await admin.query(`create database ${database}`);
  await admin.close();
  const client = await connect(targetOf(cluster, database), "bench");
  await client.script(readFileSync(LEGACY_SQL, "utf8"));
  await client.close();
}

export async function dropDatabase(cluster: BenchCluster, database: string): Promise<void> {
  const admin = cluster.open("postgres", 1);
  await admin.query(`drop database ${database} with (force)`);
  await admin.close();
}

/** Adds `rows` players with a wallet each, and keeps the statistics as autovacuum would. */
export async function fillRows(client: DirectClient, rows: number): Promise<void> {
  for (let first = 1; first <= rows; first += FILL_BATCH) {
    const range = `generate_series(${first}, ${Math.min(rows, first + FILL_BATCH - 1)}) n`;
    await client.query(
      `insert into public.players (id, nickname) select 'player-' || n, 'Player ' || n from ${range}`,
    );
    await client.query(
      `insert into public.wallets (user_id, game_coins) select 'player-' || n, n % 5000 from ${range}`,
    );
  }
  await client.query("vacuum analyze public.players, public.wallets");
}
