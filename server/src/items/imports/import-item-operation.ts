/** Imports one item of a platform: once per owner, source and external id, a few a day. */
import { defineOperationType } from "../../engine/operation-type.ts";
import { change, rowKey } from "../../engine/resource.ts";
import { issueItem, items, type NewItem } from "../items/item-rows.ts";
import { moveCounter, counterId, limitCounters } from "../../ledger/limits/limit-counters.ts";
import { importId, itemImports } from "../items/receipts.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** The partner asked for ten (docs/contract.md 4.2). Refused imports are free. */
const IMPORTS_PER_DAY = 10n;

export interface ImportItemPayload {
  readonly item: NewItem & { readonly source: string; readonly externalId: string };
  readonly address: string | null;
  readonly day: string;
}

function quotaOf({ item, day }: Pick<ImportItemPayload, "item" | "day">): string {
  return counterId("import", item.ownerId, day);
}

export const importItemOperation = defineOperationType<ImportItemPayload>()({
  name: "item_import",
  readWriteSet: (payload) => [
    rowKey(items, payload.item.id),
    rowKey(itemImports, importOf(payload)),
    rowKey(limitCounters, quotaOf(payload)),
  ],
  decide({ item, address, day, ...unread }, view, context) {
    unread satisfies NothingElse;
    const imported = importOf({ item });
    const existing = view.get(itemImports, imported);
    if (existing) return { refuse: "item_exists", details: { itemId: existing.itemId } };
    const quota = moveCounter(view, quotaOf({ item, day }), { by: 1n, limit: IMPORTS_PER_DAY });
    if (!quota)
      return {
        refuse: "import_limit",
        details: {
          rule: {
            en: `at most ${IMPORTS_PER_DAY} imports a day`,
            zh: `每天最多导入 ${IMPORTS_PER_DAY} 个道具`,
          },
        },
      };
    const { ownerId, source, externalId, id: itemId } = item;
    const row = { ownerId, source, externalId, itemId, address };
    return {
      changes: [
        quota,
        change(items, itemId, issueItem(item, { action: "import", context })),
        change(itemImports, imported, row),
      ],
    };
  },
});

function importOf({ item }: Pick<ImportItemPayload, "item">): string {
  return importId(item.ownerId, item.source, item.externalId);
}
