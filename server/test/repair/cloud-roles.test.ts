/** A11, A16, X7: the rights and the settings of roles on managed servers. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { appendEvent } from "../../src/repair/journal/journal-queries.ts";
import { openJournal } from "../../src/repair/journal/journal.ts";
import { newday } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { useOwner } from "./owner.ts";
import { findBlocking, findingIds } from "./plan-support.ts";

const SET = (setting: string) =>
  `do $$ begin execute format('alter database %I set ${setting}', current_database()); end $$`;

it("A11: forced row security is said by the plan, before an apply that can only fail", async () => {
  const database = await useLegacyDatabase(
    "pg15",
    "alter table public.wallets enable row level security, force row level security",
  );
  const plan = await planOf(await useOwner(database));
  expect(findBlocking(plan)).toEqual(["B45"]);
  expect(findBlocking(await planOf(database.url))).toEqual([]);
});

it("X7: the plan asks whether the role may dump every table", async () => {
  const database = await useLegacyDatabase("pg15");
  const url = await useOwner(database);
  expect(findingIds(await planOf(url))).not.toContain("W47");
  await database.db.query("create schema private; create table private.notes (id int)");
  const found = (await planOf(url)).findings.find(({ id }) => id === "W47");
  expect(found?.evidence.en).toContain("private.notes");
});

describe("A16: defaults of the database", () => {
  it("serializable does not make two writers of the journal fail", async () => {
    const database = await useLegacyDatabase(
      "pg15",
      SET("default_transaction_isolation = serializable"),
    );
    const level = await withRepairConnection(database.url, "journal", async (client) => {
      await openJournal({ runId: "a", client, local: undefined });
      const writers = Array.from({ length: 4 }, (_, at) =>
        withRepairConnection(database.url, "journal", async (other) => {
          for (let n = 0; n < 10; n++) await appendEvent(other, `run-${at}`, "finding", "{}");
        }),
      );
      await Promise.all(writers);
      return client.query("show default_transaction_isolation");
    });
    expect(level).toEqual([{ default_transaction_isolation: "read committed" }]);
  });

  it.each(["backup", "rehearse", "notify"])("read only: %s answers B02", async (command) => {
    const database = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const plan = join(folder, "plan.json");
    const on = ["--database-url", database.url];
    expect(newday(["plan", "--out", plan, ...on]).status).toBe(0);
    await database.db.query(SET("default_transaction_read_only = on"));
    const options =
      command === "notify" ? ["--partner-answer", "yes"] : ["--plan", plan, "--backup-dir", folder];
    const { status, stdout, stderr } = newday([command, ...options, ...on]);
    expect(status, `${stdout}${stderr}`).toBe(3);
    expect(`${stdout}${stderr}`).toContain("B02");
  });
});
