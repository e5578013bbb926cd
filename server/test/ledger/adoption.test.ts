import { describe, expect, it } from "vitest";
import { createPostingServices } from "../../src/ledger/wallets/posting-services.ts";
import type { Database } from "../../src/db/database.ts";
import { migrate } from "../../src/db/migrations.ts";
import { adopt, ADOPTION_HOLD_MS, planAdoption } from "../../src/adoption/adopt.ts";
import { adoptionState } from "../../src/db/adoption-state.ts";
import { adoptWallets } from "../../src/adoption/adopt-wallets.ts";
import { createWalletFinder } from "../../src/ledger/wallets/open-wallets.ts";
import { useTestDatabase } from "../support/database.ts";
import { expectSound, loadLegacy, useEngine } from "../support/ledger.ts";

const PARTS = [adoptWallets];
const README_TOTALS = {
  wallets: "182",
  gameCoins: "4584572",
  cashBalance: "1300137",
  computingPower: "200208",
};

async function useLegacy(server: "pg15" | "pg18", options: { repaired: boolean }) {
  const { db } = await useTestDatabase({ server, template: "empty" });
  await loadLegacy(db);
  await migrate(db);
  if (options.repaired)
    await db.query("alter table public.wallets drop constraint wallets_user_id_players_id_fk");
  return db;
}

async function runAdoption(db: Database, batchSize = 50) {
  const engine = useEngine(db);
  const progress: number[] = [];
  try {
    const context = {
      db,
      engine,
      batchSize,
      holdMs: ADOPTION_HOLD_MS,
      progress: (_: string, done: number) => progress.push(done),
    };
    return { reports: await adopt(context, PARTS), progress };
  } finally {
    await engine.drain();
  }
}

describe.each(["pg15", "pg18"] as const)("adoption on %s", (server) => {
  it("refuses while the foreign key stands, names it and the command, and changes nothing", async () => {
    const db = await useLegacy(server, { repaired: false });
    expect(await adoptionState(db, ["wallets"])).toBe("repair_due");
    await expect(runAdoption(db)).rejects.toMatchObject({
      code: "adoption_refused",
      details: { constraints: ["wallets_user_id_players_id_fk"] },
      text: {
        en: expect.stringMatching(
          /^The adoption is not allowed: wallets_user_id_players_id_fk .*\.$/,
        ),
        zh: expect.stringMatching(/^不允许接管：wallets_user_id_players_id_fk .*。$/),
      },
    });
    const [row] = await db.query<{ n: number }>("select count(*)::int as n from newday.transfers");
    expect(row?.n).toBe(0);
  });

  it("takes over every wallet of the legacy file with its sums, and says so on a second run", async () => {
    const db = await useLegacy(server, { repaired: true });
    expect(await adoptionState(db, ["wallets"])).toBe("adoption_due");
    const [plan] = await planAdoption(db, PARTS);
    expect(plan?.report).toMatchObject({ legacy: README_TOTALS, walletsToOpen: 182 });
    const first = await runAdoption(db);
    expect(first.reports).toMatchObject([{ alreadyAdopted: false, report: README_TOTALS }]);
    expect(first.progress.at(-1)).toBe(182);
    expect(await adoptionState(db, ["wallets"])).toBe("adopted");
    const second = await runAdoption(db);
    expect(second.reports).toMatchObject([{ alreadyAdopted: true, report: README_TOTALS }]);
    await expectSound(db);
  });

  it("leaves a view that shows true balances and refuses to be written", async () => {
    const db = await useLegacy(server, { repaired: true });
    await db.query("create role legacy_reader");
    await db.query("grant select on public.wallets to legacy_reader");
    const before = await db.query("select id, user_id, created_at from public.wallets order by id");
    await runAdoption(db);
    const after = await db.query("select id, user_id, created_at from public.wallets order by id");
    expect(after).toEqual(before);
    const [sums] = await db.query(
      "select sum(game_coins)::int as a, sum(cash_balance)::int as b, sum(computing_power)::int as c from public.wallets",
    );
    expect(sums).toEqual({ a: 4_584_572, b: 1_300_137, c: 200_208 });
    await expect(db.query("update public.wallets set game_coins = 0")).rejects.toThrow(/read-only/);
    await expect(db.query("delete from public.wallets")).rejects.toThrow(/read-only/);
    await expect(db.query("insert into public.wallets (user_id) values ('x')")).rejects.toThrow(
      /read-only/,
    );
    const [right] = await db.query(
      "select has_table_privilege('legacy_reader', 'public.wallets', 'select') as granted",
    );
    expect(right).toEqual({ granted: true });
    await db.query("drop owned by legacy_reader");
    await db.query("drop role legacy_reader");
  });

  it("carries over what the old server wrote while the backfill ran", async () => {
    const db = await useLegacy(server, { repaired: true });
    const engine = useEngine(db);
    let interfered = false;
    const interfere = async () => {
      interfered = true;
      await db.query(
        "update public.wallets set game_coins = game_coins + 7 where user_id = 'user-001'",
      );
      await db.query("insert into public.wallets (user_id) values ('late-user')");
    };
    const part = {
      ...adoptWallets,
      async switchOver(context: Parameters<typeof adoptWallets.switchOver>[0]) {
        if (!interfered) await interfere();
        return adoptWallets.switchOver(context);
      },
    };
    const [report] = await adopt(
      { db, engine, batchSize: 500, holdMs: ADOPTION_HOLD_MS, progress: () => {} },
      [part],
    );
    expect(report?.report).toMatchObject({ wallets: "183", gameCoins: `${4_584_572 + 7 + 1000}` });
    await engine.drain();
    await expectSound(db);
  });

  it("goes on where a killed run stood, posting nothing twice", async () => {
    const db = await useLegacy(server, { repaired: true });
    const engine = useEngine(db);
    const killed = {
      ...adoptWallets,
      switchOver: () => Promise.reject(new Error("killed before the switch")),
    };
    const context = { db, engine, batchSize: 20, holdMs: ADOPTION_HOLD_MS, progress: () => {} };
    await expect(adopt(context, [killed])).rejects.toThrow("killed");
    expect(await adoptionState(db, ["wallets"])).toBe("adoption_due");
    await engine.drain();
    const { reports } = await runAdoption(db);
    expect(reports).toMatchObject([{ report: README_TOTALS }]);
    await expectSound(db);
  });

  it("S1: catches up with the old server before it locks the table", async () => {
    const db = await useLegacy(server, { repaired: true });
    const engine = useEngine(db);
    const killed = {
      ...adoptWallets,
      switchOver: () => Promise.reject(new Error("killed before the switch")),
    };
    const context = { db, engine, batchSize: 20, holdMs: ADOPTION_HOLD_MS, progress: () => {} };
    await expect(adopt(context, [killed])).rejects.toThrow("killed");
    await engine.drain();
    await db.query("update public.wallets set game_coins = game_coins + 1");
    const { reports } = await runAdoption(db);
    // Posted under the lock, while every client of the old server waits.
    expect(reports[0]?.report).toMatchObject({ corrected: 0, gameCoins: `${4_584_572 + 182}` });
    await expectSound(db);
  });

  it("keeps a legacy balance below zero as it is and names its owner beforehand", async () => {
    const db = await useLegacy(server, { repaired: true });
    await db.query("update public.wallets set game_coins = -5 where user_id = 'user-002'");
    const [plan] = await planAdoption(db, PARTS);
    expect(plan?.report).toMatchObject({ overdrawn: ["user-002"] });
    await runAdoption(db);
    const [row] = await db.query<{ coins: bigint }>(
      "select game_coins as coins from public.wallets where user_id = 'user-002'",
    );
    expect(row?.coins).toBe(-5n);
    await expectSound(db);
  });

  it("opens one wallet for 200 first calls at once, and tells exactly one that it is new", async () => {
    const db = await useLegacy(server, { repaired: true });
    await runAdoption(db);
    const engine = useEngine(db);
    const find = createWalletFinder(createPostingServices(db, engine));
    const found = await Promise.all(
      Array.from({ length: 200 }, () => find("allinone-prod-test-123")),
    );
    expect(found.filter(({ isNewWallet }) => isNewWallet).length).toBe(1);
    expect(new Set(found.map(({ wallet }) => wallet.id)).size).toBe(1);
    expect(found[0]?.wallet).toMatchObject({
      gameCoins: 1000n,
      cashBalance: 0n,
      computingPower: 0n,
    });
    await engine.drain();
    await expectSound(db);
  });
});
