import type { AddressReader } from "./client-address.ts";
import type { BuildInfo } from "../../lib/build-info.ts";
import type { Config } from "../../config.ts";
import type { Traffic } from "./traffic.ts";
import type { LiveCredentials } from "../../identity/live-credentials.ts";
import type { LoginPolicy } from "../../identity/login-policy.ts";
import type { PlatformDirectory } from "../../identity/platforms/platform-directory.ts";
import type { PlatformKeyReader } from "../../identity/platform-keys.ts";
import type { SessionReader } from "../../identity/sessions.ts";
import type { IssuanceProver } from "../../ledger/policies/prove-issuance.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import type { AdoptionState } from "../../db/adoption-state.ts";
import type { WalletFinder } from "../../ledger/wallets/wallet.ts";

/** Properties of a deployment; `/api/health`, the console and the start lines show them. */
export interface ServerHealth {
  readonly database: "ok" | "unreachable";
  readonly schemaVersion: number;
  /** Foreign keys that tie wallets to players, read from the catalogue at the time of the call. */
  readonly walletForeignKeys: readonly string[];
  readonly adoption: AdoptionState;
  /** Whether the database refuses this server's sessions to change posted rows (docs/ledger.md). */
  readonly sessions: "restricted" | "unrestricted";
  /** Settings under which a power cut loses acknowledged writes (db/unsafe-settings.ts). */
  readonly unsafeSettings: readonly string[];
  /** Platforms that production lets in without a proof, within a cap. */
  readonly compatibilityLogins: readonly string[];
}

/**
 * The services of every route. Built once in main.ts (or a test), passed explicitly. The engine is the
 * one way to move money or items; it is drained when the application closes.
 */
export interface Services extends PostingServices {
  readonly config: Config;
  readonly build: BuildInfo;
  readonly loginPolicy: LoginPolicy;
  /** The caches of the directory and the two readers below; closed with the application. */
  readonly credentials: LiveCredentials;
  readonly platforms: PlatformDirectory;
  readonly readSession: SessionReader;
  readonly readPlatformKey: PlatformKeyReader;
  /** The client's canonical address, as the trusted proxies tell it. */
  readonly readAddress: AddressReader;
  readonly findOrOpenWallet: WalletFinder;
  readonly proveIssuance: IssuanceProver;
  /** The database as the repair connects to it: directly, read-only, with the rights of the login. */
  readonly repairTarget: ConnectionTarget | undefined;
  /** The last hour of this process. */
  readonly traffic: Traffic;
  /** The adoption state; cheap enough to query with every request. */
  readonly readAdoption: () => Promise<AdoptionState>;
  readonly readHealth: () => Promise<ServerHealth>;
}
