/** Composition root: config -> database -> app -> listen, and the same backwards on a signal. */
import { asTyped } from "./cli/usage/invocation.ts";
import type { FastifyInstance } from "fastify";
import { awaitShutdownSignal } from "./start/graceful-shutdown.ts";
import { readBuildInfo } from "./lib/build-info.ts";
import { composeServices } from "./compose.ts";
import { readConfig, readLanguage, type Config } from "./config.ts";
import { migrate } from "./db/migrations.ts";
import { isNewDayError, NewDayError } from "./errors/errors.ts";
import { explainError } from "./errors/explain-error.ts";
import { buildApp } from "./http/app.ts";
import type { Services } from "./http/context/services.ts";
import { revokeAllUnverifiedSessions } from "./identity/session-queries.ts";
import { createPostingEngine } from "./engine/engine.ts";
import { startListingSweep } from "./market/listings/sweep-listings.ts";
import { openStore, type Store } from "./start/open-store.ts";
import { createPostingRegistry } from "./start/posting-registry.ts";
import { prepareOwnDatabase } from "./adoption/prepare-own-database.ts";
import { restrictStore } from "./start/restrict-store.ts";
import { startLines } from "./start/start-lines.ts";
import { ignoreBrokenPipes } from "./lib/output-streams.ts";
import { listen, reachableHosts, refusePortInUse } from "./start/listen.ts";
import { startHoldSweep } from "./ledger/holds/sweep-holds.ts";

/** A signal is obeyed when the start is over: half-open resources have to be closed in order. */
async function main(): Promise<void> {
  ignoreBrokenPipes();
  const asked = awaitShutdownSignal((signal) => say(`stopping on ${signal}`));
  const close = await start();
  await asked;
  await close();
  process.exit(0);
}

/** Resolves when the server serves, with the function that stops it in order. */
async function start(): Promise<() => Promise<void>> {
  const config = readConfig(process.env, process.cwd());
  const addresses = await refusePortInUse(config);
  const store = await openStore(config, { report: say, lost: (error) => fail(error) });
  try {
    return await serve(config, store, addresses);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function serve(
  config: Config,
  owned: Store,
  addresses: readonly string[],
): Promise<() => Promise<void>> {
  const build = readBuildInfo();
  await migrate(owned.db);
  await prepareDatabase(owned, `newday ${build.version}`);
  const store = await restrictStore(owned);
  // The same data may have served as a sandbox: what it let in without a proof ends here, for good.
  if (config.mode === "production") await revokeAllUnverifiedSessions(store.db);
  const services = composeServices(config, store.db, build);
  const app = await buildApp(services);
  await listen(app, config, addresses);
  startSweeps(services);
  const lines = startLines(
    {
      config,
      version: build.version,
      database: store.description,
      notes: store.notes,
      obstacle: store.obstacle,
      health: await services.readHealth(),
      port: boundPort(app) ?? config.port,
      reachable: reachableHosts(config.host),
      startedInMs: Math.round(performance.now()),
    },
    readLanguage(process.env),
  );
  process.stdout.write(`${asTyped(lines.join("\n"))}\n`);
  // Requests in flight are answered first.
  return async () => {
    await app.close();
    await services.engine.drain();
    await store.close();
  };
}

/** Adoption gets an engine of its own, because it needs rights that serving lacks. */
async function prepareDatabase({ db, connection }: Store, tool: string): Promise<void> {
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "newday-prepare",
  });
  await prepareOwnDatabase(db, engine, { connection, tool });
  await engine.drain();
}

/** Background sweeps only tidy up: expiry itself is exact. They end with the process. */
function startSweeps(services: Services): void {
  const report = (error: unknown) => say(`a sweep failed and will run again: ${String(error)}`);
  startHoldSweep(services, report);
  startListingSweep(services, report);
}

/** The port that the system chose when PORT is 0. */
function boundPort(app: FastifyInstance): number | undefined {
  const address = app.server.address();
  return typeof address === "object" ? address?.port : undefined;
}

function say(line: string): void {
  process.stderr.write(`newday: ${asTyped(line)}\n`);
}

/** One clear line and the exit code of the catalogue; an internal fault also shows its stack. */
function fail(error: unknown): never {
  const known = isNewDayError(error) ? error : new NewDayError("internal", {}, { cause: error });
  say(explainError(known, readLanguage(process.env)));
  if (known.code === "internal") process.stderr.write(`${String((error as Error).stack)}\n`);
  process.exit(known.definition.exitCode);
}

main().catch(fail);
