/**
 * Import: an item of a platform enters New Day (docs/contract.md 4.2). Once per owner, source and
 * the platform's item id; the owner is the caller; the fields are stored as sent.
 */
import { uuidv7 } from "uuidv7";
import { NewDayError } from "../../errors/errors.ts";
import { defineItem } from "../items/definitions.ts";
import { requirePosted, detailText } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { findItem, itemExists, type Item, type ItemFacts } from "../items/item-queries.ts";
import { requireItem } from "../items/require-item.ts";
import { importItemOperation, type ImportItemPayload } from "./import-item-operation.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import { dayOf } from "../../ledger/limits/limit-counters.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

const DAY_MS = 86_400_000;

export interface ImportRequest {
  readonly ownerId: string;
  readonly externalId: string;
  readonly source: string;
  readonly allinoneItemId: string | null;
  readonly quantity: number;
  readonly facts: ItemFacts;
  /** For the audit row. */
  readonly address: string | null;
}

/** Errors: `item_exists` with `existingItem`, `import_limit`, and those of the engine. */
export async function importItem<Given extends ImportRequest>(
  services: PostingServices,
  request: Exactly<ImportRequest, Given>,
): Promise<Item> {
  const { ownerId, externalId, source, allinoneItemId, ...more }: ImportRequest = request;
  const { quantity, facts, address, ...unread } = more;
  unread satisfies NothingElse;
  await refuseOurOwnItem(services, externalId);
  const definitionId = await defineItem(services.db, facts);
  const id = `inv-${uuidv7()}`;
  const payload: ImportItemPayload = {
    item: {
      id,
      ownerId,
      definitionId,
      quantity: BigInt(quantity),
      source,
      externalId,
      allinoneItemId,
      obtainedFrom: source,
    },
    address,
    day: dayOf(new Date()),
  };
  const operation = operationOf(importItemOperation, payload, { caller: "inventory" });
  const outcome = await services.engine.submit(operation);
  if (outcome.status === "refused" && outcome.code === "item_exists")
    throw await existingItemError(services, detailText(outcome.details, "itemId"));
  if (outcome.status === "refused" && outcome.code === "import_limit")
    throw new NewDayError("import_limit", { ...outcome.details, retryAfterS: secondsOfDayLeft() });
  requirePosted(outcome);
  return requireItem(services, id);
}

/** The quota counts per UTC day. */
function secondsOfDayLeft(): number {
  return Math.ceil((DAY_MS - (Date.now() % DAY_MS)) / 1000);
}

/** An exported item of New Day would exist twice if it were imported as a new one. */
async function refuseOurOwnItem({ db }: PostingServices, externalId: string): Promise<void> {
  if (!/^(inv|adv)-/.test(externalId) || !(await itemExists(db, externalId))) return;
  throw new NewDayError("item_exists", {
    existingItem: { id: externalId },
    rule: { en: "is an item of New Day itself", zh: "是 New Day 自己的道具" },
    remedy: {
      en: 'Bring it back with POST /api/allinone/market/transfer, targetPlatform "newday".',
      zh: '请用 POST /api/allinone/market/transfer（targetPlatform 为 "newday"）退回',
    },
  });
}

async function existingItemError(services: PostingServices, itemId: string): Promise<NewDayError> {
  const item = await findItem(services.db, itemId);
  return new NewDayError("item_exists", {
    existingItem: item ? { id: item.id, name: item.name } : { id: itemId },
  });
}
