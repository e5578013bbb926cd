/**
 * Purchases over HTTP at 64 connections, spread over 500 player listings and all on one of them,
 * beside the engine's own transfers and empty routes of the same server.
 *
 * Every purchase debits a buyer, pays a seller, takes the fee, splits the item off the seller's
 * stack and answers when that is durable. The phases take turns, so that a noisy moment hits all of
 * them; at the end the audit checks money and items. Ends with one line of JSON.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Database } from "../server/src/db/database.ts";
import { audit } from "../server/src/integrity/audit.ts";
import {
  createPostingServices,
  type PostingServices,
} from "../server/src/ledger/wallets/posting-services.ts";
import { createPostingEngine } from "../server/src/engine/engine.ts";
import { operationOf } from "../server/src/engine/operation-type.ts";
import { transferOperation } from "../server/src/ledger/transfers/transfer-operation.ts";
import { ownAccountOf } from "../server/src/ledger/wallets/wallet-accounts.ts";
import { createPostingRegistry } from "../server/src/start/posting-registry.ts";
import {
  CONNECTIONS,
  requestBytes,
  runLoad,
  type LoadResult,
  type NextRequest,
} from "./market/http-load.ts";
import { prepareMarket, type Seeded } from "./market/seed.ts";
import { NOOP, serve } from "./market/serve.ts";
import { startBenchCluster, SUPERUSER, type BenchCluster } from "./posting/bench-cluster.ts";

const quick = process.argv.includes("--quick");
const ROUNDS = quick ? 2 : 5;
const SECONDS = quick ? 2 : 4;
const ENGINE_SECONDS = 3;
/** Until the rates are steady from round to round: code is compiled, rows are cached. */
const WARM_UP_SECONDS = 4;

type Phase = "post_noop" | "purchase_uniform" | "purchase_hot" | "get_noop" | "wallet_get";

function pick<T>(values: readonly T[]): T {
  const value = values[Math.floor(Math.random() * values.length)];
  if (value === undefined) throw new Error("nothing to pick from");
  return value;
}

function requestsOf({ buyers, listings }: Seeded): Record<Phase, NextRequest> {
  const purchase = (path: string, itemId: string) =>
    requestBytes("POST", path, {
      token: pick(buyers).token,
      body: { itemId, currencyType: "gameCoins", quantity: 1 },
    });
  const market = "/api/allinone/market/purchase";
  const [hot = ""] = listings;
  return {
    post_noop: () => purchase(NOOP, hot),
    purchase_uniform: () => purchase(market, pick(listings)),
    purchase_hot: () => purchase(market, hot),
    get_noop: () => requestBytes("GET", NOOP),
    wallet_get: () => requestBytes("GET", `/api/shared/wallet/${pick(buyers).userId}`),
  };
}

async function measure(port: number, seeded: Seeded): Promise<Record<Phase, LoadResult[]>> {
  const requests = requestsOf(seeded);
  const phases = Object.keys(requests) as Phase[];
  const results = Object.fromEntries(phases.map((phase) => [phase, [] as LoadResult[]])) as Record<
    Phase,
    LoadResult[]
  >;
  for (const phase of phases) await runLoad(port, WARM_UP_SECONDS, requests[phase]);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const phase of phases) {
      const result = await runLoad(port, SECONDS, requests[phase]);
      results[phase].push(result);
      console.log(
        `${phase.padEnd(17)} ${result.perSecond.toFixed(0).padStart(6)}/s  p50 ${result.p50Ms.toFixed(1)} ms  p99 ${result.p99Ms.toFixed(1)} ms  ${JSON.stringify(result.byStatus)}`,
      );
    }
  return results;
}

/** Transfers between buyers, as many at a time as there are connections. */
async function engineTransfers(services: PostingServices, { buyers }: Seeded): Promise<number> {
  const until = performance.now() + ENGINE_SECONDS * 1_000;
  let posted = 0;
  const worker = async () => {
    while (performance.now() < until) {
      const [from, to] = [pick(buyers).userId, pick(buyers).userId];
      if (from === to) continue;
      const [payer, payee] = await Promise.all([
        services.directory.walletNumber(from),
        services.directory.walletNumber(to),
      ]);
      const payload = {
        from: ownAccountOf(payer, "game_coins"),
        to: ownAccountOf(payee, "game_coins"),
        amount: 1n,
      };
      await services.engine.submit(operationOf(transferOperation, payload, { caller: "bench" }));
      posted += 1;
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return posted / ENGINE_SECONDS;
}

function median(results: readonly LoadResult[]): number {
  const sorted = results.map(({ perSecond }) => perSecond).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

async function unexpected(db: Database, results: Record<Phase, LoadResult[]>): Promise<string[]> {
  const statuses = Object.values(results)
    .flat()
    .flatMap(({ byStatus }) => Object.keys(byStatus))
    .filter((status) => status !== "200");
  const { breaches } = await audit(db);
  return [...statuses.map((status) => `status ${status}`), ...breaches.map(({ rule }) => rule.en)];
}

async function startServer(cluster: BenchCluster) {
  const child = fork(process.argv[1] ?? "", ["--serve", cluster.socketDir, `${cluster.port}`]);
  const [port] = (await once(child, "message")) as [number];
  return { child, port };
}

async function bench(): Promise<void> {
  const cluster = await startBenchCluster();
  try {
    const admin = cluster.open("postgres", 1);
    await admin.query("create database newday");
    await admin.close();
    const db = cluster.open("newday", 10);
    const engine = createPostingEngine(db, createPostingRegistry(), { applicationName: "bench" });
    const services = createPostingServices(db, engine);
    const seeded = await prepareMarket(db, services, {
      host: cluster.socketDir,
      port: cluster.port,
      user: SUPERUSER,
      database: "newday",
    });
    const transfers = await engineTransfers(services, seeded);
    const { child, port } = await startServer(cluster);
    const results = await measure(port, seeded);
    child.disconnect();
    await once(child, "exit");
    report(results, { transfers, broken: await unexpected(db, results) });
    await engine.drain();
    await db.close();
  } finally {
    await cluster.stop();
  }
}

function report(
  results: Record<Phase, LoadResult[]>,
  { transfers, broken }: { transfers: number; broken: readonly string[] },
): void {
  const rate = (phase: Phase) => median(results[phase]);
  const ratio = (a: number, b: number) => Number((a / b).toFixed(3));
  console.log(
    JSON.stringify({
      bench: "market",
      ratios: {
        purchase_http_vs_noop: ratio(rate("purchase_uniform"), rate("post_noop")),
        hot_vs_uniform: ratio(rate("purchase_hot"), rate("purchase_uniform")),
        wallet_get_http_vs_noop: ratio(rate("wallet_get"), rate("get_noop")),
        purchase_http_vs_engine_transfer: ratio(rate("purchase_uniform"), transfers),
      },
      figures: {
        ...Object.fromEntries(
          Object.entries(results).map(([phase, rounds]) => [
            `${phase}_per_s`,
            Math.round(median(rounds)),
          ]),
        ),
        engine_transfers_per_s: Math.round(transfers),
        connections: CONNECTIONS,
      },
      invariants: broken.length === 0 ? "ok" : broken.join("; "),
    }),
  );
  if (broken.length > 0) process.exitCode = 1;
}

const [, , flag, socketDir, port] = process.argv;
if (flag === "--serve") await serve(socketDir ?? "", Number(port));
else await bench();
