/**
 * The watch sees a key that comes back and the first foreign row, and survives a server restart.
 */
import { expect, test } from "vitest";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { emitter, silent } from "../../src/repair/model/events.ts";
import { watch, type WatchRequest } from "../../src/repair/aftercare/watch.ts";
import { useLegacyDatabase } from "./legacy.ts";

const DROP = "alter table public.wallets drop constraint wallets_user_id_players_id_fk";
const KEY_BACK =
  "alter table public.wallets add constraint orm_made_this foreign key (user_id) references public.players (id)";

function request(target: string, parts: Partial<WatchRequest> = {}): WatchRequest {
  return {
    target,
    repair: findRepair("wallets"),
    schema: undefined,
    forMs: 60_000,
    everyMs: 50,
    emit: silent,
    signal: new AbortController().signal,
    onWindowClosed: () => Promise.resolve(),
    ...parts,
  };
}

/** What the watch says of each look that found something new. */
function useLines() {
  const lines: string[] = [];
  const emit = emitter(({ text }) => lines.push(text.en));
  /** Whatever happens next is met by a later look. */
  const until = (words: string) =>
    expect.poll(() => lines).toContainEqual(expect.stringContaining(words));
  return { emit, until };
}

test("a key that an ORM makes again under another name ends the watch at once", async () => {
  const { db, url } = await useLegacyDatabase("pg15", DROP);
  const { emit, until } = useLines();
  const watching = watch(request(url, { emit }));
  await until("rows of external users: 0");
  await db.query(KEY_BACK);
  expect(await watching).toMatchObject({ outcome: "key-back" });
});

test("the first external user closes the rollback window once, and growth is counted", async () => {
  const { db, url } = await useLegacyDatabase("pg15", DROP);
  const closed: number[] = [];
  const stop = new AbortController();
  const { emit, until } = useLines();
  const watching = watch(
    request(url, {
      emit,
      signal: stop.signal,
      forMs: 3_600_000,
      onWindowClosed: (strangers) => Promise.resolve(void closed.push(strangers)),
    }),
  );
  await until("rows of external users: 0");
  for (const [user, words] of [
    ["a-1", "external users: 1 (+1)"],
    ["a-2", "external users: 2 (+1)"],
  ] as const) {
    await db.query("insert into public.wallets (user_id) values ($1)", [user]);
    await until(words);
  }
  stop.abort();
  const result = await watching;
  expect(result).toMatchObject({ outcome: "stopped", strangersAtStart: 0, strangersAtEnd: 2 });
  expect(result.text.en).toMatch(/^watched for [\d.]+ m?s, /); // not the hour that was meant
  expect(closed).toEqual([1]);
});

test("one inspection is enough for a scheduler, and a database that does not answer is counted", async () => {
  const { url } = await useLegacyDatabase("pg15", DROP);
  expect(await watch(request(url, { forMs: 0 }))).toMatchObject({ outcome: "completed", looks: 1 });
  const nobody = "postgres://newday@127.0.0.1:1/nothing";
  expect(await watch(request(nobody, { forMs: 120 }))).toMatchObject({
    outcome: "completed",
    strangersAtEnd: null,
    unreachable: expect.any(Number) as number,
  });
});
