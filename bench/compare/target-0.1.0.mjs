// What target.ts is, for release 0.1.0 (commit ac956b9), which has no such file. `compared/` is the
// checkout of that commit.
import { audit } from "compared/server/src/integrity/audit.ts";
import { createEconomy } from "compared/server/src/inventory/economy.ts";
import { openDatabase } from "compared/server/src/db/postgres.ts";
import { migrate } from "compared/server/src/db/migrations.ts";
import { createPostingEngine } from "compared/server/src/ledger/engine/engine.ts";
import { createRegistry } from "compared/server/src/ledger/engine/registry.ts";
import { ledgerPart } from "compared/server/src/ledger/ledger-part.ts";
import { createPostingRegistry } from "compared/server/src/posting-registry.ts";
import { prepareOwnDatabase } from "compared/server/src/prepare-own-database.ts";
import { seed } from "compared/bench/market/seed.ts";
import { createLedger } from "compared/bench/posting/ledger-history.ts";
import { transferOperation } from "compared/bench/posting/load.ts";

const ENGINE = { applicationName: "bench-compare" };

export async function openLedger(place, accounts) {
  const cluster = { open: (database, poolSize) => open({ ...place, database }, poolSize) };
  const db = await createLedger(cluster, place.database, { accounts, rounds: 0 });
  const engine = createPostingEngine(db, createRegistry(ledgerPart), ENGINE);
  return {
    async transfer(pair) {
      const outcome = await engine.submit(transferOperation(pair));
      if (outcome.status !== "posted") throw new Error(`refused: ${outcome.code}`);
    },
    async close() {
      await engine.drain();
      await db.close();
    },
  };
}

export async function seedMarket(place) {
  const db = open(place, 10);
  await migrate(db);
  const engine = createPostingEngine(db, createPostingRegistry(), ENGINE);
  await prepareOwnDatabase(db, engine, { connection: connectionTo(place), tool: "bench" });
  const { buyers, listings } = await seed(db, createEconomy(db, engine));
  await db.query("analyze");
  await engine.drain();
  await db.close();
  return { buyers, listings };
}

export async function brokenRules(place) {
  const db = open(place, 2);
  const { breaches } = await audit(db);
  await db.close();
  return breaches.map(({ rule }) => rule);
}

function connectionTo(place) {
  return { ...place, user: "newday" };
}

function open(place, poolSize) {
  return openDatabase({
    connection: connectionTo(place),
    applicationName: "newday-bench",
    poolSize,
    connectTimeoutMs: 30_000,
    statementTimeoutMs: 0,
  });
}
