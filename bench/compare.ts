/**
 * Compares the speed of the working copy with that of a commit: both are built, fill a database each on
 * one PostgreSQL 15, and take turns in the order A B B A, so that a drift of the machine hits both.
 *
 *   npm run bench:compare -- --against COMMIT posting|market
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkOut, prepare, workingCopy, type Checkout } from "./compare/checkout.ts";
import { compare, mean, type Comparison, type Spread } from "./compare/judge.ts";
import type { Measurement } from "./compare/measurement.ts";
import { HELP, readRequest, Refused, type Request } from "./compare/request.ts";
import { startSide } from "./compare/side-process.ts";
import { WORKLOADS, type Contender } from "./compare/workload.ts";
import { POSTGRES_BIN, startBenchCluster, type BenchCluster } from "./posting/bench-cluster.ts";

const EXIT_WRONG_REQUEST = 2;

type Name = "this" | "against";
type Turns = Map<string, Record<Name, Measurement[]>>;

interface Competitor extends Contender {
  readonly name: Name;
  /** Names the rules that the audit finds broken, and ends the side. */
  finish(): Promise<readonly string[]>;
}

async function main(): Promise<void> {
  const request = readRequest(process.argv.slice(2));
  if (!request) return console.log(HELP);
  if (!existsSync("/proc/self/stat") || !existsSync(`${POSTGRES_BIN}/postgres`))
    throw new Refused(`A comparison needs Linux and PostgreSQL 15 in ${POSTGRES_BIN}.`);
  const folder = mkdtempSync(join(tmpdir(), "newday-compare-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const root = process.cwd();
  const checkouts = {
    this: workingCopy(root),
    against: checkOut(root, request.against, join(folder, "checkout")),
  };
  for (const checkout of Object.values(checkouts)) prepare(checkout);
  const cluster = await startBenchCluster();
  const stop = () => void cluster.stop().finally(() => process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop);
  try {
    await race(request, { cluster, checkouts, root, folder });
  } finally {
    await cluster.stop();
  }
}

interface Arena {
  readonly cluster: BenchCluster;
  readonly checkouts: Readonly<Record<Name, Checkout>>;
  readonly root: string;
  readonly folder: string;
}

async function race(request: Request, arena: Arena): Promise<void> {
  await avoidCheckpoints(arena.cluster);
  const ours = await enter("this", request, arena);
  const theirs = await enter("against", request, arena);
  const { phases } = WORKLOADS[request.workload];
  console.log("warming up");
  for (const competitor of [ours, theirs])
    for (const phase of phases) await competitor.run(phase, request.seconds);
  const turns: Turns = new Map(phases.map((phase) => [phase, { this: [], against: [] }]));
  for (let round = 1; round <= request.rounds; round += 1) {
    console.log(`round ${round} of ${request.rounds}`);
    const [first, second] = round % 2 === 1 ? [ours, theirs] : [theirs, ours];
    for (const phase of phases) {
      const before = await takeTurn(first, phase, request);
      const twice = [
        await takeTurn(second, phase, request),
        await takeTurn(second, phase, request),
      ];
      const after = await takeTurn(first, phase, request);
      turns.get(phase)?.[first.name].push(mean([before, after]));
      turns.get(phase)?.[second.name].push(mean(twice));
    }
  }
  const broken = [...(await ours.finish()), ...(await theirs.finish())];
  report(turns, arena.checkouts, broken);
}

/** A checkpoint in the middle would slow down the commit whose turn it is. */
async function avoidCheckpoints(cluster: BenchCluster): Promise<void> {
  const admin = cluster.open("postgres", 1);
  await admin.query("alter system set checkpoint_timeout = '1h'");
  await admin.query("alter system set max_wal_size = '32GB'");
  await admin.query("select pg_reload_conf()");
  await admin.close();
}

async function enter(name: Name, { workload }: Request, arena: Arena): Promise<Competitor> {
  const { cluster, checkouts, root, folder } = arena;
  const checkout = checkouts[name];
  console.log(`preparing ${name}: ${checkout.label}`);
  const side = await startSide(root, checkout.folder);
  const place = { host: cluster.socketDir, port: cluster.port, database: `compare_${name}` };
  const dataDir = join(folder, name);
  mkdirSync(dataDir);
  const stage = { cluster, checkout, side, place, dataDir };
  const contender = await WORKLOADS[workload].prepare(stage);
  return {
    ...contender,
    name,
    async finish() {
      await contender.stop();
      const rules = await side.audit(place);
      side.stop();
      return rules.map((rule) => `${name}: ${rule}`);
    },
  };
}

async function takeTurn(
  competitor: Competitor,
  phase: string,
  { seconds }: Request,
): Promise<Measurement> {
  const measurement = await competitor.run(phase, seconds);
  const { perSecond, p99Ms, nodeUs, postgresUs } = measurement;
  console.log(
    `  ${phase.padEnd(17)} ${competitor.name.padEnd(8)} ${perSecond.toFixed(0).padStart(6)}/s  p99 ${p99Ms.toFixed(1)} ms  Node ${nodeUs.toFixed(1)} us  PostgreSQL ${postgresUs.toFixed(1)} us`,
  );
  return measurement;
}

function report(
  turns: Turns,
  checkouts: Readonly<Record<Name, Checkout>>,
  broken: readonly string[],
): void {
  const rows = [...turns].flatMap(([phase, sides]) => compare(phase, sides.this, sides.against));
  console.log(`this: ${checkouts.this.label}; against: ${checkouts.against.label}`);
  console.log("median [lowest to highest], this and against:");
  for (const row of rows) console.log(line(row));
  const worse = rows.filter(({ isWorse }) => isWorse).map(({ name }) => name);
  console.log(worse.length === 0 ? "Nothing is worse." : `Worse: ${worse.join(", ")}.`);
  console.log(
    JSON.stringify({
      bench: "compare",
      ratios: Object.fromEntries(rows.map(({ name, ratio }) => [name, Number(ratio.toFixed(3))])),
      figures: Object.fromEntries(
        rows.flatMap(({ name, ours, theirs }) => [
          [`${name}_this`, Number(ours.median.toFixed(2))],
          [`${name}_against`, Number(theirs.median.toFixed(2))],
        ]),
      ),
      invariants: broken.length === 0 ? "ok" : broken.join("; "),
    }),
  );
  if (worse.length > 0 || broken.length > 0) process.exitCode = 1;
}

function line({ name, ours, theirs, ratio, isWorse }: Comparison): string {
  const sides = `${spread(ours).padEnd(30)} ${spread(theirs).padEnd(30)}`;
  return `  ${name.padEnd(29)} ${sides} x ${ratio.toFixed(3)}${isWorse ? "  WORSE" : ""}`;
}

function spread({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(1)} [${lowest.toFixed(1)} to ${highest.toFixed(1)}]`;
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Refused)) throw error;
  console.error(`${error.message}\nnpm run bench:compare -- --help says more.`);
  process.exitCode = EXIT_WRONG_REQUEST;
}
