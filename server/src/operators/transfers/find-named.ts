/** Finds transfers by their whole id or the reference that a caller gave, in the order of their ids. */
import type { Queryable } from "../../db/database.ts";
import type { FoundTransfers, TimeRange } from "./find-of-user.ts";

/** How ids of transfers look; PostgreSQL refuses any other text as a fault. */
export const TRANSFER_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export async function findNamedTransfers(
  db: Queryable,
  wanted: TimeRange & {
    readonly text: string;
    /** Only those with a movement of this wallet. */
    readonly wallet: bigint | undefined;
    readonly currency: number | undefined;
    readonly after: string | undefined;
    readonly limit: number;
  },
): Promise<FoundTransfers<string>> {
  const { text, wallet, currency, from, until, after, limit } = wanted;
  const rows = await db.query<{ id: string }>(
    {
      name: "search-transfers-named",
      text: `select t.id from newday.transfers t
        where t.line = 0 and (t.id = $1::uuid or t.reference = $2) and ($3::uuid is null or t.id > $3::uuid)
          and ($4::timestamptz is null or t.recorded_at >= $4) and ($5::timestamptz is null or t.recorded_at < $5)
          and ($6::bigint is null or exists (select from newday.transfers m
            where m.id = t.id and $6 in (m.from_account >> 16, m.to_account >> 16)))
          and ($7::int is null or exists (select from newday.transfers m
            where m.id = t.id and m.from_account & 65535 = $7))
        order by t.id limit $8`,
    },
    [
      TRANSFER_ID.test(text) ? text : null,
      text,
      after ?? null,
      from ?? null,
      until ?? null,
      wallet ?? null,
      currency ?? null,
      limit + 1,
    ],
  );
  const ids = rows.slice(0, limit).map(({ id }) => id);
  return { ids, next: rows.length > limit ? ids.at(-1) : undefined };
}
