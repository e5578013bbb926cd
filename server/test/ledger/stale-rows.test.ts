import { randomUUID } from "node:crypto";
import { describe, expect, it } from "vitest";
import { accounts, withEntry, type AccountRow } from "../../src/ledger/accounts/accounts.ts";
import { useTestDatabase } from "../support/database.ts";
import { createFunded, useEngine } from "../support/ledger.ts";

describe.each(["pg15", "pg18"] as const)("Writing accounts on %s", (server) => {
  async function useWaitingWrite() {
    // Not `useLedger`: rows written here have no entries, and the audit would report them.
    const { db } = await useTestDatabase({ server });
    const engine = useEngine(db);
    const ids = await createFunded({ db, engine }, [10n, 20n, 30n]);
    await engine.drain();
    const read = await accounts.read(db, ids, false);
    const rows = ids.flatMap((id) => read.get(id) ?? []);
    const [first, middle, last] = rows;
    if (!first || !middle || !last) throw new Error("three accounts were made");
    const [other, own] = [await db.connect("other"), await db.connect("own")];
    for (const connection of [other, own]) await connection.query("set newday.posting = 'on'");
    await other.query("begin");
    await other.query(
      "update newday.accounts set balance = balance + 5, revision = revision + 1 where id = $1",
      [middle.id],
    );
    const changes = rows.map((before: AccountRow) => ({
      id: before.id,
      before,
      after: withEntry(before, 1n, randomUUID()),
    }));
    const written = own.batch(accounts.write(changes));
    await expect
      .poll(() =>
        db.query(
          `select 1 from pg_stat_activity where application_name = 'own' and wait_event_type = 'Lock'
            and datname = current_database()`,
        ),
      )
      .toHaveLength(1);
    const balances = async () => {
      const now = await accounts.read(db, ids, false);
      return ids.map((id) => now.get(id)?.balance);
    };
    const close = () => Promise.all([other.close(), own.close()]);
    return { other, written, balances, close };
  }

  it("refuses all of them when one was changed while it waited for its lock", async () => {
    const { other, written, balances, close } = await useWaitingWrite();
    const refused = expect(written).rejects.toMatchObject({ code: "ND001" });
    await other.query("commit");
    await refused;
    expect(await balances()).toEqual([10n, 25n, 30n]);
    await close();
  });

  it("writes all of them when the change that it waited for was rolled back", async () => {
    const { other, written, balances, close } = await useWaitingWrite();
    await other.query("rollback");
    await written;
    expect(await balances()).toEqual([11n, 21n, 31n]);
    await close();
  });
});
