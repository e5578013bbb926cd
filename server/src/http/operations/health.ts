/** Liveness, readiness and `/api/health`: the build, its schema, and the state of the repair. */
import type { FastifyInstance } from "fastify";
import { UNLIMITED } from "../plugins/rate-limits.ts";
import type { Services, ServerHealth } from "../context/services.ts";

/** As in every 503: a restart of the database takes about that long. */
const RETRY_AFTER_SECONDS = 1;
const REPAIR_COMMANDS = ["newday repair plan", "newday repair apply"];

export function healthRoutes(app: FastifyInstance, services: Services): void {
  app.get("/healthz", UNLIMITED, () => ({ status: "ok" }));

  app.get("/readyz", UNLIMITED, async (_request, reply) => {
    const { database } = await services.readHealth();
    const ready = database === "ok";
    if (!ready) void reply.header("retry-after", RETRY_AFTER_SECONDS);
    return reply.code(ready ? 200 : 503).send({ status: ready ? "ready" : "unready", database });
  });

  app.get("/api/health", async (_request, reply) => {
    const health = await services.readHealth();
    return reply.code(health.database === "ok" ? 200 : 503).send(toReply(services, health));
  });
}

function toReply(services: Services, health: ServerHealth): Record<string, unknown> {
  const { config, build } = services;
  const repaired = health.walletForeignKeys.length === 0;
  return {
    success: health.database === "ok",
    status: health.database !== "ok" ? "unavailable" : repaired ? "ok" : "repair_due",
    version: build.version,
    build: build.id,
    schemaVersion: health.schemaVersion,
    mode: config.mode,
    permits: {
      loginWithoutProof: services.loginPolicy.allowUnverified,
      compatibilityLogins: health.compatibilityLogins,
    },
    database: health.database,
    adoption: health.adoption,
    databaseSessions: health.sessions,
    repair: {
      due: !repaired,
      walletForeignKeys: health.walletForeignKeys,
      how: repaired ? null : REPAIR_COMMANDS,
    },
    checks: [
      {
        name: "no foreign key ties wallets to players",
        ok: health.database === "ok" && repaired,
        evidence: health.walletForeignKeys,
      },
      {
        name: "a committed write survives a power cut",
        ok: health.database === "ok" && health.unsafeSettings.length === 0,
        evidence: health.unsafeSettings.map((name) => `${name} = off`),
      },
    ],
    timestamp: new Date().toISOString(),
  };
}
