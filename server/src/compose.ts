/** Builds the services of one server process; main.ts and the tests share it. */
import type { BuildInfo } from "./lib/build-info.ts";
import type { Config } from "./config.ts";
import { adoptionState, type AdoptionState } from "./db/adoption-state.ts";
import type { Database } from "./db/database.ts";
import { schemaVersion } from "./db/migrations.ts";
import { createWriteProbe } from "./db/probe.ts";
import { isRestricted } from "./db/roles/roles.ts";
import { walletForeignKeys } from "./db/wallet-foreign-keys.ts";
import { isNewDayError } from "./errors/errors.ts";
import { createAddressReader } from "./http/context/client-address.ts";
import type { ServerHealth, Services } from "./http/context/services.ts";
import { createPostingServices } from "./ledger/wallets/posting-services.ts";
import { createLiveCredentials } from "./identity/live-credentials.ts";
import { createPlatformKeyReader } from "./identity/platform-keys.ts";
import { createSessionReader } from "./identity/sessions.ts";
import { createPostingEngine } from "./engine/engine.ts";
import { createPostingRegistry } from "./start/posting-registry.ts";
import { routeWalletLookupByAdoptionState } from "./adoption/legacy-wallets.ts";
import { createWalletFinder } from "./ledger/wallets/open-wallets.ts";

export function composeServices(config: Config, db: Database, build: BuildInfo): Services {
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "newday-engine",
  });
  const readAdoption = createAdoptionReader(db);
  const posting = createPostingServices(db, engine);
  const credentials = createLiveCredentials(db);
  const probe = createWriteProbe(db);
  const loginPolicy = {
    allowUnverified: config.mode === "sandbox",
    secrets: config.platformSecrets,
  };
  return {
    config,
    ...posting,
    build,
    readAddress: createAddressReader(config.trustedProxies),
    readAdoption,
    loginPolicy,
    credentials,
    readSession: createSessionReader(db, credentials, loginPolicy),
    readPlatformKey: createPlatformKeyReader(db, credentials),
    findOrOpenWallet: routeWalletLookupByAdoptionState(
      db,
      readAdoption,
      createWalletFinder(posting),
    ),
    readHealth: () => readHealth(db, readAdoption, probe),
  };
}

/** Cache: the adoption state once it is `adopted`; permanent, because adoption is final. */
function createAdoptionReader(db: Database): () => Promise<AdoptionState> {
  let adopted = false;
  return async () => {
    if (adopted) return "adopted";
    const state = await adoptionState(db);
    adopted = state === "adopted";
    return state;
  };
}

/** Resolves for an unreachable database too: that is a result of the check. */
async function readHealth(
  db: Database,
  readAdoption: () => Promise<AdoptionState>,
  probe: () => Promise<void>,
): Promise<ServerHealth> {
  try {
    await probe();
    return {
      database: "ok",
      schemaVersion: await schemaVersion(db),
      walletForeignKeys: await walletForeignKeys(db),
      adoption: await readAdoption(),
      sessions: (await isRestricted(db)) ? "restricted" : "unrestricted",
    };
  } catch (error) {
    if (!isNewDayError(error)) throw error;
    return {
      database: "unreachable",
      schemaVersion: 0,
      walletForeignKeys: [],
      adoption: "repair_due",
      sessions: "unrestricted",
    };
  }
}
