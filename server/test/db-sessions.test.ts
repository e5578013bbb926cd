import { expect, it, onTestFinished, vi } from "vitest";
import { openDatabase } from "../src/db/driver/postgres.ts";
import { optionsOn, useTestDatabase } from "./support/database.ts";

const SETTING = "select current_setting('synchronous_commit') as value";

it.each([
  ["off", "on"],
  ["local", "local"],
  ["remote_apply", "remote_apply"],
])(
  "A16: a commit is durable where the database's synchronous_commit is %s",
  async (given, kept) => {
    const { db, server, name } = await useTestDatabase({ server: "pg15", template: "empty" });
    await db.query(`alter database ${name} set synchronous_commit = ${given}`);
    const sessions = openDatabase({
      connection: { ...server, database: name },
      applicationName: "newday-test",
      poolSize: 1,
      connectTimeoutMs: 10_000,
      statementTimeoutMs: 0,
    });
    onTestFinished(() => sessions.close());
    const dedicated = await sessions.connect("newday-test-dedicated");
    onTestFinished(() => dedicated.close());
    for (const session of [sessions, dedicated])
      expect(await session.query(SETTING)).toEqual([{ value: kept }]);
  },
);

it("D2: PGSSLMODE and PGOPTIONS of the environment leave our own server's socket alone", async () => {
  const { server, name } = await useTestDatabase({ server: "pg15", template: "empty" });
  vi.stubEnv("PGSSLMODE", "require");
  vi.stubEnv("PGOPTIONS", "-c default_transaction_read_only=on");
  onTestFinished(() => void vi.unstubAllEnvs());
  const sessions = openDatabase(optionsOn(server, name, 1));
  onTestFinished(() => sessions.close());
  expect(
    await sessions.query("select current_setting('default_transaction_read_only') as value"),
  ).toEqual([{ value: "off" }]);
});

it.each(["SQL, DMY", "German", "Postgres, MDY"])(
  "A16: dates and arrays are read and written where the database's datestyle is %s",
  async (style) => {
    const { db, name, server } = await useTestDatabase({ server: "pg15", template: "empty" });
    await db.query(`alter database ${name} set datestyle = '${style}'`);
    await db.query(`alter database ${name} set array_nulls = off`);
    const sessions = openDatabase(optionsOn(server, name, 1));
    onTestFinished(() => sessions.close());
    const dedicated = await sessions.connect("newday-test-dedicated");
    onTestFinished(() => dedicated.close());
    const date = new Date("2026-03-02T01:02:03.004Z");
    for (const session of [sessions, dedicated]) {
      const rows = await session.query(
        "select $1::timestamptz as date, ($2::text[])[1] is null as empty",
        [date, [null]],
      );
      expect(rows).toEqual([{ date, empty: true }]);
    }
  },
);
