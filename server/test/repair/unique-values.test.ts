import { expect, it } from "vitest";
import { applyTo, keysOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

it("A17: the proof finds a value for a unique bytea column", async () => {
  const database = await useLegacyDatabase(
    "pg15",
    `alter table public.wallets add seal bytea unique;
     update public.wallets set seal = convert_to(id::text, 'UTF8');
     alter table public.wallets alter seal set not null;`,
  );
  await applyTo(database.url, await planOf(database.url));
  expect(await keysOf(database)).toEqual([]);
});
