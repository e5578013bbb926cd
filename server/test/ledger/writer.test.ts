import { describe, expect, it } from "vitest";
import type { BoundStatement, Queryable } from "../../src/db/database.ts";
import { accounts } from "../../src/ledger/accounts/accounts.ts";
import { DatabaseClock } from "../../src/engine/database-clock.ts";
import { postOptimistically, StaleCacheRead } from "../../src/engine/post-batch.ts";
import { createRegistry, resource } from "../../src/engine/registry.ts";
import { rowKey } from "../../src/engine/resource.ts";
import { RowCache } from "../../src/engine/row-cache.ts";
import { createWriter } from "../../src/engine/writer.ts";
import { newTransferId } from "../../src/engine/identifiers.ts";
import { ledgerModule } from "../../src/ledger/ledger-module.ts";
import { useTestDatabase } from "../support/database.ts";
import { balanceOf, createFunded, transferOf, useEngine } from "../support/ledger.ts";

const INSERT = { name: "writer_insert", text: "insert into public.lines values ($1::int)" };

function insert(line: number): BoundStatement {
  return { statement: INSERT, values: [line] };
}

describe.each(["pg15", "pg18"] as const)("The writer of the posting engine on %s", (server) => {
  async function useWriter() {
    const { db } = await useTestDatabase({ server });
    await db.query("create table public.lines (line integer constraint lines_pkey primary key)");
    const failures: number[] = [];
    const writer = createWriter({
      open: () => db.connect("writer"),
      onFailure: () => failures.push(failures.length + 1),
    });
    const lines = async () => {
      const rows = await db.query<{ line: number }>("select line from public.lines order by 1");
      return rows.map(({ line }) => line);
    };
    return { writer, failures, lines };
  }

  it("fails whatever was sent behind a failed batch, once, and goes on with what comes later", async () => {
    const { writer, failures, lines } = await useWriter();
    const results = await Promise.allSettled([
      writer.send([insert(1)]),
      writer.send([insert(2), insert(1)]),
      writer.send([insert(3)]),
      writer.send([insert(4)]),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "rejected",
    ]);
    expect(results.slice(1)).toMatchObject([
      { reason: { code: "23505" } },
      { reason: { code: "ND004" } },
      { reason: { code: "ND004" } },
    ]);
    expect(failures).toEqual([1]);
    await Promise.all([writer.send([insert(5)]), writer.send([insert(6)])]);
    expect(await lines()).toEqual([1, 5, 6]);
    await writer.close();
  });

  it("lets what is decided after the failure pass between those that fail with it", async () => {
    const { writer, lines } = await useWriter();
    await writer.send([insert(1)]);
    const failing = writer.send([insert(1)]);
    const behind = writer.send([insert(2)]);
    const later = failing.catch(() => writer.send([insert(3)]));
    await expect(behind).rejects.toMatchObject({ code: "ND004" });
    await later;
    expect(await lines()).toEqual([1, 3]);
    await writer.close();
  });

  it("is not given a batch that was decided from what a failed batch would have left", async () => {
    const { db } = await useTestDatabase({ server });
    const engine = useEngine(db);
    const [payer = 0n, payee = 0n] = await createFunded({ db, engine }, [100n, 0n]);
    await engine.drain();
    const registry = createRegistry(ledgerModule);
    const context = { registry, cache: new RowCache(), clock: new DatabaseClock() };
    const cached = await accounts.read(db, [payer], false);
    for (const [id, row] of cached) context.cache.keep(resource(accounts), id, row);
    const operation = transferOf(payer, payee, 10n);
    const unit = {
      operations: [{ operation, transferId: newTransferId() }],
      mode: "independent" as const,
      readWriteSet: [rowKey(accounts, payer), rowKey(accounts, payee)],
    };
    // Another batch fails while this one reads an uncached row.
    const reader: Queryable = {
      query(statement, values) {
        context.cache.evictAll();
        return db.query(statement, values);
      },
    };
    const writer = createWriter({ open: () => db.connect("writer"), onFailure: () => undefined });
    await expect(
      postOptimistically({ reader, writer }, context, [unit], { useCache: true, onSent() {} }),
    ).rejects.toBeInstanceOf(StaleCacheRead);
    expect(await balanceOf(db, payer)).toBe(100n);
    await writer.close();
  });
});
