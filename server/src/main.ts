/** Composition root: config -> database -> app -> listen, and the same backwards on a signal. */
import { asTyped } from "./cli/usage/invocation.ts";
import type { FastifyInstance } from "fastify";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { awaitShutdownSignal } from "./start/graceful-shutdown.ts";
import { readBuildInfo } from "./lib/build-info.ts";
import { composeServices, secretsAccessOf } from "./compose.ts";
import { readConfig, readLanguage, type Config } from "./config.ts";
import { migrate } from "./db/migrations.ts";
import { isNewDayError, NewDayError } from "./errors/errors.ts";
import { explainError } from "./errors/explain-error.ts";
import { buildApp } from "./http/app.ts";
import type { Services } from "./http/context/services.ts";
import { importEnvironmentSecrets } from "./identity/platforms/import-secrets.ts";
import { ensureKeyFile } from "./identity/platforms/secrets-key.ts";
import { revokeAllUnverifiedSessions } from "./identity/session-queries.ts";
import { createFirstOwnerCode } from "./operators/operator-codes.ts";
import { createPostingEngine } from "./engine/engine.ts";
import { startListingSweep } from "./market/listings/sweep-listings.ts";
import { openStore, type Store } from "./start/open-store.ts";
import { createPostingRegistry } from "./start/posting-registry.ts";
import { prepareOwnDatabase } from "./adoption/prepare-own-database.ts";
import { startTraceExport } from "./start/export-traces.ts";
import { restrictStore } from "./start/restrict-store.ts";
import { startLines } from "./start/start-lines.ts";
import type { RepeatedWork } from "./lib/repeat.ts";
import { ignoreBrokenPipes } from "./lib/output-streams.ts";
import { listen, reachableHosts, refusePortInUse } from "./start/listen.ts";
import { startAuditWorker } from "./integrity/continuous/audit-worker.ts";
import { startEconomyWorker } from "./integrity/economy/economy-worker.ts";
import { startHoldSweep } from "./ledger/holds/sweep-holds.ts";

/** Orchestrators kill after ten seconds (docker) or thirty (Kubernetes). */
const START_GRACE_MS = 3_000;
/** With the grace, and what is closed after it; a halted PostgreSQL answers nothing and stays. */
const START_END_MS = 9_000;

/** A signal ends a start within seconds, closing in order what is open by then. */
async function main(): Promise<void> {
  ignoreBrokenPipes();
  const stopping = new AbortController();
  const asked = awaitShutdownSignal((signal) => say(`stopping on ${signal}`));
  void asked.then(() => stopping.abort());
  const late = rejectAfterSignal(stopping.signal, START_END_MS);
  const close = await Promise.race([start(stopping.signal), late]).catch((error: unknown) => {
    if (stopping.signal.aborted) process.exit(0);
    throw error;
  });
  await asked;
  await close();
  process.exit(0);
}

/** Resolves when the server serves, with the function that stops it in order. */
async function start(stop: AbortSignal): Promise<() => Promise<void>> {
  const config = readConfig(process.env, process.cwd());
  const addresses = await refusePortInUse(config);
  const store = await openStore(config, { report: say, lost: (error) => fail(error), stop });
  try {
    // A start that is nearly over finishes; one that waits, such as for a lock of the schema, is left.
    const late = rejectAfterSignal(stop, START_GRACE_MS);
    return await Promise.race([serve(config, store, addresses), late]);
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function rejectAfterSignal(stop: AbortSignal, delayMs: number): Promise<never> {
  if (!stop.aborted) await once(stop, "abort");
  await sleep(delayMs);
  throw new NewDayError("shutting_down");
}

async function serve(
  config: Config,
  owned: Store,
  addresses: readonly string[],
): Promise<() => Promise<void>> {
  const build = readBuildInfo();
  await migrate(owned.db);
  await prepareDatabase(owned, `newday ${build.version}`);
  ensureKeyFile(config.secretsKey);
  const secrets = await importEnvironmentSecrets(owned.db, secretsAccessOf(config));
  if (config.mode === "production" && !secrets.canProve) throw noPlatformSecret();
  const store = await restrictStore(owned);
  // The same data may have served as a sandbox: what it let in without a proof ends here, for good.
  if (config.mode === "production") await revokeAllUnverifiedSessions(store.db);
  const services = composeServices(config, store.db, build, owned.connection);
  const app = await buildApp(services);
  const traces = startTraceExport(config.otlpEndpoint);
  await listen(app, config, addresses);
  const sweeps = startSweeps(services);
  const lines = startLines(
    {
      config,
      version: build.version,
      database: store.description,
      notes: store.notes,
      obstacle: store.obstacle,
      secrets,
      firstOwnerCode: await createFirstOwnerCode(store.db),
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
    // A sweep that goes on would meet the closed engine.
    await Promise.all(sweeps.map((sweep) => sweep.stop()));
    await app.close();
    await services.engine.drain();
    await traces?.stop();
    await store.close();
  };
}

function noPlatformSecret(): NewDayError {
  return new NewDayError(
    "config_invalid",
    { variable: "NEWDAY_PLATFORM_SECRETS" },
    {
      message: {
        en: "NEWDAY_PLATFORM_SECRETS must name at least one `platform=secret` for a first start in production, or add a platform first: `newday platform add`.",
        zh: "首次以生产模式启动时，NEWDAY_PLATFORM_SECRETS 至少需要一个 platform=secret；也可先用 newday platform add 添加平台。",
      },
    },
  );
}

/** Adoption gets an engine of its own, because it needs rights that serving lacks. */
async function prepareDatabase({ db, connection }: Store, tool: string): Promise<void> {
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "newday-prepare",
  });
  await prepareOwnDatabase(db, engine, { connection, tool });
  await engine.drain();
}

/** Background sweeps only tidy up: expiry itself is exact. */
function startSweeps(services: Services): RepeatedWork[] {
  const report = (error: unknown) => say(`a sweep failed and will run again: ${String(error)}`);
  const operations = () => services.engine.counters().operations;
  return [
    startHoldSweep(services, report),
    startListingSweep(services, report),
    startEconomyWorker(services.db, { operations }, report),
    startAuditWorker(services, report),
  ];
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
