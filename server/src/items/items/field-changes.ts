/** Changes of items' fields as rows: the definitions before and after an event of the history. */
import type { Queryable } from "../../db/database.ts";
import {
  arrayColumns,
  BIGINT_LITERAL,
  bindRows,
  insertFromUnnest,
  TEXT,
  UUID_LITERAL,
  type ArrayStatement,
} from "../../db/tables/columns.ts";
import type { Resource } from "../../engine/resource.ts";

export interface FieldChange {
  readonly itemId: string;
  /** Of the item, after the change. */
  readonly version: bigint;
  readonly definitionBefore: string;
  readonly definitionAfter: string;
}

const INSERTED = arrayColumns<FieldChange>({
  itemId: ["item_id", TEXT],
  version: ["version", BIGINT_LITERAL],
  definitionBefore: ["definition_before", UUID_LITERAL],
  definitionAfter: ["definition_after", UUID_LITERAL],
});

const insertFieldChanges: ArrayStatement<FieldChange> = {
  name: "item_field_changes_insert",
  text: insertFromUnnest("newday.item_field_changes", INSERTED),
  columns: INSERTED,
};

/** By the id of the transfer that changed them; insert-only. */
export const fieldChanges: Resource<string, FieldChange> = {
  name: "item_field_changes",
  read: () => Promise.resolve(new Map()),
  write: (changes) => [
    bindRows(
      insertFieldChanges,
      changes.map(({ after }) => after),
    ),
  ],
};

/** The definition that an item had at a version; undefined: the one that it has now. */
export async function findDefinitionAt(
  db: Queryable,
  itemId: string,
  version: bigint,
): Promise<string | undefined> {
  const [row] = await db.query<{ id: string }>(
    `select definition_before as id from newday.item_field_changes
      where item_id = $1 and version > $2 order by version limit 1`,
    [itemId, version],
  );
  return row?.id;
}
