/** Composition root: config -> database -> app -> listen, and the same backwards on a signal. */
import type { FastifyInstance } from "fastify";
import { readBuildInfo } from "./build-info.ts";
import { composeServices } from "./compose.ts";
import { readConfig, type Config } from "./config.ts";
import { migrate } from "./db/migrations.ts";
import { isNewDayError, NewDayError } from "./errors.ts";
import { buildApp } from "./http/app.ts";
import type { Services } from "./http/services.ts";
import { createPostingEngine } from "./ledger/engine/engine.ts";
import type { PostingEngine } from "./ledger/engine/operation.ts";
import { startListingSweep } from "./market/sweep-listings.ts";
import { openStore, type Store } from "./open-store.ts";
import { createPostingRegistry } from "./posting-registry.ts";
import { prepareOwnDatabase } from "./prepare-own-database.ts";
import { restrictStore } from "./restrict-store.ts";
import { startLines } from "./start-lines.ts";
import { refusePortInUse } from "./listen.ts";
import { startHoldSweep } from "./wallets/sweep-holds.ts";

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

async function main(): Promise<void> {
  const config = readConfig(process.env, process.cwd());
  await refusePortInUse(config);
  const store = await openStore(config, { report: say, lost: (error) => fail(error) });
  try {
    await serve(config, store);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(config: Config, owned: Store): Promise<void> {
  const build = readBuildInfo();
  await migrate(owned.db);
  await prepareDatabase(owned, `newday ${build.version}`);
  const store = await restrictStore(owned);
  const services = composeServices(config, store.db, build);
  const app = await buildApp(services);
  await app.listen({ host: config.host, port: config.port });
  startSweeps(services);
  stopOnSignal(app, services.engine, store);
  const lines = startLines(
    {
      config,
      version: build.version,
      database: store.description,
      notes: store.notes,
      obstacle: store.obstacle,
      health: await services.readHealth(),
      port: boundPort(app) ?? config.port,
      startedInMs: Math.round(performance.now()),
    },
    process.env["LC_ALL"] || process.env["LANG"],
  );
  process.stdout.write(`${lines.join("\n")}\n`);
}

/** With an engine of its own: adoption needs rights that serving does not have. */
async function prepareDatabase({ db, connection }: Store, tool: string): Promise<void> {
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "newday-prepare",
  });
  await prepareOwnDatabase(db, engine, { connection, tool });
  await engine.drain();
}

/** They tidy; everything they tidy has ended exactly before. They end with the process. */
function startSweeps({ db, engine, economy }: Services): void {
  const report = (error: unknown) => say(`a sweep failed and will run again: ${String(error)}`);
  startHoldSweep(db, engine, report);
  startListingSweep(economy, report);
}

/** The port that the system chose when PORT is 0. */
function boundPort(app: FastifyInstance): number | undefined {
  const address = app.server.address();
  return typeof address === "object" ? address?.port : undefined;
}

/** Requests in flight are answered, then the database is closed; a second signal ends us at once. */
function stopOnSignal(app: FastifyInstance, engine: PostingEngine, store: Store): void {
  let stopping = false;
  const stop = (signal: NodeJS.Signals) => {
    if (stopping) process.exit(1);
    stopping = true;
    say(`stopping on ${signal}`);
    app
      .close()
      .then(() => engine.drain())
      .then(() => store.close())
      .then(() => process.exit(0), fail);
  };
  for (const signal of SIGNALS) process.on(signal, stop);
}

function say(line: string): void {
  process.stderr.write(`newday: ${line}\n`);
}

/** One clear line and the exit code of the catalogue; a fault of ours also shows its stack. */
function fail(error: unknown): never {
  const known = isNewDayError(error) ? error : new NewDayError("internal", {}, { cause: error });
  const { rule, remedy } = known.details;
  const said = known.message === known.definition.message ? rule : undefined;
  const parts = [known.message, said, remedy].filter((part) => typeof part === "string");
  say(parts.join(" — "));
  if (known.code === "internal") process.stderr.write(`${String((error as Error).stack)}\n`);
  process.exit(known.definition.exitCode);
}

main().catch(fail);
