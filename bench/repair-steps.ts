/**
 * Time and memory of each step of the repair, and of the adoption after it, on a large legacy database, by the commands that an
 * operator runs: `npm run bench:repair-steps -- --rows 3000000`.
 *
 * Prints the table of docs/repair/large-databases.md, and one line of JSON at the end.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { planHash, shortHash } from "../server/src/repair/model/plan.ts";
import { readPlanFile } from "../server/src/repair/plan/plan-file.ts";
import { startBenchCluster, SUPERUSER, type BenchCluster } from "./posting/bench-cluster.ts";
import { connect, fillRows, loadLegacy, targetOf } from "./repair/legacy-database.ts";
import { runMeasured, type MeasuredCommand } from "./repair/measured-command.ts";

const { values: OPTIONS } = parseArgs({
  options: { rows: { type: "string", default: "3000000" } },
});
const DATABASE = "bench_steps";
const ENVIRONMENT = "production";
const EXTERNAL_USERS = 100;
/** Everything that changes the database asks for these facts. */
const FACTS = ["--confirm-database", DATABASE, "--confirm-environment", ENVIRONMENT];

interface Step extends MeasuredCommand {
  readonly name: string;
}

/** Runs commands of `newday` one after the other and keeps the measurements of those with a name. */
function recorder(cluster: BenchCluster, folder: string) {
  const steps: Step[] = [];
  const url = `postgres://${SUPERUSER}@/${DATABASE}?host=${encodeURIComponent(cluster.socketDir)}&port=${cluster.port}`;
  return {
    steps,
    run: async (name: string | undefined, args: readonly string[]): Promise<void> => {
      const measured = await runMeasured(args, { cwd: folder, postmaster: cluster.pid, url });
      if (measured.status !== 0)
        throw new Error(`${args.join(" ")}: exit ${measured.status}\n${measured.output}`);
      if (name === undefined) return;
      steps.push({ name, ...measured });
      console.log(rowOf({ name, ...measured }));
    },
  };
}

type Recorder = ReturnType<typeof recorder>;

function repairBy({ run }: Recorder) {
  return (name: string | undefined, args: readonly string[]) => run(name, ["repair", ...args]);
}

async function forward(recorder: Recorder, folder: string): Promise<void> {
  const run = repairBy(recorder);
  const plan = ["plan", "--out", "plan.json", "--environment", ENVIRONMENT];
  // The only sessions of this database are ours: B05 asks whether it is a copy.
  const accepted = ["--accept", "B05=benchmark"];
  await run("plan", [...plan, ...accepted]);
  await run("backup", ["backup", "--plan", "plan.json", "--backup-dir", "backups"]);
  await run("rehearse", ["rehearse", "--plan", "plan.json", "--backup-dir", "backups"]);
  await run("apply, after that backup", [
    "apply",
    "--plan",
    "plan.json",
    "--backup-dir",
    "backups",
    ...FACTS,
    "--confirm-plan",
    shortHashOf(folder, "plan.json"),
  ]);
  await run("verify", ["verify"]);
}

/** Each option after a repair of its own, whose backup is attested. */
async function back(recorder: Recorder, folder: string, addExternalUsers: () => Promise<void>) {
  const run = repairBy(recorder);
  await run("rollback --plan", ["rollback", "--plan"]);
  for (const option of ["exact", "freeze", "no-action", "quarantine", "stubs"]) {
    const isForExternal = option === "quarantine" || option === "stubs";
    if (isForExternal) await addExternalUsers();
    const strangers = isForExternal ? EXTERNAL_USERS : 0;
    await run(`rollback --option ${option}`, [
      "rollback",
      "--option",
      option,
      ...FACTS,
      "--confirm-strangers",
      String(strangers),
    ]);
    const out = `again-${option}.json`;
    await run(undefined, [
      "plan",
      "--out",
      out,
      "--environment",
      ENVIRONMENT,
      "--accept",
      "B05=benchmark",
    ]);
    const hash = shortHashOf(folder, out);
    const attested = ["--plan", out, "--backup-attested", "benchmark"];
    await run(undefined, ["apply", ...attested, ...FACTS, "--confirm-plan", hash]);
  }
}

function shortHashOf(folder: string, file: string): string {
  return shortHash(planHash(readPlanFile(join(folder, file)).plan));
}

function rowOf({ name, seconds, toolMb, helpersMb, serverMb }: Step): string {
  const cells = [
    name,
    `${seconds.toFixed(1)} s`,
    ...[toolMb, helpersMb, serverMb].map((mb) => `${Math.round(mb)} MB`),
  ];
  return `| ${cells.join(" | ")} |`;
}

const cluster = await startBenchCluster();
const folder = mkdtempSync(join(tmpdir(), "newday-bench-steps-"));
try {
  await loadLegacy(cluster, DATABASE);
  const client = await connect(targetOf(cluster, DATABASE), "bench");
  await fillRows(client, Number(OPTIONS.rows));
  const steps = recorder(cluster, folder);
  console.log(
    `| step (${OPTIONS.rows} players with a wallet each) | time | tool | pg_dump, scratch server | PostgreSQL |`,
  );
  console.log("| --- | --- | --- | --- | --- |");
  await forward(steps, folder);
  await back(steps, folder, async () => {
    await client.query(
      "insert into public.wallets (user_id) select 'external-' || gen_random_uuid() from generate_series(1, $1::int)",
      [EXTERNAL_USERS],
    );
  });
  await client.close();
  await steps.run("adopt", ["adopt", "--confirm-database", DATABASE]);
  console.log(
    JSON.stringify({
      bench: "repair-steps",
      rows: Number(OPTIONS.rows),
      steps: steps.steps.map(({ output: _output, ...step }) => step),
    }),
  );
} finally {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
}
