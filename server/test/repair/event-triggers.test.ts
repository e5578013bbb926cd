/** A3: event triggers are other people's code and run under the clients' path. */
import { expect, it } from "vitest";
import { applyTo, keysOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

it("A3: an event trigger with a bare table name does not stop the apply", async () => {
  const database = await useLegacyDatabase(
    "pg15",
    `create table public.ddl_log (tag text);
     create function public.log_ddl() returns event_trigger language plpgsql as
       $$ begin insert into ddl_log values (tg_tag); end $$;
     create event trigger log_ddl on ddl_command_end execute function public.log_ddl();`,
  );
  await applyTo(database.url, await planOf(database.url));
  expect(await keysOf(database)).toEqual([]);
  const tags = await database.db.query<{ tag: string }>("select tag from public.ddl_log");
  expect(tags.map(({ tag }) => tag)).toContain("ALTER TABLE");
  expect(tags.map(({ tag }) => tag)).toContain("CREATE SCHEMA");
});
