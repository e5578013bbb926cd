/**
 * The worst legal requests beside a quiet server, in one run: a market full of the largest facts (H2), a
 * flood of gifts (H1), and the largest bulk of transfers (H3), while another user asks for a balance.
 *
 * Ends with one line of JSON: the rate of the market page after the attack against the one before, how long
 * the other user waits, and the bytes of the flooded inventory.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { Database } from "../server/src/db/database.ts";
import { migrate } from "../server/src/db/migrations.ts";
import { createPostingEngine } from "../server/src/engine/engine.ts";
import { moveGameMoney } from "../server/src/game/rewards/game-money.ts";
import { createPlatformKey } from "../server/src/identity/platform-keys.ts";
import { scopesFor } from "../server/src/identity/scopes.ts";
import { audit } from "../server/src/integrity/audit.ts";
import {
  createPostingServices,
  type PostingServices,
} from "../server/src/ledger/wallets/posting-services.ts";
import { createPostingRegistry } from "../server/src/start/posting-registry.ts";
import { prepareOwnDatabase } from "../server/src/adoption/prepare-own-database.ts";
import { requestBytes, runLoad } from "./market/http-load.ts";
import { serve } from "./market/serve.ts";
import { startBenchCluster, SUPERUSER, type BenchCluster } from "./posting/bench-cluster.ts";

const SECONDS = process.argv.includes("--quick") ? 2 : 4;
/** Market pages before and after, in turns would mix both markets: each has its median of three. */
const ROUNDS = 3;
const WARM_UP_SECONDS = 2;
const PLAIN_LISTINGS = 100;
/** Each seller may list so many imported pieces. */
const LISTINGS_PER_SELLER = 20;
const ATTACK_LISTINGS = 200;
const GIVERS = 10;
const GIFTS_PER_GIVER = 40;
const BULKS = 5;
const BULK_ITEMS = 1_000;
const METADATA_MEMBERS = 12;
/** Of the neighbour, who asks again at once. */
const NEIGHBOUR_PAUSE_MS = 2;

const MARKET = "/api/allinone/market/items?limit=100";
const INVENTORY = "/api/allinone/inventory";

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** Calls of the server under test, one method a credential. */
function client(port: number, token?: string) {
  const headers: Record<string, string> = token ? { authorization: `Bearer ${token}` } : {};
  const base = `http://127.0.0.1:${port}`;
  return {
    async get(path: string): Promise<Answer> {
      const answer = await fetch(base + path, { headers });
      return { status: answer.status, text: await answer.text() };
    },
    async post(path: string, body: object | string, key?: string): Promise<Answer> {
      const answer = await fetch(base + path, {
        method: "POST",
        headers: {
          ...headers,
          "content-type": "application/json",
          ...(key ? { "idempotency-key": key } : {}),
        },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      return { status: answer.status, text: await answer.text() };
    },
  };
}

type Client = ReturnType<typeof client>;

async function logIn(port: number, userId: string): Promise<Client> {
  const login = { allinoneUserId: userId, allinoneUsername: userId };
  const { text } = await client(port).post("/api/allinone/auth/login", login);
  return client(port, (JSON.parse(text) as { token: string }).token);
}

async function importStack(user: Client, facts: object): Promise<Answer> {
  const rest = { itemType: "weapon", rarity: "legendary", quantity: 1_000 };
  return user.post("/api/allinone/inventory/add", { ...rest, itemId: "stack", ...facts });
}

function idOf({ status, text }: Answer): string {
  if (status !== 200) throw new Error(`the import failed: ${text}`);
  return (JSON.parse(text) as { item: { id: string } }).item.id;
}

const NAME = "n".repeat(255);

/** The definition of the attack, as it once was let in: 19 KB. */
const HUGE = {
  name: NAME,
  description: "d".repeat(2_000),
  stats: Object.fromEntries(Array.from({ length: 64 }, (_, n) => [`s${n}`, "x".repeat(200)])),
};
/** The largest that is let in. */
const LARGEST = {
  name: NAME,
  description: "d".repeat(2_000),
  stats: Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`s${n}`, "x".repeat(190)])),
};

/** Lists pieces of these facts, by as many sellers as it takes, of whom each tries one piece too many. */
async function list(port: number, who: string, facts: object, count: number): Promise<number> {
  let listed = 0;
  for (let n = 0; listed < count; n += 1) {
    const seller = await logIn(port, `${who}-${n}`);
    const itemId = idOf(await importStack(seller, facts));
    const offer = { itemId, name: NAME, itemType: "weapon", price: { gameCoins: 5 }, quantity: 1 };
    for (let m = 0; m <= LISTINGS_PER_SELLER; m += 1)
      if ((await seller.post("/api/allinone/market/list", offer)).status === 201) listed += 1;
  }
  return listed;
}

async function marketRate(port: number): Promise<number> {
  const page = () => requestBytes("GET", MARKET);
  await runLoad(port, WARM_UP_SECONDS, page);
  const rates: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    rates.push((await runLoad(port, SECONDS, page)).perSecond);
  return rates.sort((a, b) => a - b)[1] ?? 0;
}

/** Asks for a balance until `done`; returns the milliseconds of each answer. */
async function askMeanwhile(neighbour: Client, done: Promise<unknown>): Promise<number[]> {
  let running = true;
  void done.finally(() => (running = false));
  const waits: number[] = [];
  while (running) {
    const asked = performance.now();
    await neighbour.get("/api/allinone/wallet/balance");
    waits.push(performance.now() - asked);
    await sleep(NEIGHBOUR_PAUSE_MS);
  }
  return waits;
}

function percentile99(waits: readonly number[]): number {
  const sorted = waits.toSorted((a, b) => a - b);
  return Number((sorted[Math.floor(sorted.length * 0.99)] ?? 0).toFixed(1));
}

function largestBulk(): object {
  const metadata = Object.fromEntries(
    Array.from({ length: METADATA_MEMBERS }, (_, n) => [`member-${n}`, "v".repeat(40)]),
  );
  const one = { from: "payer", to: "payee", currency: "game_coins", amount: "1", metadata };
  return { mode: "independent", transfers: Array.from({ length: BULK_ITEMS }, () => one) };
}

interface Attack {
  readonly port: number;
  readonly key: string;
  readonly problems: string[];
}

/** H2: the market before and after 200 listings of the largest facts. */
async function floodMarket({ port, problems }: Attack) {
  await list(port, "shopkeeper", { name: NAME, description: "sword" }, PLAIN_LISTINGS);
  const before = await marketRate(port);
  const attacker = await logIn(port, "attacker");
  if ((await importStack(attacker, HUGE)).status !== 400)
    problems.push("19 KB of facts are let in");
  const listed = await list(port, "attacker", LARGEST, ATTACK_LISTINGS);
  const bytes = Buffer.byteLength((await client(port).get(MARKET)).text);
  const after = await marketRate(port);
  console.log(`market page  ${before.toFixed(0)}/s before, ${after.toFixed(0)}/s after`);
  console.log(`market page  ${bytes} bytes with ${listed} listings of the attacker`);
  return { before, after, bytes };
}

/** H1: gifts of the largest facts from many givers to one receiver. */
async function floodInventory({ port, problems }: Attack) {
  const receiver = await logIn(port, "receiver");
  let given = 0;
  for (let n = 0; n < GIVERS; n += 1) {
    const giver = await logIn(port, `giver-${n}`);
    const gift = { itemId: idOf(await importStack(giver, LARGEST)), targetUserId: "receiver" };
    for (let m = 0; m < GIFTS_PER_GIVER; m += 1) {
      const key = `gift-${n}-${m}`;
      const { status, text } = await giver.post(
        "/api/allinone/market/transfer",
        { ...gift, quantity: 1 },
        key,
      );
      if (status === 200) given += 1;
      else if (status !== 409 || !text.includes("GIFT_LIMIT")) problems.push(`gift: ${text}`);
    }
  }
  const { text } = await receiver.get(INVENTORY);
  console.log(`inventory    ${Buffer.byteLength(text)} bytes after ${given} gifts`);
  return Buffer.byteLength(text);
}

/** H3: the largest bulk, again and again, beside a neighbour. */
async function floodPostings({ port, key, problems }: Attack) {
  const platform = client(port, key);
  const neighbour = await logIn(port, "neighbour");
  const quiet = await askMeanwhile(neighbour, sleep(SECONDS * 1_000));
  const body = JSON.stringify(largestBulk());
  const answers: Answer[] = [];
  const durations: number[] = [];
  const bulks = async () => {
    for (let n = 0; n < BULKS; n += 1) {
      const started = performance.now();
      answers.push(await platform.post("/api/v1/transfers/bulk", body, `bulk-${n}`));
      durations.push(Math.round(performance.now() - started));
    }
  };
  const waits = await askMeanwhile(neighbour, bulks());
  // Read afterwards: the neighbour asks from this process and would wait for it.
  for (const { status, text } of answers) {
    const { posted } = JSON.parse(text) as { posted?: number };
    if (status !== 200 || posted !== BULK_ITEMS) problems.push(`bulk: ${text.slice(0, 200)}`);
  }
  const kilobytes = Math.round(body.length / 1_000);
  console.log(`bulk         ${kilobytes} KB in ${durations.join(", ")} ms`);
  console.log(
    `neighbour    p99 ${percentile99(quiet)} ms quiet, ${percentile99(waits)} ms beside it`,
  );
  return { quiet: percentile99(quiet), during: percentile99(waits), durations };
}

async function prepare(cluster: BenchCluster, db: Database, services: PostingServices) {
  await migrate(db);
  const { socketDir: host, port } = cluster;
  const connection = { host, port, user: SUPERUSER, database: "newday" };
  await prepareOwnDatabase(db, services.engine, { connection, tool: "bench" });
  const { key } = await createPlatformKey(db, {
    platform: "allinone",
    scopes: scopesFor("platform"),
  });
  return key;
}

async function bench(): Promise<void> {
  const cluster = await startBenchCluster();
  try {
    const admin = cluster.open("postgres", 1);
    await admin.query("create database newday");
    await admin.close();
    const db = cluster.open("newday", 4);
    const engine = createPostingEngine(db, createPostingRegistry(), { applicationName: "bench" });
    const services = createPostingServices(db, engine);
    const key = await prepare(cluster, db, services);
    const child = fork(process.argv[1] ?? "", ["--serve", cluster.socketDir, `${cluster.port}`]);
    const [port] = (await once(child, "message")) as [number];
    const attack: Attack = { port, key, problems: [] };
    await logIn(port, "payer");
    await logIn(port, "payee");
    await moveGameMoney(services, "reward", {
      userId: "payer",
      amounts: { game_coins: 1_000_000n },
      reason: "bench",
      gameId: null,
      idempotencyKey: undefined,
    });
    const bulk = await floodPostings(attack);
    const market = await floodMarket(attack);
    const inventoryBytes = await floodInventory(attack);
    child.disconnect();
    await once(child, "exit");
    const { breaches } = await audit(db);
    attack.problems.push(...breaches.map(({ rule }) => rule.en));
    report({ bulk, market, inventoryBytes, problems: attack.problems });
    await engine.drain();
    await db.close();
  } finally {
    await cluster.stop();
  }
}

function report({
  bulk,
  market,
  inventoryBytes,
  problems,
}: {
  readonly bulk: Awaited<ReturnType<typeof floodPostings>>;
  readonly market: Awaited<ReturnType<typeof floodMarket>>;
  readonly inventoryBytes: number;
  readonly problems: readonly string[];
}): void {
  console.log(
    JSON.stringify({
      bench: "worst",
      ratios: { market_page_after_attack: Number((market.after / market.before).toFixed(3)) },
      figures: {
        neighbour_p99_ms_during_bulk: bulk.during,
        neighbour_p99_ms_quiet: bulk.quiet,
        bulk_ms: bulk.durations.toSorted((a, b) => a - b)[Math.floor(BULKS / 2)],
        market_page_bytes_after_attack: market.bytes,
        inventory_bytes_after_gifts: inventoryBytes,
      },
      invariants: problems.length === 0 ? "ok" : problems.join("; "),
    }),
  );
  if (problems.length > 0) process.exitCode = 1;
}

const [, , flag, socketDir, port] = process.argv;
if (flag === "--serve") await serve(socketDir ?? "", Number(port));
else await bench();
