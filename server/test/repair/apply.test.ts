import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { applyTo, factsOf, LEGACY_SUMS } from "./apply-support.ts";
import { planOf, useLegacyDatabase } from "./legacy.ts";

const SERVERS = ["pg15", "pg18"] as const;

describe.each(SERVERS)("the repair on %s", (server) => {
  it("drops the key and leaves every row, sum and unique index as it was", async () => {
    const database = await useLegacyDatabase(server);
    const before = await factsOf(database);
    expect(before.keys).toEqual(["wallets_user_id_players_id_fk"]);

    const { outcome, verification } = await applyTo(database.url, await planOf(database.url));

    const after = await factsOf(database);
    expect(outcome).toBe("repaired");
    expect(verification.verified).toBe(true);
    expect(after).toEqual({ ...before, keys: [] });
    expect(after).toMatchObject({ wallets: 182, players: 200, sums: LEGACY_SUMS });
  });

  it("opens every path of a user without a player row, with the system row", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url, "all-user-paths");
    expect(plan.keys).toHaveLength(8);

    await applyTo(database.url, plan);

    const left = await database.db.query<{ name: string }>(
      "select conname::text as name from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace order by 1",
    );
    expect(left.map(({ name }) => name)).toEqual([
      "adventure_items_adventure_id_daily_adventures_id_fk",
      "daily_adventures_player_id_players_id_fk",
    ]);
    await database.db.query("insert into public.wallets (user_id) values ('stranger')");
    await database.db.query(
      `insert into public.user_inventories (user_id, item_id, item_name) values ('stranger', 'nowhere', 'x')`,
    );
    const [system] = await database.db.query("select nickname from players where id = 'system'");
    expect(system).toEqual({ nickname: "System" });
  });

  it("is satisfied, and changes nothing, when it is applied again", async () => {
    const database = await useLegacyDatabase(server);
    const plan = await planOf(database.url);
    await applyTo(database.url, plan);
    const before = await factsOf(database);

    expect((await applyTo(database.url, plan)).outcome).toBe("satisfied");
    expect(await factsOf(database)).toEqual(before);
  });

  it("writes nothing at all while it plans", async () => {
    const database = await useLegacyDatabase(server);
    const state = () =>
      database.db.query(
        "select (select count(*) from pg_class)::int as relations, (select count(*) from pg_namespace)::int as schemas",
      );
    const before = await state();
    await planOf(database.url);
    await planOf(database.url, "all-user-paths");
    expect(await state()).toEqual(before);
  });

  it("keeps a journal whose chain shows every edit", async () => {
    const database = await useLegacyDatabase(server);
    await applyTo(database.url, await planOf(database.url));
    const events = await readEvents(database.db);
    expect(events.length).toBeGreaterThan(4);
    expect(events.every(({ intact }) => intact)).toBe(true);
    await expect(database.db.query("delete from newday.repair_events")).rejects.toThrow(
      "append-only",
    );

    await database.db.query("alter table newday.repair_events disable trigger user");
    await database.db.query("update newday.repair_events set body = '{}' where seq = 2");
    const edited = await readEvents(database.db);
    expect(edited.filter(({ intact }) => !intact).map(({ seq }) => seq)).toEqual([2]);
  });

  it("proves by behaviour, and not by the catalogue alone, that external users may come", async () => {
    const database = await useLegacyDatabase(
      server,
      `create function refuse() returns trigger language plpgsql as $f$
         begin
           if not exists (select from public.players where id = new.user_id) then
             raise exception 'players only';
           end if;
           return new;
         end $f$;
       create trigger players_only before insert on public.wallets
         for each row execute function refuse();`,
    );
    await expect(applyTo(database.url, await planOf(database.url))).rejects.toMatchObject({
      code: "repair_verify_failed",
    });
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it("says unverified while the key is there, and leaves no row behind", async () => {
    const database = await useLegacyDatabase(server);
    const proof = await withRepairConnection(database.url, "test", (client) =>
      verify(client, findRepair("wallets")),
    );
    expect(proof.verified).toBe(false);
    expect(proof.checks.filter(({ ok }) => ok === false).map(({ id }) => id)).toEqual([
      "catalogue",
      "behaviour",
    ]);
    expect((await factsOf(database)).wallets).toBe(182);
  });
});
