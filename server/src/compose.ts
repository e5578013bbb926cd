/** Builds the services of one server process; main.ts and the tests share it. */
import type { BuildInfo } from "./lib/build-info.ts";
import type { Config } from "./config.ts";
import { adoptionState, type AdoptionState } from "./db/adoption-state.ts";
import type { Database } from "./db/database.ts";
import type { ConnectionTarget } from "./db/driver/direct-client.ts";
import { schemaVersion } from "./db/migrations.ts";
import { createWriteProbe } from "./db/probe.ts";
import { isRestricted } from "./db/roles/roles.ts";
import { unsafeSettings } from "./db/unsafe-settings.ts";
import { walletForeignKeys } from "./db/wallet-foreign-keys.ts";
import { isNewDayError } from "./errors/errors.ts";
import { createAddressReader } from "./http/context/client-address.ts";
import type { ServerHealth, Services } from "./http/context/services.ts";
import { createTraffic } from "./http/context/traffic.ts";
import { createIssuanceProver } from "./ledger/policies/prove-issuance.ts";
import { createPostingServices } from "./ledger/wallets/posting-services.ts";
import { createLiveCredentials } from "./identity/live-credentials.ts";
import { listCompatibilityLogins } from "./identity/platforms/platform-queries.ts";
import { createPlatformKeyReader } from "./identity/platform-keys.ts";
import { createJwksReader } from "./identity/platforms/jwks.ts";
import {
  createPlatformDirectory,
  type SecretsAccess,
} from "./identity/platforms/platform-directory.ts";
import { createSessionReader } from "./identity/sessions.ts";
import { createPostingEngine } from "./engine/engine.ts";
import { createPostingRegistry } from "./start/posting-registry.ts";
import { routeWalletLookupByAdoptionState } from "./adoption/legacy-wallets.ts";
import { createWalletFinder } from "./ledger/wallets/open-wallets.ts";

/**
 * The payload of the notification of an erasure, and of a first proof that changed the user's platform: the number of
 * the wallet; of a release before, all of them.
 */
const CHANGED_WALLET = /^wallet:([0-9]+)$|^wallets$/;

export function composeServices(
  config: Config,
  db: Database,
  build: BuildInfo,
  repairTarget: ConnectionTarget | undefined = config.databaseUrl,
): Services {
  const engine = createPostingEngine(db, createPostingRegistry(), {
    applicationName: "newday-engine",
  });
  const readAdoption = createAdoptionReader(db);
  const credentials = createLiveCredentials(db);
  const platforms = createPlatformDirectory(db, credentials, secretsAccessOf(config));
  const posting = createPostingServices(db, engine);
  credentials.onEviction((evicted = "wallets") => {
    const changed = CHANGED_WALLET.exec(evicted);
    if (changed?.[1] !== undefined) posting.directory.evictWallet(BigInt(changed[1]));
    else if (changed) posting.directory.evictWallets();
  });
  const probe = createWriteProbe(db);
  const loginPolicy = {
    allowUnverified: config.mode === "sandbox",
    platforms,
    readKeys: createJwksReader(config.jwksNetworks),
  };
  return {
    config,
    ...posting,
    build,
    repairTarget,
    readAddress: createAddressReader(config.trustedProxies),
    readAdoption,
    loginPolicy,
    credentials,
    platforms,
    readSession: createSessionReader(db, credentials, loginPolicy),
    readPlatformKey: createPlatformKeyReader(db, credentials, platforms),
    findOrOpenWallet: routeWalletLookupByAdoptionState(
      db,
      readAdoption,
      createWalletFinder(posting),
    ),
    proveIssuance: createIssuanceProver(db),
    traffic: createTraffic(engine),
    readHealth: () => readHealth(db, readAdoption, probe),
  };
}

/** How a process with these settings reads stored secrets. */
export function secretsAccessOf({ secretsKey, platformSecrets }: Config): SecretsAccess {
  return { key: secretsKey, environment: platformSecrets };
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
      unsafeSettings: await unsafeSettings(db),
      compatibilityLogins: await listCompatibilityLogins(db),
    };
  } catch (error) {
    if (!isNewDayError(error)) throw error;
    return {
      database: "unreachable",
      schemaVersion: 0,
      walletForeignKeys: [],
      unsafeSettings: [],
      compatibilityLogins: [],
      adoption: "repair_due",
      sessions: "unrestricted",
    };
  }
}
