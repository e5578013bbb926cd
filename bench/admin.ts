/**
 * What operators ask of a large economy on the embedded database: the search for users, a heavy user's timeline and
 * page, and the economy's figures, over HTTP, beside the same search without an index in the same run; and what the
 * continuous audit costs a transfer.
 *
 * `--quick` takes a tenth. Ends with one line of JSON; each figure is the 99th percentile in milliseconds.
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import type { Database } from "../server/src/db/database.ts";
import { namePattern } from "../server/src/lib/name-pattern.ts";
import { createOperatorKey } from "../server/src/operators/operator-keys.ts";
import { measureAuditCost } from "./admin/audit-cost.ts";
import { seedEconomy } from "./admin/seed-economy.ts";
import { seedHeavyUser, seedUsers } from "./admin/seed.ts";
import { serve } from "./market/serve.ts";
import { startBenchCluster, type BenchCluster } from "./posting/bench-cluster.ts";
import { createLedger, FIRST_WALLET } from "./posting/ledger-history.ts";

const IS_QUICK = process.argv.includes("--quick");
const USERS = IS_QUICK ? 100_000 : 1_000_000;
/**
 * Each account has two entries of each round, so that all have ten million, and any user's account is heavy. In a round
 * of the accounts' number each would pay itself.
 */
const ACCOUNTS = IS_QUICK ? 1_000 : 2_500;
const ROUNDS = IS_QUICK ? 500 : 2_000;
const HEAVY = `bench-${FIRST_WALLET}`;
const HEAVY_ROWS = IS_QUICK ? 10_000 : 100_000;
const REQUESTS = 300;
const UNINDEXED_REQUESTS = 3;
/** The statistics need rows, not all of them. */
const COUNT_SECONDS = IS_QUICK ? 5 : 20;
const AUDIT_SECONDS = IS_QUICK ? 4 : 8;
const PERCENTILE = 0.99;

/** By what a support agent types: part of a name, one or two Chinese characters, ids. */
const SEARCHES: readonly ((n: number) => string)[] = [
  (n) => `ossi ${n % 99}`,
  (n) => ["anna", "Fisch", "van", "an", "a"][n % 5] ?? "",
  (n) => ["\u738b\u4f1f", "\u674e\u5a1c", "\u5f20\u654f"][n % 3] ?? "",
  (n) => ["\u738b", "\u971e", "\u9ad8"][n % 3] ?? "",
  (n) => ["\u0438\u0432\u0430\u043d", "\u041f\u0401\u0422\u0420 77"][n % 2] ?? "",
  (n) => `u${1 + ((n * 7_919) % USERS)}`,
  (n) => `moon:u${3 * (1 + ((n * 31) % (USERS / 3 - 1)))}`,
  () => "not there",
];

type Ask = (path: string) => Promise<string>;

async function percentile(
  label: string,
  ask: (n: number) => Promise<unknown>,
  requests = REQUESTS,
) {
  const waits: number[] = [];
  for (let n = 0; n < requests; n += 1) {
    const started = performance.now();
    await ask(n);
    waits.push(performance.now() - started);
  }
  const sorted = waits.toSorted((one, other) => one - other);
  const at = (part: number) => Number((sorted[Math.floor(sorted.length * part)] ?? 0).toFixed(1));
  console.log(`${label.padEnd(28)} p50 ${at(0.5)} ms, p99 ${at(PERCENTILE)} ms`);
  return at(PERCENTILE);
}

/** Without the index of pieces: what the pattern costs on every row. */
function searchUnindexed(db: Database, part: string): Promise<unknown> {
  return db.query(
    `select user_id from newday.users
      where (user_id || E'\n' || external_id || E'\n' || display_name) collate "C" ~ $1
      order by user_id collate "C" limit 51`,
    [namePattern(part)],
  );
}

async function measure(db: Database, ask: Ask, problems: string[]) {
  const search = (part: string) => ask(`/users?q=${encodeURIComponent(part)}`);
  const searchOf = (n: number) => search(SEARCHES[n % SEARCHES.length]?.(n) ?? "");
  await percentile("warm-up", searchOf, SEARCHES.length * 5);
  for (const [at, part] of SEARCHES.entries())
    await percentile(`search ${part(1)}`, (n) => search(part(n)), 30 + at);
  const found = await percentile("search, mixed", searchOf);
  const unindexed = await percentile(
    "search without the index",
    () => searchUnindexed(db, "ossi 42"),
    UNINDEXED_REQUESTS,
  );
  let cursor = "";
  const timeline = await percentile("timeline, page by page", async () => {
    const text = await ask(`/users/${HEAVY}/timeline?limit=50${cursor && `&cursor=${cursor}`}`);
    const { data, nextCursor } = JSON.parse(text) as { data: unknown[]; nextCursor: string };
    if (data.length !== 50) problems.push(`a page of the timeline has ${data.length} events`);
    cursor = nextCursor;
  });
  const page = await percentile("user page", () => ask(`/users/${HEAVY}`));
  const economy = await percentile("economy overview", () => ask("/economy"));
  return { found, unindexed, timeline, page, economy };
}

/** Every search of the mix returns what it names. */
async function check(ask: Ask, problems: string[]): Promise<void> {
  const last = `u${USERS - 1}`;
  const { data } = JSON.parse(await ask(`/users?q=${last}`)) as { data: { externalId: string }[] };
  if (data[0]?.externalId !== last) problems.push(`${last} is not the first of its search`);
  const none = JSON.parse(await ask("/users?q=not%20there")) as { data: unknown[] };
  if (none.data.length > 0) problems.push("a text that no name has is found");
}

async function bench(): Promise<void> {
  const cluster = await startBenchCluster("embedded");
  try {
    const db = await createLedger(cluster, "newday", { accounts: ACCOUNTS, rounds: ROUNDS });
    console.log(`entries      ${(2 * ACCOUNTS * ROUNDS).toLocaleString("en")}`);
    const seconds = await seedUsers(db, USERS);
    console.log(`users        ${USERS.toLocaleString("en")}, indexes in ${seconds.toFixed(0)} s`);
    await seedHeavyUser(db, HEAVY, HEAVY_ROWS);
    await seedEconomy(db, COUNT_SECONDS);
    await run(cluster, db);
    await db.close();
  } finally {
    await cluster.stop();
  }
}

async function run(cluster: BenchCluster, db: Database): Promise<void> {
  const wanted = { label: "bench", role: "viewer", expiresAt: null } as const;
  const key = await createOperatorKey(db, { operator: "bench", dryRun: false }, wanted);
  const child = fork(process.argv[1] ?? "", ["--serve", cluster.socketDir, `${cluster.port}`]);
  const [port] = (await once(child, "message")) as [number];
  const problems: string[] = [];
  const ask: Ask = async (path) => {
    const headers = { authorization: `Bearer ${key.secret ?? ""}` };
    const reply = await fetch(`http://127.0.0.1:${port}/api/admin${path}`, { headers });
    const text = await reply.text();
    if (reply.status !== 200) problems.push(`${path}: ${text.slice(0, 200)}`);
    return text;
  };
  await check(ask, problems);
  const figures = await measure(db, ask, problems);
  child.disconnect();
  await once(child, "exit");
  const auditCost = await measureAuditCost(cluster, db, {
    accounts: ACCOUNTS,
    seconds: AUDIT_SECONDS,
  });
  report({ ...figures, auditCost }, problems);
}

type Figures = Awaited<ReturnType<typeof measure>> & { readonly auditCost: number };

function report(
  { found, unindexed, timeline, page, economy, auditCost }: Figures,
  problems: readonly string[],
): void {
  console.log(
    JSON.stringify({
      bench: "admin",
      ratios: {
        unindexed_search_to_search: Number((unindexed / found).toFixed(2)),
        audit_cost_ratio: Number(auditCost.toFixed(3)),
      },
      figures: {
        search_p99_ms: found,
        timeline_p99_ms: timeline,
        user_page_p99_ms: page,
        economy_p99_ms: economy,
      },
      invariants: problems.length === 0 ? "ok" : [...new Set(problems)].join("; "),
    }),
  );
  if (problems.length > 0) process.exitCode = 1;
}

const [, , flag, socketDir, port] = process.argv;
if (flag === "--serve") await serve(socketDir ?? "", Number(port));
else await bench();
