import { describe, expect, it } from "vitest";
import { readEvents } from "../../src/repair/journal/journal-queries.ts";
import { repairOwnDatabase } from "../../src/repair/apply/own-database.ts";
import { useTestDatabase } from "../support/database.ts";
import { factsOf } from "./apply-support.ts";
import { useLegacyDatabase } from "./legacy.ts";

describe.each(["pg15", "pg18"] as const)("the server's own new database on %s", (server) => {
  it("is repaired by the server itself, journaled, once", async () => {
    const database = await useTestDatabase({ server });
    const first = await repairOwnDatabase(database.url, "test");
    expect(first.outcome).toBe("repaired");
    expect(first.dropped).toContain("wallets_user_id_players_id_fk");
    expect((await factsOf(database)).keys).toEqual([]);
    const events = await readEvents(database.db);
    expect(events.some(({ body }) => body.includes("nothing to back up"))).toBe(true);
    expect((await repairOwnDatabase(database.url, "test")).outcome).toBe("already");
  });

  it("is repaired once when several processes start at the same moment", async () => {
    const database = await useTestDatabase({ server });
    const results = await Promise.all(
      Array.from({ length: 4 }, () => repairOwnDatabase(database.url, "test")),
    );
    const outcomes = results.map(({ outcome }) => outcome).toSorted();
    expect(outcomes).toEqual(["already", "already", "already", "repaired"]);
  });

  it("is left to its operator as soon as it has a past, or is not ours", async () => {
    const used = await useTestDatabase({ server });
    await used.db.query("insert into public.players (id, nickname) values ('p', 'x')");
    await used.db.query("insert into public.wallets (user_id) values ('p')");
    expect((await repairOwnDatabase(used.url, "test")).outcome).toBe("not-ours");
    expect((await factsOf(used)).keys).toHaveLength(1);

    const legacy = await useLegacyDatabase(server);
    expect((await repairOwnDatabase(legacy.url, "test")).outcome).toBe("not-ours");
    expect((await factsOf(legacy)).keys).toHaveLength(1);
  });
});
