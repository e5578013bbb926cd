/** Builds the services of one server process; main.ts and the tests share it. */
import { ADOPTION_PARTS } from "./adoption-parts.ts";
import type { Config } from "./config.ts";
import type { Database } from "./db/database.ts";
import { schemaVersion } from "./db/migrations.ts";
import type { BuildInfo } from "./build-info.ts";
import type { ServerHealth, Services } from "./http/services.ts";
import { createPlatformKeyReader } from "./identity/platform-keys.ts";
import { createSessionReader } from "./identity/sessions.ts";
import { isNewDayError } from "./errors.ts";
import { createPostingEngine } from "./ledger/engine/engine.ts";
import { createPostingRegistry } from "./posting-registry.ts";
import { adoptionState, type AdoptionState } from "./wallets/adoption/adopt.ts";
import { createLegacyWalletFinder } from "./wallets/legacy-wallets.ts";
import { walletForeignKeys } from "./db/wallet-foreign-keys.ts";

export function composeServices(config: Config, db: Database, build: BuildInfo): Services {
  return {
    config,
    db,
    build,
    loginPolicy: { allowUnproven: config.mode === "sandbox", secrets: config.platformSecrets },
    readSession: createSessionReader(db),
    readPlatformKey: createPlatformKeyReader(db),
    engine: createPostingEngine(db, createPostingRegistry(), {
      applicationName: "newday-engine",
    }),
    findOrOpenWallet: createLegacyWalletFinder(db),
    readAdoption: createAdoptionReader(db),
    readHealth: () => readHealth(db),
  };
}

/** Adoption is never undone, so that it is asked for only until it has happened. */
function createAdoptionReader(db: Database): () => Promise<AdoptionState> {
  let adopted = false;
  return async () => {
    if (adopted) return "adopted";
    const state = await adoptionState(db, ADOPTION_PARTS);
    adopted = state === "adopted";
    return state;
  };
}

/** Never rejects for an unreachable database: that is what the answer is for. */
async function readHealth(db: Database): Promise<ServerHealth> {
  try {
    const keys = await walletForeignKeys(db);
    return {
      database: "ok",
      schemaVersion: await schemaVersion(db),
      walletForeignKeys: keys,
      adoption: keys.length > 0 ? "repair_due" : "adoption_due",
    };
  } catch (error) {
    if (!isNewDayError(error)) throw error;
    return {
      database: "unreachable",
      schemaVersion: 0,
      walletForeignKeys: [],
      adoption: "repair_due",
    };
  }
}
