import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import { useTestDatabase } from "./support/database.ts";

const OWN_BACKEND = "select pg_backend_pid() as pid";
const END_BACKEND = "select pg_terminate_backend($1)";
/** Until the end of the connection has arrived here. */
const ARRIVAL_MS = 100;

it("a transaction whose server ends it between two statements fails, and nothing else does", async () => {
  const { db } = await useTestDatabase({ server: "pg15", template: "empty" });
  const lost = db.transaction(async (tx) => {
    const [own] = await tx.query<{ pid: number }>(OWN_BACKEND);
    await db.query(END_BACKEND, [own?.pid]);
    await sleep(ARRIVAL_MS);
    await tx.query("select 1");
  });
  await expect(lost).rejects.toMatchObject({ code: "database_unavailable" });
  expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
});

it("a transaction whose server ends it during a statement fails, and nothing else does", async () => {
  const { db } = await useTestDatabase({ server: "pg15", template: "empty" });
  const lost = db.transaction(async (tx) => {
    const [own] = await tx.query<{ pid: number }>(OWN_BACKEND);
    await Promise.all([tx.query("select pg_sleep(60)"), db.query(END_BACKEND, [own?.pid])]);
  });
  await expect(lost).rejects.toMatchObject({ code: "database_unavailable" });
  expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
});
