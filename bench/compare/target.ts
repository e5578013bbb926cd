/**
 * What a comparison needs of this commit's source. `npm run bench:compare` of a later commit imports
 * this file from here, so its exports stay as they are; its imports follow the source.
 */
import { audit } from "../../server/src/integrity/audit.ts";
import { createPostingServices } from "../../server/src/ledger/wallets/posting-services.ts";
import { createPostingEngine } from "../../server/src/engine/engine.ts";
import { createRegistry } from "../../server/src/engine/registry.ts";
import { ledgerModule } from "../../server/src/ledger/ledger-module.ts";
import { createPostingRegistry } from "../../server/src/start/posting-registry.ts";
import { prepareMarket } from "../market/seed.ts";
import { openBenchDatabase, SUPERUSER } from "../posting/bench-cluster.ts";
import { createLedger } from "../posting/ledger-history.ts";
import { keyedTransfer } from "../posting/load.ts";
import type { Ledger, Market, Place } from "./target-interface.ts";

const ENGINE = { applicationName: "bench-compare" };

/** Makes the database with this many funded accounts and opens an engine on it. */
export async function openLedger(place: Place, accounts: number): Promise<Ledger> {
  const open = (database: string, poolSize: number) =>
    openBenchDatabase({ ...place, database }, poolSize);
  const db = await createLedger({ open }, place.database, { accounts, rounds: 0 });
  const engine = createPostingEngine(db, createRegistry(ledgerModule), ENGINE);
  return {
    async transfer(pair) {
      const outcome = await engine.submit(keyedTransfer(pair));
      if (outcome.status !== "posted") throw new Error(`refused: ${outcome.code}`);
    },
    async close() {
      await engine.drain();
      await db.close();
    },
  };
}

/** Fills an empty database with users, tokens and listings. */
export async function seedMarket(place: Place): Promise<Market> {
  const db = openBenchDatabase(place, 10);
  const engine = createPostingEngine(db, createPostingRegistry(), ENGINE);
  const connection = { ...place, user: SUPERUSER };
  const { buyers, listings } = await prepareMarket(
    db,
    createPostingServices(db, engine),
    connection,
  );
  await engine.drain();
  await db.close();
  return { buyers, listings };
}

/** Names the rules that the audit finds broken. */
export async function brokenRules(place: Place): Promise<string[]> {
  const db = openBenchDatabase(place, 2);
  const { breaches } = await audit(db);
  await db.close();
  return breaches.map(({ rule }) => rule.en);
}
