import type { BuildInfo } from "../build-info.ts";
import type { Config } from "../config.ts";
import type { Database } from "../db/database.ts";
import type { LiveCredentials } from "../identity/live-credentials.ts";
import type { LoginPolicy } from "../identity/login.ts";
import type { PlatformKeyReader } from "../identity/platform-keys.ts";
import type { SessionReader } from "../identity/sessions.ts";
import type { Economy } from "../inventory/economy.ts";
import type { PostingEngine } from "../ledger/engine/operation.ts";
import type { Buyer } from "../market/purchase.ts";
import type { AdoptionState } from "../wallets/adoption/adopt.ts";
import type { WalletFinder } from "../wallets/wallet.ts";

/** What a deployment is and may do; `/api/health`, the console and the start lines show it. */
export interface ServerHealth {
  readonly database: "ok" | "unreachable";
  readonly schemaVersion: number;
  /** Foreign keys that tie wallets to players, looked up in the catalogue at the time of the call. */
  readonly walletForeignKeys: readonly string[];
  readonly adoption: AdoptionState;
  /** Whether the database would refuse this server to change what was posted (docs/ledger.md). */
  readonly sessions: "restricted" | "unrestricted";
}

/** Everything that a route may use. Built once in main.ts (or a test), passed by hand. */
export interface Services {
  readonly config: Config;
  readonly db: Database;
  readonly build: BuildInfo;
  readonly loginPolicy: LoginPolicy;
  /** What the two readers below remember; closed with the application. */
  readonly credentials: LiveCredentials;
  readonly readSession: SessionReader;
  readonly readPlatformKey: PlatformKeyReader;
  /** The one way to move money or items; drained when the application closes. */
  readonly engine: PostingEngine;
  /** What the functions of inventory and market work on. */
  readonly economy: Economy;
  readonly buy: Buyer;
  readonly findOrOpenWallet: WalletFinder;
  /** Where the legacy tables stand; cheap enough to ask with every request. */
  readonly readAdoption: () => Promise<AdoptionState>;
  readonly readHealth: () => Promise<ServerHealth>;
}
