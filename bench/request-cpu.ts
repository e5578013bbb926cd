/**
 * What authentication, spending limits and consents cost a request: transfers by a platform's key over HTTP at 64
 * connections, of payers without rules, with a spending limit, with a consent across platforms, and with both, in
 * turns. A CPU profile of the last ones is grouped by the folders of the source.
 *
 *   npm run bench:request-cpu            about two minutes
 *   npm run bench:request-cpu -- --quick about one
 *
 * Ends with one line of JSON. `checks_share` is the processor time of Node with the three checks on its stack, of
 * all that has a stack.
 */
import { prepareOwnDatabase } from "../server/src/adoption/prepare-own-database.ts";
import type { Database } from "../server/src/db/database.ts";
import { migrate } from "../server/src/db/migrations.ts";
import { createPostingEngine } from "../server/src/engine/engine.ts";
import { moveGameMoney } from "../server/src/game/rewards/game-money.ts";
import { createPlatformKey } from "../server/src/identity/platform-keys.ts";
import { scopesFor } from "../server/src/identity/scopes.ts";
import { audit } from "../server/src/integrity/audit.ts";
import { openWallets } from "../server/src/ledger/wallets/open-wallets.ts";
import { createPostingServices } from "../server/src/ledger/wallets/posting-services.ts";
import { createPostingRegistry } from "../server/src/start/posting-registry.ts";
import { CONNECTIONS, requestBytes, runLoad, type NextRequest } from "./market/http-load.ts";
import { startBenchCluster, SUPERUSER, type BenchCluster } from "./posting/bench-cluster.ts";
import { startProcessMeter } from "./posting/cpu.ts";
import {
  serveMeasured,
  startMeasuredServer,
  type MeasuredServer,
} from "./request-cpu/measured-server.ts";
import type { RoomTimes } from "./request-cpu/rooms.ts";

const IS_QUICK = process.argv.includes("--quick");
const ROUNDS = IS_QUICK ? 2 : 5;
const SECONDS = IS_QUICK ? 2 : 4;
const WARM_UP_SECONDS = 4;
const PROFILE_SECONDS = IS_QUICK ? 5 : 10;
/** Of each kind. */
const PAYERS = 500;
/** More than the payments of a run. */
const COINS = 1_000_000n;
const KINDS = ["plain", "limit", "consent", "both"] as const;
/** Never reached. */
const MAXIMUM = "1000000000000";
const SHOWN_SHARE = 0.002;

type Kind = (typeof KINDS)[number];

const hasLimit = (kind: Kind) => kind === "limit" || kind === "both";
const hasConsent = (kind: Kind) => kind === "consent" || kind === "both";

function payer(kind: Kind, n: number): string {
  return `${kind}-${n}`;
}

/** A user of the payer's platform; under a consent one of the other platform. */
function payee(kind: Kind, n: number): string {
  return hasConsent(kind) ? `moon:payee-${n}` : payer(kind, (n + 1) % PAYERS);
}

let requests = 0;

function transfersOf(kind: Kind, token: string): NextRequest {
  return () => {
    requests += 1;
    const n = requests % PAYERS;
    return requestBytes("POST", "/api/v1/transfers", {
      token,
      body: { from: payer(kind, n), to: payee(kind, n), currency: "game_coins", amount: "1" },
      headers: [`Idempotency-Key: ${kind}-${requests}`],
    });
  };
}

/** Payers with money, and users of a second platform. Returns the first platform's key. */
async function prepare(db: Database, { socketDir: host, port }: BenchCluster): Promise<string> {
  await migrate(db);
  const engine = createPostingEngine(db, createPostingRegistry(), { applicationName: "bench" });
  const connection = { host, port, user: SUPERUSER, database: "newday" };
  await prepareOwnDatabase(db, engine, { connection, tool: "bench" });
  await db.query("insert into newday.platforms (name, login_policy) values ('moon', 'none')");
  const services = createPostingServices(db, engine);
  const numbers = Array.from({ length: PAYERS }, (_, n) => n);
  const payers = KINDS.flatMap((kind) => numbers.map((n) => payer(kind, n)));
  await openWallets(services, [...payers, ...numbers.map((n) => payee("both", n))]);
  const reward = { amounts: { game_coins: COINS }, reason: "bench", gameId: null };
  await Promise.all(
    payers.map((userId) =>
      moveGameMoney(services, "reward", { ...reward, userId, idempotencyKey: undefined }),
    ),
  );
  await engine.drain();
  const wanted = { platform: "allinone", scopes: scopesFor("platform") };
  return (await createPlatformKey(db, wanted)).key;
}

/** Limits and consents as a platform's server sets them. */
async function setRules(port: number, key: string): Promise<void> {
  const post = async (path: string, body: object) => {
    const headers = {
      authorization: `Bearer ${key}`,
      "content-type": "application/json",
      "idempotency-key": crypto.randomUUID(),
    };
    const reply = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
      method: "POST",
      headers,
      body: JSON.stringify({ currency: "game_coins", reason: "bench", ...body }),
    });
    if (reply.status !== 201) throw new Error(`${path}: ${await reply.text()}`);
  };
  for (let n = 0; n < PAYERS; n += 1)
    await Promise.all(
      KINDS.flatMap((kind) => {
        const userId = payer(kind, n);
        const limit = { scope: "user", userId, window: "day", maximum: MAXIMUM };
        const consent = { platform: "moon", perDay: MAXIMUM, verbs: ["transfer"] };
        return [
          ...(hasLimit(kind) ? [post("/limits", limit)] : []),
          ...(hasConsent(kind) ? [post(`/wallets/${userId}/consents`, consent)] : []),
        ];
      }),
    );
}

/** Microseconds of a request. */
interface Costs {
  readonly node: number;
  readonly database: number;
}

interface Stage {
  readonly server: MeasuredServer;
  readonly postmaster: number;
  readonly next: Readonly<Record<Kind, NextRequest>>;
  readonly problems: Set<string>;
}

async function measure({ server, postmaster, next, problems }: Stage, kind: Kind): Promise<Costs> {
  const before = await server.cpu();
  const database = startProcessMeter(postmaster);
  const { byStatus, perSecond } = await runLoad(server.port, SECONDS, next[kind]);
  const used = { node: (await server.cpu()) - before, database: database() };
  const done = Object.values(byStatus).reduce((sum, count) => sum + count, 0);
  for (const status of Object.keys(byStatus))
    if (status !== "201") problems.add(`status ${status}`);
  const costs = { node: used.node / done, database: used.database / done };
  const rate = perSecond.toFixed(0).padStart(6);
  console.log(
    `${kind.padEnd(8)} ${rate}/s  node ${costs.node.toFixed(0)} us  PostgreSQL ${costs.database.toFixed(0)} us`,
  );
  return costs;
}

async function measureAll(stage: Stage): Promise<Record<Kind, Costs>> {
  for (const kind of KINDS) await runLoad(stage.server.port, WARM_UP_SECONDS, stage.next[kind]);
  const rounds: Record<Kind, Costs>[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const measured: [Kind, Costs][] = [];
    for (const kind of KINDS) measured.push([kind, await measure(stage, kind)]);
    rounds.push(Object.fromEntries(measured) as Record<Kind, Costs>);
  }
  const medians = KINDS.map((kind) => [
    kind,
    {
      node: median(rounds.map((round) => round[kind].node)),
      database: median(rounds.map((round) => round[kind].database)),
    },
  ]);
  return Object.fromEntries(medians) as Record<Kind, Costs>;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}

async function profile({ server, next }: Stage): Promise<RoomTimes> {
  await server.startProfile();
  await runLoad(server.port, PROFILE_SECONDS, next.both);
  return server.endProfile();
}

function printTimes({ rooms, checks, calls, total, placed }: RoomTimes): void {
  console.log("Node's time by folder of server/src, of requests with a limit and a consent:");
  printTable(rooms, total);
  console.log("within the checks, of the time with a stack:");
  printTable(checks, placed);
  printTable(calls, placed);
}

function printTable(times: Readonly<Record<string, number>>, of: number): void {
  for (const [name, time] of Object.entries(times).toSorted((one, other) => other[1] - one[1]))
    if (time > SHOWN_SHARE * of)
      console.log(`  ${((100 * time) / of).toFixed(1).padStart(5)} %  ${name}`);
}

async function bench(): Promise<void> {
  const cluster = await startBenchCluster();
  try {
    const admin = cluster.open("postgres", 1);
    await admin.query("create database newday");
    await admin.close();
    const db = cluster.open("newday", 10);
    const key = await prepare(db, cluster);
    await run(cluster, db, key);
    await db.close();
  } finally {
    await cluster.stop();
  }
}

async function run(cluster: BenchCluster, db: Database, key: string): Promise<void> {
  const server = await startMeasuredServer(cluster.socketDir, cluster.port);
  await setRules(server.port, key);
  await db.query("vacuum analyze");
  const next = Object.fromEntries(KINDS.map((kind) => [kind, transfersOf(kind, key)]));
  const stage: Stage = {
    server,
    postmaster: cluster.pid,
    next: next as Record<Kind, NextRequest>,
    problems: new Set(),
  };
  const costs = await measureAll(stage);
  const times = await profile(stage);
  await server.stop();
  printTimes(times);
  for (const { rule } of (await audit(db)).breaches) stage.problems.add(rule.en);
  report(costs, times, stage.problems);
}

function report(
  costs: Record<Kind, Costs>,
  { checks, placed }: RoomTimes,
  problems: ReadonlySet<string>,
): void {
  const share = (time: number) => Number((time / placed).toFixed(3));
  const ratio = (kind: Kind, part: keyof Costs) =>
    Number((costs[kind][part] / costs.plain[part]).toFixed(2));
  console.log(
    JSON.stringify({
      bench: "request-cpu",
      ratios: {
        checks_share: share(checks.authentication + checks.limits_and_consent),
        authentication_share: share(checks.authentication),
        limits_and_consent_share: share(checks.limits_and_consent),
        node_limit_to_plain: ratio("limit", "node"),
        node_consent_to_plain: ratio("consent", "node"),
        node_both_to_plain: ratio("both", "node"),
        database_limit_to_plain: ratio("limit", "database"),
        database_consent_to_plain: ratio("consent", "database"),
        database_both_to_plain: ratio("both", "database"),
      },
      figures: {
        connections: CONNECTIONS,
        ...Object.fromEntries(
          KINDS.flatMap((kind) => [
            [`${kind}_node_us`, Math.round(costs[kind].node)],
            [`${kind}_database_us`, Math.round(costs[kind].database)],
          ]),
        ),
      },
      invariants: problems.size === 0 ? "ok" : [...problems].join("; "),
    }),
  );
  if (problems.size > 0) process.exitCode = 1;
}

const [, bundle, flag, socketDir, port] = process.argv;
if (flag === "--serve")
  await serveMeasured(bundle ?? "", { socketDir: socketDir ?? "", port: Number(port) });
else await bench();
