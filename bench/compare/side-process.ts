/** Bundles the code of a side over a checkout's source, starts it, and asks it one thing at a time. */
import { fork } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import type { Measurement } from "./measurement.ts";
import type { Market, Place } from "./target-interface.ts";

export type Question =
  | { readonly ask: "open-ledger"; readonly place: Place }
  | {
      readonly ask: "run";
      readonly phase: string;
      readonly seconds: number;
      readonly postmaster: number;
    }
  | { readonly ask: "close-ledger" }
  | { readonly ask: "seed-market"; readonly place: Place }
  | { readonly ask: "audit"; readonly place: Place };

export interface Side {
  openLedger(place: Place): Promise<void>;
  run(turn: { phase: string; seconds: number; postmaster: number }): Promise<Measurement>;
  closeLedger(): Promise<void>;
  seedMarket(place: Place): Promise<Market>;
  /** Resolves with the broken rules; empty is sound. */
  audit(place: Place): Promise<readonly string[]>;
  stop(): void;
}

const FOLDER = "bench/compare";

/** Throws when the checkout is of a commit that cannot be compared. */
export async function startSide(root: string, checkout: string): Promise<Side> {
  const program = join(checkout, "server/dist/programs/compare-side.mjs");
  await bundle(root, checkout, program);
  const child = fork(program, { cwd: checkout, env: { ...process.env, NODE_ENV: "production" } });
  const ask = (question: Question) =>
    new Promise<unknown>((resolve, reject) => {
      const ended = () => reject(new Error(`the process of ${checkout} has ended`));
      child.once("exit", ended);
      child.once("message", ({ value, error }: { value?: unknown; error?: string }) => {
        child.off("exit", ended);
        if (error === undefined) resolve(value);
        else reject(new Error(error));
      });
      child.send(question);
    });
  return {
    openLedger: async (place) => void (await ask({ ask: "open-ledger", place })),
    run: async (turn) => (await ask({ ask: "run", ...turn })) as Measurement,
    closeLedger: async () => void (await ask({ ask: "close-ledger" })),
    seedMarket: async (place) => (await ask({ ask: "seed-market", place })) as Market,
    audit: async (place) => (await ask({ ask: "audit", place })) as string[],
    stop: () => void child.kill(),
  };
}

/** The loops come from `root`, all that they measure and its packages from the checkout. */
async function bundle(root: string, checkout: string, outfile: string): Promise<void> {
  const own = join(checkout, FOLDER, "target.ts");
  const target = existsSync(own) ? own : join(root, FOLDER, "target-0.1.0.mjs");
  await build({
    entryPoints: [join(root, FOLDER, "side.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
    plugins: [
      {
        name: "compared-checkout",
        setup(bundler) {
          bundler.onResolve({ filter: /^\.\/target\.ts$/ }, () => ({ path: target }));
          bundler.onResolve({ filter: /^compared\// }, ({ path }) => ({
            path: join(checkout, path.slice("compared/".length)),
          }));
        },
      },
    ],
  }).catch((error: unknown) => {
    throw new Error(
      `${checkout} cannot be compared: it has no ${FOLDER}/target.ts and is not laid out like release 0.1.0.`,
      { cause: error },
    );
  });
}
