/** The two workloads: how a side is made ready and what one turn of a phase does. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { requestBytes, runLoad, type NextRequest } from "../market/http-load.ts";
import { startProcessMeter } from "../posting/cpu.ts";
import { SUPERUSER, type BenchCluster } from "../posting/bench-cluster.ts";
import type { Checkout } from "./checkout.ts";
import type { Measurement } from "./measurement.ts";
import type { Side } from "./side-process.ts";
import type { Market, Place } from "./target-interface.ts";

const SERVER_START_MS = 60_000;
const POLL_MS = 50;

/** A side that is ready to be measured. */
export interface Contender {
  run(phase: string, seconds: number): Promise<Measurement>;
  /** Ends what was started; the database stays, for the audit. */
  stop(): Promise<void>;
}

export interface Stage {
  readonly cluster: BenchCluster;
  readonly checkout: Checkout;
  readonly side: Side;
  readonly place: Place;
  /** Empty, for whatever a server wants to keep beside its database. */
  readonly dataDir: string;
}

export const WORKLOADS = {
  posting: { phases: ["uniform", "hot"], prepare: preparePosting },
  market: {
    phases: ["purchase_uniform", "purchase_hot", "transfer", "wallet_get"],
    prepare: prepareMarketServer,
  },
} as const;

async function preparePosting({ cluster, side, place }: Stage): Promise<Contender> {
  await side.openLedger(place);
  return {
    run: (phase, seconds) => side.run({ phase, seconds, postmaster: cluster.pid }),
    stop: () => side.closeLedger(),
  };
}

async function prepareMarketServer(stage: Stage): Promise<Contender> {
  const { cluster, side, place } = stage;
  const admin = cluster.open("postgres", 1);
  await admin.query(`create database ${place.database}`);
  await admin.close();
  const requests = requestsOf(await side.seedMarket(place));
  const { child, port } = await startServer(stage);
  return {
    run: (phase, seconds) =>
      measure({ cluster, child, port }, requests[phase as MarketPhase], seconds),
    async stop() {
      child.kill("SIGTERM");
      if (child.exitCode === null) await once(child, "exit");
    },
  };
}

async function measure(
  { cluster, child, port }: { cluster: BenchCluster; child: ChildProcess; port: number },
  next: NextRequest,
  seconds: number,
): Promise<Measurement> {
  const [node, postgres] = [startProcessMeter(child.pid ?? 0), startProcessMeter(cluster.pid)];
  const { perSecond, p99Ms, byStatus } = await runLoad(port, seconds, next);
  const [nodeUs, postgresUs] = [node(), postgres()];
  const bad = Object.entries(byStatus).filter(([status]) => !status.startsWith("20"));
  if (bad.length > 0) throw new Error(`answers that are not 20x: ${JSON.stringify(byStatus)}`);
  const answers = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  return { perSecond, p99Ms, nodeUs: nodeUs / answers, postgresUs: postgresUs / answers };
}

type MarketPhase = (typeof WORKLOADS.market.phases)[number];

function requestsOf({ buyers, listings }: Market): Record<MarketPhase, NextRequest> {
  let serial = 0;
  const purchase = (itemId: string) =>
    requestBytes("POST", "/api/allinone/market/purchase", {
      token: pick(buyers).token,
      body: { itemId, currencyType: "gameCoins", quantity: 1 },
    });
  const [hot = ""] = listings;
  return {
    purchase_uniform: () => purchase(pick(listings)),
    purchase_hot: () => purchase(hot),
    transfer() {
      const at = Math.floor(Math.random() * buyers.length);
      const [from, to] = [buyers[at], buyers[(at + 1) % buyers.length]];
      serial += 1;
      return requestBytes("POST", "/api/v1/transfers", {
        token: from?.token ?? "",
        headers: [`Idempotency-Key: compare-${process.pid}-${serial}`],
        body: { from: from?.userId, to: to?.userId, currency: "game_coins", amount: "1" },
      });
    },
    wallet_get: () => requestBytes("GET", `/api/shared/wallet/${pick(buyers).userId}`),
  };
}

function pick<T>(values: readonly T[]): T {
  const value = values[Math.floor(Math.random() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

/** The built server, as `npm start` runs it. */
async function startServer({ checkout, place, dataDir }: Stage) {
  const port = await freePort();
  const { host, port: socket, database } = place;
  const child = spawn(process.execPath, [join(checkout.folder, "server/dist/main.js")], {
    cwd: checkout.folder,
    stdio: ["ignore", "ignore", "inherit"],
    env: {
      PATH: process.env["PATH"],
      HOME: process.env["HOME"],
      NODE_ENV: "production",
      HOST: "127.0.0.1",
      PORT: String(port),
      NEWDAY_DATA_DIR: dataDir,
      DATABASE_URL: `postgres://${SUPERUSER}@/${database}?host=${host}&port=${socket}`,
    },
  });
  process.on("exit", () => child.kill("SIGKILL")); // also when a turn fails
  const deadline = performance.now() + SERVER_START_MS;
  while (!(await isReady(port))) {
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`the server of ${checkout.label} did not start; its reason is above`);
    await sleep(POLL_MS);
  }
  return { child, port };
}

function isReady(port: number): Promise<boolean> {
  return fetch(`http://127.0.0.1:${port}/readyz`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
