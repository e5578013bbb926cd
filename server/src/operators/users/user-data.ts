/** Exports and erases a person on behalf of an operator, with a row in the log of acts. */
import type { Database } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import type { ActRow } from "../../identity/operator-changes/act-rows.ts";
import {
  insertOperatorChange,
  type OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import {
  erasePerson,
  planErasure,
  type ErasurePlan,
  type ErasureWanted,
} from "../../privacy/erasure/erase-person.ts";
import { findErasedOn } from "../../privacy/erasure/erasure-queries.ts";
import { EXPORT_SCHEMA, exportPerson } from "../../privacy/export-person.ts";
import { requireUserWallet } from "../acts/acted-user.ts";

/** The document in pieces, once the log says who reads it. Errors: `wallet_not_found`. */
export async function exportPersonAsOperator(
  { db, directory }: Pick<PostingServices, "db" | "directory">,
  context: OperatorContext,
  userId: string,
): Promise<AsyncGenerator<string>> {
  const { number } = await requireUserWallet(directory, userId);
  const act = { what: "user export", subject: userId, before: null, accounts: 0n };
  await record(db, context, { ...act, after: { schema: EXPORT_SCHEMA } });
  return exportPerson(db, { userId, wallet: number });
}

export interface OperatorErasure extends Pick<ErasureWanted, "open" | "property" | "reason"> {
  readonly userId: string;
}

/** What it met, or would meet; no plan of a person who was erased before. */
export type ErasureResult =
  | { readonly erasedOn: string; readonly plan?: ErasurePlan }
  | { readonly plan: ErasurePlan };

/** Errors: `wallet_not_found`, `erasure_blocked`, `invalid_field`, and those of the engine. */
export async function erasePersonAsOperator(
  services: PostingServices,
  context: OperatorContext,
  { userId, ...choices }: OperatorErasure,
): Promise<ErasureResult> {
  const { db, directory } = services;
  directory.evictWallets(); // the erasure of another process may be a moment old
  const wallet = await directory.findWallet(userId);
  if (!wallet || wallet.role !== null) {
    const known = await findErasedOn(db, userId);
    if (!known) throw new NewDayError("wallet_not_found", { field: "userId", userId });
    return { erasedOn: known.day };
  }
  const wanted: ErasureWanted = {
    ...choices,
    caller: callerOf(context),
    byOperator: true,
    act: erasureAct(context, { userId, ...choices }),
  };
  const plan = await planErasure(services, wallet, wanted);
  if (context.dryRun) return { plan };
  return { erasedOn: await erasePerson(services, wallet, wanted), plan };
}

/** Its row loses the person with all others, and keeps who erased. */
function erasureAct(
  { operator }: OperatorContext,
  { userId, open, property, reason }: OperatorErasure,
): ActRow {
  const after = { open, property };
  return { operator, what: "user erase", subject: userId, reason, before: null, after };
}

function record(
  db: Database,
  context: OperatorContext,
  act: Parameters<typeof insertOperatorChange>[2],
) {
  return db.transaction((tx) => insertOperatorChange(tx, context, act));
}

function callerOf({ operator }: OperatorContext): string {
  return operator.includes(":") ? operator : `operator:${operator}`;
}
