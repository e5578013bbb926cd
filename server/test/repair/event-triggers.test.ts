/** A3: triggers and event triggers are other people's code and run under the clients' path. */
import { expect, it } from "vitest";
import { takeBackup } from "../../src/repair/backup/take-backup.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { silent } from "../../src/repair/model/events.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { rehearse } from "../../src/repair/rehearse/rehearse.ts";
import { runRollback } from "../../src/repair/rollback/rollback.ts";
import { readRollback } from "../../src/repair/rollback/view.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { applyTo, keysOf } from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const EVENT_TRIGGER = `create table public.ddl_log (tag text);
  create function public.log_ddl() returns event_trigger language plpgsql as
    $$ begin insert into ddl_log values (tg_tag); end $$;
  create event trigger log_ddl on ddl_command_end execute function public.log_ddl();
  create function public.log_drop() returns event_trigger language plpgsql as
    $$ begin insert into ddl_log values ('drop'); end $$;
  create event trigger log_drop on sql_drop execute function public.log_drop();`;

/** Everything beside event triggers that runs for a row and may use bare names. */
const FOREIGN_CODE = `create extension citext;
  create table public.audit (what citext);
  create function public.note() returns trigger language plpgsql as
    $$ begin insert into audit values (tg_op); perform 1 from players where id = new.user_id; return new; end $$;
  create trigger note after insert or update on public.wallets for each row execute function public.note();
  create constraint trigger later after insert on public.wallets deferrable initially deferred
    for each row execute function public.note();
  create function public.folded(text) returns text immutable language plpgsql as
    $$ begin return $1::citext::text; end $$;
  create index on public.wallets (public.folded(user_id));
  create function public.mine(text) returns boolean stable language plpgsql as
    $$ begin return exists (select from audit where what = $1); end $$;
  alter table public.wallets enable row level security;
  create policy own on public.wallets using (public.mine(user_id));`;

it("A3: an event trigger with a bare table name does not stop the apply", async () => {
  const database = await useLegacyDatabase("pg15", EVENT_TRIGGER);
  await applyTo(database.url, await planOf(database.url));
  expect(await keysOf(database)).toEqual([]);
  const tags = await database.db.query<{ tag: string }>("select tag from public.ddl_log");
  expect(tags.map(({ tag }) => tag)).toContain("ALTER TABLE");
  expect(tags.map(({ tag }) => tag)).toContain("CREATE SCHEMA");
});

it("A3: the rehearsal and every rollback option run beside triggers with bare names", async () => {
  // No dump of an index over a function with bare names can be restored by PostgreSQL itself.
  const code = FOREIGN_CODE.replace("$1::citext", "$1::public.citext");
  const { url } = await useLegacyDatabase("pg15", code + EVENT_TRIGGER);
  const plan = await planOf(url);
  const backup = await takeBackup({ target: url, plan, folder: useFolder(), full: true });
  const { rollbacks } = await rehearse({ backup, tool: "test", emit: silent });
  const outcomes = rollbacks.map(({ option, strangers, outcome }) =>
    [option, strangers, outcome].join(" "),
  );
  expect(outcomes.filter((outcome) => outcome.includes("failed"))).toEqual([]);
  expect(outcomes).toContain("quarantine 1 ROLLED_BACK");
  expect(outcomes).toContain("exact 0 ROLLED_BACK");
  expect(outcomes).toContain("freeze 1 ROLLED_BACK_NOT_VALID");
});

it.each(["exact", "quarantine", "no-action", "freeze"] as const)(
  "A3: apply, verify and %s run on the database itself",
  async (option) => {
    const database = await useLegacyDatabase("pg15", FOREIGN_CODE + EVENT_TRIGGER);
    const { url, db } = database;
    const repair = findRepair("wallets");
    await applyTo(url, await planOf(url));
    const proof = await withRepairConnection(url, "test", (client) => verify(client, repair));
    expect(proof.checks.filter(({ ok }) => ok !== true)).toEqual([]);
    if (option !== "exact")
      await db.query("insert into public.wallets (user_id) values ('external')");
    const view = await withRepairConnection(url, "test", (client) =>
      readRollback(client, repair, {}),
    );
    await runRollback({
      target: url,
      repair,
      view,
      option,
      emit: silent,
      budgetMs: 20_000,
      operator: "test",
      reason: "test",
    });
    expect(await keysOf(database)).toHaveLength(1);
  },
);
