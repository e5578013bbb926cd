import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { migrate } from "../../src/db/migrations.ts";
import { adopt, ADOPTION_HOLD_MS } from "../../src/adoption/adopt.ts";
import { adoptWallets } from "../../src/adoption/adopt-wallets.ts";
import { useTestDatabase } from "../support/database.ts";
import { createFunded, expectSound, loadLegacy, useEngine, useLedger } from "../support/ledger.ts";

/** Enough acknowledged transfers to be in the middle of the work. */
const ACKNOWLEDGED = 300;

/** Of the 182 in the legacy file. */
const WALLETS_BEFORE_KILL = 60;

/**
 * Inside the checkout, so that the bundle finds its packages, but outside its files: other tests
 * copy or read those at the same time.
 */
const BUNDLES = resolve("node_modules/.cache/newday");

async function bundleProgram(name: string): Promise<string> {
  const outfile = join(BUNDLES, `${name}.mjs`);
  const entry = new URL(`../support/${name}.ts`, import.meta.url).pathname;
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    packages: "external",
  });
  return outfile;
}

async function killAfter(child: ChildProcess, lines: number): Promise<string[]> {
  let output = "";
  const enough = new Promise<void>((resolve) => {
    child.stdout?.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split("\n").length > lines) resolve();
    });
    child.once("exit", () => resolve());
  });
  await enough;
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  return output.split("\n").slice(0, -1);
}

describe.each(["pg15", "pg18"] as const)("kill -9 on %s", (server) => {
  it("of two posting processes loses nothing that was acknowledged and leaves sound books", async () => {
    const ledger = await useLedger(server);
    const accounts = await createFunded(ledger, Array<bigint>(8).fill(100n));
    const program = await bundleProgram("posting-process");
    const children = ["one", "two"].map((name) =>
      spawn(process.execPath, [program, ledger.url, name, ...accounts.map(String)], {
        stdio: ["ignore", "pipe", "inherit"],
      }),
    );
    const acknowledged = (
      await Promise.all(children.map((child) => killAfter(child, ACKNOWLEDGED)))
    ).flat();
    expect(acknowledged.length).toBeGreaterThanOrEqual(2 * ACKNOWLEDGED);
    const rows = await ledger.db.query<{ id: string; status: string }>(
      `select id, case when refusal is null then 'posted' else 'refused' end as status
        from newday.transfers where caller = 'crash'`,
    );
    const stored = new Set(rows.map(({ id, status }) => `${id} ${status}`));
    expect(acknowledged.filter((line) => !stored.has(line))).toEqual([]);
    await expectSound(ledger.db);
  });

  it("of a running adoption lets the next run finish it, exact to the unit", async () => {
    const { db, url } = await useTestDatabase({ server, template: "empty" });
    await loadLegacy(db);
    await migrate(db);
    await db.query("alter table public.wallets drop constraint wallets_user_id_players_id_fk");
    const program = await bundleProgram("adopting-process");
    const child = spawn(process.execPath, [program, url], { stdio: ["ignore", "pipe", "inherit"] });
    await killAfter(child, WALLETS_BEFORE_KILL);
    const engine = useEngine(db);
    const context = { db, engine, batchSize: 500, holdMs: ADOPTION_HOLD_MS, progress: () => {} };
    const [report] = await adopt(context, [adoptWallets]);
    await engine.drain();
    expect(report?.report).toMatchObject({
      wallets: "182",
      gameCoins: "4584572",
      cashBalance: "1300137",
      computingPower: "200208",
    });
    await expectSound(db);
  });
});
