/** A change of settings by operators: the same use case for the API, the commands and an approval. */
import type {
  ModelChange,
  OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import type { AllowedNetworks } from "../../identity/platforms/public-fetch.ts";
import type { SecretsKeySource } from "../../identity/platforms/secrets-key.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ActContext, ActRequest } from "../acts/act.ts";
import type { OperatorRole } from "../roles.ts";

export interface SettingServices extends PostingServices {
  readonly config: {
    readonly secretsKey: SecretsKeySource;
    readonly jwksNetworks: AllowedNetworks;
  };
}

/** A request is JSON, so that it can wait for a second person; it never holds a secret. */
export interface SettingKind<Request extends ActRequest> {
  /** As in the log: `platform set`. */
  readonly what: string;
  readonly role: OperatorRole;
  /** Whom or what an approval of it is about. */
  readonly subjectOf: (request: Request) => string;
  /** The user whose erasure clears the approval; null without one. */
  readonly userIdOf?: (request: Request) => string;
  readonly needsApproval: (request: Request) => boolean;
  /** In one transaction with its row of the log; a dry run finds every refusal. */
  readonly perform: (
    services: SettingServices,
    context: OperatorContext,
    request: Request,
  ) => Promise<ModelChange>;
}

/** Who changes, why, and under which key. */
export function changeContextOf(
  { operator, dryRun, idempotency }: ActContext,
  { reason }: ActRequest,
): OperatorContext {
  return { operator, dryRun, reason, idempotency };
}

export const never = () => false;
export const always = () => true;
