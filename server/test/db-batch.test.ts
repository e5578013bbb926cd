import { describe, expect, it } from "vitest";
import type { BoundStatement } from "../src/db/database.ts";
import { useTestDatabase } from "./support/database.ts";

const INSERT = {
  name: "batch_insert",
  text: "insert into numbers select unnest($1::int[]) returning n",
};
const COUNT = { name: "batch_count", text: "select count(*) as count from numbers" };
const CREATE = "create table numbers (n integer not null constraint numbers_pkey primary key)";

function insert(...numbers: number[]): BoundStatement {
  return { statement: INSERT, values: [`{${numbers.join(",")}}`] };
}
const count: BoundStatement = { statement: COUNT, values: [] };

describe.each(["pg15", "pg18"] as const)("A batch of statements on %s", (server) => {
  it("is one transaction, and each statement answers with its own rows", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    await db.query(CREATE);
    const connection = await db.connect("batch");
    const batches = [[insert(1, 2), count], [insert(3)], [count]];
    const answers = await Promise.all(batches.map((batch) => connection.batch(batch)));
    expect(answers).toEqual([
      [[{ n: 1 }, { n: 2 }], [{ count: 2n }]],
      [[{ n: 3 }]],
      [[{ count: 3n }]],
    ]);
    await connection.close();
  });

  it("leaves nothing behind when a later statement fails, and the next batch goes on", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    await db.query(CREATE);
    const connection = await db.connect("batch");
    const failing = connection.batch([insert(1), insert(2, 2)]);
    const following = connection.batch([insert(2), count]);
    await expect(failing).rejects.toMatchObject({ code: "23505" });
    expect(await following).toEqual([[{ n: 2 }], [{ count: 1n }]]);
    await connection.close();
  });

  it("shares the names of prepared statements with ordinary queries of its connection", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    await db.query(CREATE);
    const connection = await db.connect("batch");
    const answers = await Promise.all([
      connection.query(INSERT, ["{1}"]),
      connection.batch([insert(2), count]),
      connection.query(COUNT),
    ]);
    expect(answers).toEqual([[{ n: 1 }], [[{ n: 2 }], [{ count: 2n }]], [{ count: 2n }]]);
    await connection.close();
  });

  it("tells why a statement cannot be prepared, and can prepare it once it is mended", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    const connection = await db.connect("batch");
    await expect(connection.batch([insert(1)])).rejects.toMatchObject({ code: "42P01" });
    await connection.query(CREATE);
    expect(await connection.batch([insert(1), count])).toEqual([[{ n: 1 }], [{ count: 1n }]]);
    await connection.close();
  });

  it("rejects when the connection is lost before the answer", async () => {
    const { db } = await useTestDatabase({ server, template: "empty" });
    await db.query(CREATE);
    const connection = await db.connect("batch-lost");
    const sleeping = { name: "batch_sleep", text: "select pg_sleep(30)" };
    const lost = connection.batch([insert(1), { statement: sleeping, values: [] }]);
    const refused = expect(lost).rejects.toMatchObject({ code: "database_unavailable" });
    await expect
      .poll(() =>
        db.query(
          `select pg_terminate_backend(pid) from pg_stat_activity
            where application_name = 'batch-lost' and query like '%pg_sleep%' and state = 'active'`,
        ),
      )
      .toHaveLength(1);
    await refused;
    expect(await db.query("select n from numbers")).toEqual([]);
  });
});
