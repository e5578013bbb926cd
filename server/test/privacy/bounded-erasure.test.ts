/** The transaction that replaces a person reads their own rows, however many others there are. */
import { expect, it } from "vitest";
import type { Database, Queryable } from "../../src/db/database.ts";
import { findTransfers } from "../../src/privacy/erasure/find-transfers.ts";
import { useTestDatabase } from "../support/database.ts";

const EVE = { userId: "eve", wallet: 77n };
const TABLES = ["transfers", "holds", "item_receipts", "item_history", "purchases", "listings"];

/** Another user's request that met eve, refused. */
async function refuse(db: Database, sequence: "null" | "default"): Promise<string> {
  const id = crypto.randomUUID();
  await db.query(
    `insert into newday.transfers (id, line, kind, amount, caller, refusal, result, recorded_at, sequence)
      values ($1, 0, 'transfer', 0, 'user:bob', 'user_frozen', '{"userId":"eve"}', now(), ${sequence})`,
    [id],
  );
  return id;
}

function countScans(db: Queryable) {
  return db.query(
    `select relname as table, seq_scan as scans from pg_stat_xact_user_tables
      where schemaname = 'newday' and relname = any($1::text[]) order by 1`,
    [TABLES],
  );
}

it("finds transfers before it, also those without a number, and those that come meanwhile", async () => {
  const { db } = await useTestDatabase({ server: "pg18" });
  await db.query("insert into newday.ledger_wallets (number, id, user_id) values (77, 'w', 'eve')");
  await db.query(
    `insert into newday.user_freezes (wallet, user_id, erased_as) values (77, 'eve', $1)`,
    [`erased:${"0".repeat(32)}`],
  );
  const ids = [await refuse(db, "null"), await refuse(db, "default")];
  const foundUpTo = await findTransfers(db, EVE);
  const found = await db.query<{ id: string }>(
    `select transfer_id as id from newday.erasure_finds where wallet = 77`,
  );
  expect(new Set(found.map(({ id }) => id))).toEqual(new Set(ids));
  ids.push(await refuse(db, "default"));
  const [before, after] = await db.transaction(async (tx) => {
    // A scan that is left has no index that could serve it.
    await tx.query("set local enable_seqscan = off");
    // The counts of the connection may hold those of its transactions before.
    const scans = () => countScans(tx);
    const earlier = await scans();
    await tx.query("select newday.erase_person(77, 'allinone', $1)", [foundUpTo]);
    return [earlier, await scans()];
  });
  expect(after).toEqual(before);
  const left = await db.query<{ user: string }>(
    `select distinct result->>'userId' as user from newday.transfers where id = any($1::uuid[])`,
    [ids],
  );
  expect(left).toEqual([{ user: `erased:${"0".repeat(32)}` }]);
  expect(await db.query("select 1 from newday.erasure_finds")).toEqual([]);
});
