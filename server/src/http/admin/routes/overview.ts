/** `GET /api/admin/overview`: how the server and its economy are, on one page. */
import { periodOf, readEconomy } from "../../../integrity/economy/read-economy.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { ref } from "../../v1/schemas/schemas.ts";
import { showEconomy, digitsOf } from "../app/economy-replies.ts";
import { OverviewSchema } from "../app/schemas-economy.ts";

const schema = {
  operationId: "getOverview",
  tags: ["Overview"],
  title: { en: "Read the overview", zh: "查看总览" },
  description:
    "Health, rates, latency and queue of the process that answers, and the economy's last thirty days.",
  response: { 200: ref(OverviewSchema) },
};

const config = { operators: { role: "viewer" } } as const;

export function overviewRoute(admin: V1App, services: Services): void {
  const { db, engine, build, traffic, readHealth } = services;
  admin.get("/overview", { schema, config }, async () => {
    const now = new Date();
    const [health, economy] = await Promise.all([readHealth(), readEconomy(db, {}, periodOf(now))]);
    return {
      at: now.toISOString(),
      build,
      health: {
        ...health,
        walletForeignKeys: [...health.walletForeignKeys],
        unsafeSettings: [...health.unsafeSettings],
      },
      queue: { depth: engine.queueDepth(), ...shownCounters(engine.counters()) },
      series: traffic
        .minutes()
        .map(({ minute, ...counts }) => ({ minute: minute.toISOString(), ...counts })),
      economy: showEconomy(economy),
    };
  });
}

function shownCounters({
  operations,
  batches,
  repeats,
}: Record<"operations" | "batches" | "repeats", number>) {
  return digitsOf({
    operations: BigInt(operations),
    batches: BigInt(batches),
    repeats: BigInt(repeats),
  });
}
