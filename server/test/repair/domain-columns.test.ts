import { expect, it } from "vitest";
import { planOf, useLegacyDatabase } from "./legacy.ts";

const NO_KEY_OF = "alter table public.wallets drop constraint wallets_user_id_players_id_fk";

it.each([
  ["varchar(36)", ["wallets.user_id public.user_id (character varying(36))"]],
  ["varchar(255)", []],
  ["text", []],
])("A13: a domain over %s is judged by its base type", async (base, expected) => {
  const { url } = await useLegacyDatabase(
    "pg15",
    `${NO_KEY_OF}; create domain public.short_id as ${base};
     create domain public.user_id as public.short_id;
     alter table public.wallets alter user_id type public.user_id;`,
  );
  const found = (await planOf(url)).findings.filter(({ id }) => id === "B26");
  expect(found.map(({ evidence }) => evidence.en)).toEqual(expected);
});
