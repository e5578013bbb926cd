/**
 * `npm run test:faults`: 24 callers that keep every answer, while servers, PostgreSQL, the lines
 * between them and the disk fail. Afterwards everything acknowledged is there once, every answer is
 * repeated under its key, every balance is what the answers add up to, and the audit is clean.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { createPlatformKey } from "../../src/identity/platform-keys.ts";
import { scopesFor } from "../../src/identity/scopes.ts";
import { until } from "../support/until.ts";
import { openArena, SERVICE_KEY, type Arena } from "./arena.ts";
import { runCaller, type Credentials, type Load, type Told } from "./caller.ts";
import { FAULT_NAMES, runChaos, type Chaos } from "./chaos.ts";
import {
  askAgain,
  checkAudit,
  checkDeadlocks,
  checkDurability,
  checkSums,
  readSums,
  type Checked,
} from "./checker.ts";
import { createFoundFaults } from "./found-faults.ts";
import type { CallerState } from "./operation-kind.ts";
import { createRandom } from "./random.ts";
import { printReport } from "./report.ts";
import { HELP, InvalidUsage, readFaultsRequest, type FaultsRequest } from "./request.ts";

const CALLERS = 24;
const EXIT_FOUND = 1;
const EXIT_INVALID_USAGE = 2;
const EXIT_INTERRUPTED = 130;
const PROGRESS_MS = 10_000;
const CHAOS_STREAM = CALLERS;

async function main(): Promise<void> {
  const request = readFaultsRequest(process.argv.slice(2));
  if (!request) return console.log(HELP);
  const unknown = request.faults?.filter((name) => !FAULT_NAMES.includes(name)) ?? [];
  if (unknown.length > 0)
    throw new InvalidUsage(`--faults ${unknown.join(",")}: use ${FAULT_NAMES.join(", ")}.`);
  console.log(`seed ${request.seed}; repeat with: npm run test:faults -- --seed ${request.seed}`);
  const arena = await openArena(request.servers ?? 2, request.minutes);
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void arena.close().then(() => process.exit(EXIT_INTERRUPTED)));
  try {
    await run(arena, request);
  } finally {
    await arena.close();
  }
}

async function run(arena: Arena, request: FaultsRequest): Promise<void> {
  const started = performance.now();
  const seconds = () => ((performance.now() - started) / 1_000).toFixed(0).padStart(4);
  const progress = (line: string) => console.log(`${seconds()} s  ${line}`);
  const [first, ...others] = arena.servers;
  await first?.start();
  if (!arena.disk) progress("no right to mount a disk: fill-disk is left out");
  const db = arena.open();
  const users = Array.from({ length: CALLERS }, (_, index) => `f${index}`);
  const credentials = await createCredentials(db, first?.base ?? "", users);
  await openWallets(first?.base ?? "", users, credentials);
  const before = await readSums(db, users);
  const found = createFoundFaults();
  const told: Told[] = [];
  const lostAnswers = new Map<string, number>();
  const states = createStates(users, request.seed);
  const done: Chaos["done"] = new Map();
  const queue: string[] = [];
  const names = request.faults ?? FAULT_NAMES.filter((name) => arena.disk ?? name !== "fill-disk");
  const random = createRandom(request.seed, CHAOS_STREAM);
  const phases = request.servers ? [request.servers] : [1, 2];
  for (const count of phases) {
    progress(`${count} server${count > 1 ? "s" : ""}, ${CALLERS} callers`);
    if (count > 1) for (const server of others) await server.start();
    const servers = arena.servers.slice(0, count);
    const end = performance.now() + (request.minutes * 60_000) / phases.length;
    const isOver = () => performance.now() > end;
    const bases = servers.map(({ base }) => base);
    const load: Load = {
      bases,
      credentials,
      found,
      told,
      lostAnswers,
      isOver,
      pauseMs: request.pauseMs,
      findLogLine: (text) => findLogLine(arena, text),
    };
    const beforeFault = () => checkDeadlocks({ db, found });
    const chaos = {
      beforeFault,
      arena: { ...arena, servers },
      random,
      found,
      done,
      queue,
      names,
      isOver,
    };
    await Promise.all([
      ...states.map((state) => runCaller(state, load)),
      runChaos({ ...chaos, progress: (line) => progress(`fault: ${line}`) }),
      reportProgress(load, progress),
    ]);
  }
  const bases = arena.servers.map(({ base }) => base);
  const unanswered = told.filter(({ answer }) => !answer).length;
  progress(
    `${told.length} operations; asking again, ${unanswered} of them without an answer so far`,
  );
  const checked: Checked = { db, bases, credentials, told, users, before, found };
  await checkDurability(checked);
  await askAgain(checked);
  progress("comparing sums");
  const sums = await checkSums(checked);
  await checkDeadlocks(checked);
  await checkAudit(checked);
  await db.close();
  const isSound = printReport({
    request,
    told,
    lostAnswers,
    done,
    found,
    sums,
    unanswered,
    progress,
  });
  process.exitCode = isSound ? 0 : EXIT_FOUND;
}

async function createCredentials(
  db: ReturnType<Arena["open"]>,
  base: string,
  userIds: readonly string[],
): Promise<Credentials> {
  const scopes = scopesFor("platform");
  const platform = await createPlatformKey(db, { platform: "allinone", scopes });
  const operator = await createPlatformKey(db, {
    platform: "newday",
    role: "operator",
    scopes: scopesFor("operator"),
  });
  const tokens = userIds.map(async (userId) => [userId, await logIn(base, userId)] as const);
  const users = new Map(await Promise.all(tokens));
  return { platform: platform.key, operator: operator.key, service: SERVICE_KEY, users };
}

async function logIn(base: string, allinoneUserId: string): Promise<string> {
  const response = await fetch(`${base}/api/allinone/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ allinoneUserId }),
  });
  const { token } = (await response.json()) as { token: string };
  return token;
}

async function openWallets(
  base: string,
  users: readonly string[],
  { platform, operator }: Credentials,
): Promise<void> {
  const ask = (as: string, method: string, path: string, body: object) => {
    const headers = {
      authorization: `Bearer ${as}`,
      "content-type": "application/json",
      "idempotency-key": `open ${path} ${JSON.stringify(body)}`,
    };
    return fetch(`${base}/api/v1${path}`, { method, headers, body: JSON.stringify(body) });
  };
  for (const userId of users) {
    await until(async () => (await ask(platform, "PUT", `/wallets/${userId}`, {})).ok);
    // Starter coins are locked; the load moves money among the callers.
    const given = {
      userId,
      currency: "game_coins",
      amount: "1000",
      reason: "load of the fault test",
    };
    await until(async () => (await ask(operator, "POST", "/adjustments", given)).ok);
  }
}

function findLogLine({ servers }: Arena, text: string): string | undefined {
  const lines = servers.flatMap((server) => server.output().split("\n"));
  return lines.find((line) => line.includes(text));
}

function createStates(users: readonly string[], seed: number): CallerState[] {
  const market: CallerState["market"] = [];
  return users.map((userId, index) => ({
    userId,
    random: createRandom(seed, index),
    others: users.filter((other) => other !== userId),
    holds: [],
    items: [],
    exported: [],
    given: [],
    listed: [],
    refundable: [],
    market,
    frozen: false,
    closed: false,
    definitionId: undefined,
    opened: 0,
    imported: 0,
    serial: 0,
  }));
}

async function reportProgress(load: Load, progress: (line: string) => void): Promise<void> {
  for (let next = performance.now() + PROGRESS_MS; !load.isOver(); await sleep(250)) {
    if (performance.now() < next) continue;
    next += PROGRESS_MS;
    const answered = load.told.filter(({ answer }) => answer).length;
    const lost = [...load.lostAnswers.values()].reduce((sum, count) => sum + count, 0);
    progress(`${answered} answered, ${lost} answers lost, ${load.found.byRule.size} rules broken`);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof InvalidUsage ? error.message : error);
  process.exit(error instanceof InvalidUsage ? EXIT_INVALID_USAGE : EXIT_FOUND);
});
