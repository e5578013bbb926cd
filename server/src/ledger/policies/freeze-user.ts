/** Freezes a user with everything they own, and lifts that again. */
import type { Database } from "../../db/database.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { OperationTerms } from "../../engine/operation.ts";
import { submitOperation, type Submitted } from "../../engine/submit-operation.ts";
import { holdsAt } from "../../policy/user-freezes/require-unfrozen.ts";
import {
  userFreezes,
  type UserFreeze,
  type UserFreezes,
} from "../../policy/user-freezes/user-freeze-rows.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import {
  freezeUserOperation,
  unfreezeUserOperation,
  type FreezeUserPayload,
  type FrozenUser,
} from "./freeze-user-operation.ts";
import { requireReason, type PolicyChange } from "./policy-command.ts";

/** Errors: `invalid_field` for an invisible reason, and those of the engine. */
export function freezeUser<Given extends FreezeUserPayload>(
  { engine }: PostingServices,
  freeze: Exactly<FreezeUserPayload, Given>,
  terms: OperationTerms,
): Promise<Submitted<PolicyChange>> {
  requireReason(freeze.reason);
  return submitOperation(engine, operationOf(freezeUserOperation, freeze, terms));
}

/** Errors: as `freezeUser`. */
export function unfreezeUser<Given extends FrozenUser>(
  { engine }: PostingServices,
  user: Exactly<FrozenUser, Given>,
  terms: OperationTerms,
): Promise<Submitted<PolicyChange>> {
  requireReason(user.reason);
  return submitOperation(engine, operationOf(unfreezeUserOperation, user, terms));
}

/** The freezes that are in force; null: none of that side. */
export async function findUserFreezes(db: Database, wallet: bigint): Promise<UserFreezes> {
  const row = (await userFreezes.read(db, [wallet], false)).get(wallet);
  const now = new Date();
  const inForce = (freeze: UserFreeze | null = null) => (holdsAt(freeze, now) ? freeze : null);
  return {
    platform: inForce(row?.platform),
    operator: inForce(row?.operator),
    audit: inForce(row?.audit),
  };
}
