/** Small queries of the verification. */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import type { Queryable } from "../../db/database.ts";

/** True when the table has a row with this value; compared as text, whatever the type. */
export async function rowExists(
  db: Queryable,
  table: { readonly schema: string; readonly name: string },
  key: { readonly column: string; readonly value: string | number },
): Promise<boolean> {
  const name = `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
  const [row] = await db.query<{ present: boolean }>(
    `select exists (select from ${name} where ${quoteIdentifier(key.column)}::text = $1) as present`,
    [String(key.value)],
  );
  return row?.present ?? false;
}
