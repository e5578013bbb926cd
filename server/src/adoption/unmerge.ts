/** Undoes a merge of adoption: a wrongly merged duplicate becomes an item of its own again. */
import { NewDayError } from "../errors/errors.ts";
import { definitionIdOf, ensureDefinition } from "../items/items/definitions.ts";
import { requirePosted } from "../engine/outcome.ts";
import type { PostingServices } from "../ledger/wallets/posting-services.ts";
import { adventureFacts, OBTAINED_FROM_ADVENTURE } from "./adopt-items.ts";
import { findMerge } from "./merge-queries.ts";
import { operationOf } from "../engine/operation-type.ts";
import { unmergeItemOperation, type UnmergeItemPayload } from "./unmerge-item-operation.ts";

export interface UnmergeRequest {
  /** Of the duplicate or of the item that stayed, with or without prefix. */
  readonly id: string;
  /** The deciding operator; stored with the transfer. */
  readonly operator: string;
  readonly dryRun: boolean;
}

export interface Unmerge {
  readonly restoredId: string;
  readonly keptId: string;
  readonly ownerId: string;
  readonly name: string;
  /** The reason of the merge. */
  readonly reason: string;
  readonly transferId: string;
}

/**
 * Errors: `item_not_found` (no merge under this id), `merge_undone`, `merge_moved_on` with the
 * reason and the remedy.
 */
export async function unmerge(
  services: PostingServices,
  { id, operator, dryRun }: UnmergeRequest,
): Promise<Unmerge> {
  const merge = await findMerge(services.db, id);
  if (!merge)
    throw new NewDayError("item_not_found", {
      field: "id",
      rule: { en: "names no item that adoption merged", zh: "不是接管时合并的道具" },
      remedy: {
        en: "Use an id that newday adopt --report <file> lists.",
        zh: "请使用 newday adopt --report <file> 列出的 ID",
      },
    });
  const { mergedId, itemId, adoptedQuantity, ownerId, reason, name } = merge;
  const facts = adventureFacts(merge);
  const payload: UnmergeItemPayload = {
    mergedId,
    itemId,
    adoptedQuantity,
    restored: {
      id: mergedId,
      ownerId,
      definitionId: dryRun ? definitionIdOf(facts) : await ensureDefinition(services.db, facts),
      quantity: 1n,
      obtainedFrom: OBTAINED_FROM_ADVENTURE,
      source: OBTAINED_FROM_ADVENTURE,
    },
    obtainedAt: new Date(merge.createdAt ?? 0),
  };
  const operation = operationOf(unmergeItemOperation, payload, {
    caller: "operator",
    reference: mergedId,
    metadata: { operator, reason },
  });
  const outcome = dryRun
    ? (await services.engine.preview([operation], "independent"))[0]
    : await services.engine.submit(operation);
  if (!outcome) throw new Error("an operation without an outcome");
  const { transferId } = requirePosted(outcome);
  return { restoredId: mergedId, keptId: itemId, ownerId, name, reason, transferId };
}
