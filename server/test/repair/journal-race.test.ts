/**
 * Two commands that write to the journal in the same instant: the chain stays one, and both
 * succeed.
 */
import { expect, it } from "vitest";
import {
  openRepairConnection,
  withRepairConnection,
} from "../../src/repair/connection/connection.ts";
import { appendEvent, readEvents } from "../../src/repair/journal/journal-queries.ts";
import { openJournal } from "../../src/repair/journal/journal.ts";
import { applyTo, factsOf } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

it("many commands at once append all their rows to one unbroken chain", async () => {
  const { url } = await useLegacyDatabase("pg15");
  await withRepairConnection(url, "test", (client) =>
    openJournal({ runId: "first", client, local: undefined }),
  );
  const write = (name: number) =>
    withRepairConnection(url, "test", async (client) => {
      for (let row = 0; row < 10; row++) await appendEvent(client, `run ${name}`, "artefact", "{}");
    });
  await Promise.all([1, 2, 3, 4].map(write));
  const events = await withRepairConnection(url, "test", readEvents);
  expect(events).toHaveLength(40);
  expect(events.filter(({ intact }) => !intact)).toEqual([]);
});

it("a row that meets another one on its way waits, and is written behind it", async () => {
  const { url } = await useLegacyDatabase("pg15");
  const first = await openRepairConnection(url, "test");
  const second = await openRepairConnection(url, "test");
  try {
    const journal = await openJournal({ runId: "first", client: first, local: undefined });
    await first.query("begin");
    await journal.append("artefact", {});
    const late = appendEvent(second, "second", "artefact", "{}");
    await new Promise((resolve) => setTimeout(resolve, 300));
    await first.query("commit");
    await late;
    const events = await readEvents(first);
    expect(events.map(({ runId, intact }) => [runId, intact])).toEqual([
      ["first", true],
      ["second", true],
    ]);
  } finally {
    await first.close();
    await second.close();
  }
});

it("a cut that loses the race for its row makes the next attempt, and is done", async () => {
  const database = await useLegacyDatabase("pg15");
  const plan = await planOf(database.url);
  await withRepairConnection(database.url, "test", (client) =>
    openJournal({ runId: "other", client, local: undefined }),
  );
  // PostgreSQL's error for a lost race, injected at the one moment that cannot be arranged.
  await database.db.query("create sequence public.races");
  await database.db.query(
    `create function public.lose_once() returns trigger language plpgsql as $$
     begin
       if new.body like '%"dropped"%' and nextval('public.races') = 1 then
         raise exception 'lost' using errcode = '23505', constraint = 'repair_events_no_fork';
       end if;
       return new;
     end $$`,
  );
  await database.db.query(
    "create trigger lose_once before insert on newday.repair_events for each row execute function public.lose_once()",
  );
  await applyTo(database.url, plan);
  expect((await factsOf(database)).keys).toEqual([]);
  const [races] = await database.db.query("select last_value::int as lost from public.races");
  expect(races).toEqual({ lost: 2 });
  const events = await withRepairConnection(database.url, "test", readEvents);
  expect(events.filter(({ intact }) => !intact)).toEqual([]);
});
