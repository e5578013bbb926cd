/** `newday adopt` as a step of the runbook: asked before, and its box looked up afterwards. */
import { beforeAll, describe, expect, it } from "vitest";
import { useLegacyDatabase } from "./legacy.ts";
import { applyTo, newday } from "./apply-support.ts";
import { planOf, useFolder } from "./legacy.ts";
import { buildOnce, newday as runNewday } from "../support/server-process.ts";

beforeAll(buildOnce);

async function useRepaired() {
  const database = await useLegacyDatabase();
  await applyTo(database.url, await planOf(database.url));
  const folder = useFolder();
  const adopt = (...args: string[]) =>
    runNewday(["adopt", ...args], { DATABASE_URL: database.url, NEWDAY_DATA_DIR: folder });
  const box = () => {
    const { stdout, stderr } = newday(["report", "--database-url", database.url]);
    return /^- \S+ \*\*Adopted[^\n]*\n[^\n]*/m.exec(stdout)?.[0] ?? stderr;
  };
  const isView = async () => {
    const [row] = await database.db.query<{ kind: string }>(
      "select relkind::text as kind from pg_class where oid = 'public.wallets'::regclass",
    );
    return row?.kind === "v";
  };
  return { ...database, adopt, box, isView, confirmed: ["--confirm-database", database.name] };
}

describe("S1: the point of no return is confirmed", () => {
  it("refuses to adopt without the database's name, and with another one, in both languages", async () => {
    const { adopt, isView, confirmed } = await useRepaired();
    for (const args of [[], ["--confirm-database", "other"], ["--confirm-database", ""]]) {
      const { status, stderr } = adopt(...args);
      expect([args, status]).toEqual([args, 3]);
      expect(stderr).toContain("point of no return");
      expect(stderr).toContain("--confirm-database");
    }
    expect(adopt("--lang", "zh").stderr).toMatch(/不可逆点.*--confirm-database/);
    expect(await isView()).toBe(false);
    const done = adopt(...confirmed);
    expect(done.status, done.stderr).toBe(0);
    expect(await isView()).toBe(true);
    // Nothing is left to confirm.
    expect(adopt().status).toBe(0);
  });

  it("asks for nothing before the repair, which is refused by itself", async () => {
    const { url } = await useLegacyDatabase();
    const { stderr } = runNewday(["adopt"], { DATABASE_URL: url, NEWDAY_DATA_DIR: useFolder() });
    expect(stderr).toContain("still ties wallets to players");
    expect(stderr).not.toContain("--confirm-database");
  });
});

describe("S1: the box of the adoption", () => {
  it("is ticked only while every legacy object is replaced or frozen", async () => {
    const { db, adopt, box, confirmed } = await useRepaired();
    expect(box()).toContain("☐");
    adopt(...confirmed);
    const whole = box();
    expect(whole).toContain("☑");
    for (const name of [
      "wallets",
      "market_items",
      "transactions",
      "user_inventories",
      "adventure_items",
    ])
      expect(whole).toContain(name);
    for (const [broken, mended, named] of [
      [
        "alter table public.market_items disable trigger newday_adopted",
        "alter table public.market_items enable trigger newday_adopted",
        "market_items",
      ],
      [
        "alter table public.transactions rename to transactions_old; create table public.transactions (id text)",
        "drop table public.transactions; alter table public.transactions_old rename to transactions",
        "transactions",
      ],
      [
        "drop trigger wallets_read_only on public.wallets",
        `create trigger wallets_read_only instead of insert or update or delete
          on public.wallets for each row execute function newday.refuse_legacy_write()`,
        "wallets",
      ],
    ] as const) {
      for (const statement of broken.split("; ")) await db.query(statement);
      expect(box()).toMatch(new RegExp(`↺[^]*takes writes[^]*${named}`));
      for (const statement of mended.split("; ")) await db.query(statement);
    }
    expect(box()).toBe(whole);
    await db.query("delete from newday.adoptions where part = 'items'");
    expect(box()).toMatch(/▶[^]*items/);
  });
});

describe("X5: a notice tells what the journal holds", () => {
  it("is refused for a repair that never ran, with and without a plan of another one", async () => {
    const { db, url } = await useLegacyDatabase();
    await db.query("alter table public.wallets drop constraint wallets_user_id_players_id_fk");
    const notify = (...args: string[]) =>
      newday(["notify", "--print", ...args, "--database-url", url]);
    for (const kind of ["done", "rolled-back"]) {
      const { status, stdout, stderr } = notify("--kind", kind);
      expect([kind, status, stdout], stderr).toEqual([kind, 3, expect.not.stringContaining("---")]);
    }
    expect(notify("--kind", "done").stderr).toContain("no repair of this kind");
    expect(notify("--kind", "done", "--lang", "zh").stderr).toContain("没有");
    // A rehearsal or a backup of another repair is no run of this one.
    const folder = useFolder();
    const planned = newday([
      "plan",
      "--repair",
      "all-user-paths",
      "--out",
      `${folder}/all.json`,
      "--database-url",
      url,
    ]);
    expect(planned.status, planned.stderr).toBe(0);
    expect(notify("--kind", "done", "--plan", `${folder}/all.json`).status).toBe(3);
  });

  it("of a rollback is refused while the key was only added by hand", async () => {
    const { db, url } = await useRepaired();
    await db.query(
      "alter table public.wallets add constraint orm foreign key (user_id) references public.players (id)",
    );
    const { status, stderr } = newday([
      "notify",
      "--print",
      "--kind",
      "rolled-back",
      "--database-url",
      url,
    ]);
    expect(status).toBe(3);
    expect(stderr).toContain("no rollback");
  });
});
