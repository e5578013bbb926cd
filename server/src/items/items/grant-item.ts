/** Creates items in users' hands. */
import { uuidv7 } from "uuidv7";
import type { Queryable } from "../../db/database.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import type { Operation, OperationTerms, Outcome } from "../../engine/operation.ts";
import { submitResolved } from "../../ledger/transfers/submit-resolved.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { defineItem } from "./definitions.ts";
import { grantItemOperation } from "./grant-item-operation.ts";
import type { ItemFacts } from "./item-queries.ts";
import type { ItemResult } from "./item-snapshot.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

export interface Grant {
  readonly ownerId: string;
  readonly facts: ItemFacts;
  readonly quantity: number;
  /** The platform that grants it. */
  readonly platform: string;
}

/** One grant, ready to be posted alone or with others. */
export async function prepareGrant<Given extends Grant>(
  db: Queryable,
  grant: Exactly<Grant, Given>,
  terms: OperationTerms,
): Promise<Operation<ItemResult>> {
  const { ownerId, facts, quantity, platform, ...unread }: Grant = grant;
  unread satisfies NothingElse;
  const item = {
    id: `inv-${uuidv7()}`,
    ownerId,
    definitionId: await defineItem(db, facts),
    quantity: BigInt(quantity),
    obtainedFrom: "grant",
    source: platform,
  };
  return operationOf(grantItemOperation, { item }, terms);
}

/** Errors: those of `resolve`, `idempotency_conflict`, and those of the engine. */
export function grantItem<Given extends Grant>(
  services: PostingServices,
  resolve: () => Promise<Exactly<Grant, Given>>,
  terms: OperationTerms,
): Promise<Outcome<ItemResult>> {
  const prepare = async () => prepareGrant(services.db, await resolve(), terms);
  return submitResolved(services, { type: grantItemOperation, terms, prepare });
}
