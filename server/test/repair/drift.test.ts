/**
 * Drift is reported by its meaning for a repair: blocking, a name, or a version's way of printing.
 */
import { expect, test } from "vitest";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { compareStructures } from "../../src/repair/catalogue/compare.ts";
import { readStructureDocument } from "../../src/repair/catalogue/structure-document.ts";
import { useLegacyDatabase } from "./legacy.ts";

const WALLETS = findRepair("wallets");

async function documentOf(server: "pg15" | "pg18", extraSql = "") {
  const { url } = await useLegacyDatabase(server, extraSql);
  return readStructureDocument(url, WALLETS);
}

test("the same schema on PostgreSQL 15 and 18 has no drift, although 18 lists NOT NULL as constraints", async () => {
  const differences = compareStructures(await documentOf("pg15"), await documentOf("pg18"));
  expect(differences).toEqual([]);
});

test("another name for the same key is a name and nothing more", async () => {
  const renamed = await documentOf(
    "pg15",
    'alter table public.wallets rename constraint wallets_user_id_players_id_fk to "FK_9b1d""ф"',
  );
  const differences = compareStructures(await documentOf("pg15"), renamed);
  expect(differences.map(({ class: kind, table }) => [kind, table])).toEqual([
    ["name-only", "wallets"],
  ]);
});

test("a missing key, a second key, a weaker key, a nullable column and a disabled trigger block", async () => {
  const original = await documentOf("pg15");
  const blocking = async (sql: string) =>
    compareStructures(original, await documentOf("pg15", sql)).filter(
      ({ class: kind }) => kind === "blocking",
    ).length;
  const drop = "alter table public.wallets drop constraint wallets_user_id_players_id_fk;";
  expect(await blocking(drop)).toBe(1);
  expect(
    await blocking(
      "alter table public.wallets add foreign key (user_id) references public.players (id)",
    ),
  ).toBe(1);
  expect(
    await blocking(
      `${drop} alter table public.wallets add constraint wallets_user_id_players_id_fk
         foreign key (user_id) references public.players (id) on delete cascade not valid`,
    ),
  ).toBe(1);
  expect(await blocking("alter table public.wallets alter user_id drop not null")).toBe(1);
  expect(await blocking("alter table public.wallets disable trigger all")).toBe(1);
  expect(await blocking("drop table public.adventure_items")).toBeGreaterThan(1);
});

test.each(["game", '"Game ""Data"""'])("a schema of another name is no drift: %s", async (name) => {
  const moved = await documentOf(
    "pg15",
    `alter schema public rename to ${name}; create schema public`,
  );
  expect(compareStructures(await documentOf("pg15"), moved)).toEqual([]);
});
