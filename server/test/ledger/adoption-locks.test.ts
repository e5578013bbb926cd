/** D8: the adoption holds locks on the old tables no longer than its bound, whatever triggers do. */
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { adopt, ADOPTION_HOLD_MS } from "../../src/adoption/adopt.ts";
import { adoptItems } from "../../src/adoption/adopt-items.ts";
import { adoptWallets } from "../../src/adoption/adopt-wallets.ts";
import type { AdoptionPart } from "../../src/adoption/adoption-part.ts";
import { adoptionState } from "../../src/db/adoption-state.ts";
import { patientTransaction } from "../../src/db/patient-transaction.ts";
import type { Database } from "../../src/db/database.ts";
import { runAdoption, useLegacy } from "../support/adoption.ts";
import { expectSound, useEngine } from "../support/ledger.ts";
import { until } from "../support/until.ts";

const HOLD_MS = 1_000;

/** Keeps a change of the old table open while the adoption compares, and commits when it waits. */
async function writeLate(db: Database, statement: string): Promise<{ committed: Promise<void> }> {
  const session = await db.connect("late-writer");
  await session.query("begin");
  await session.query(statement);
  const committed = (async () => {
    await until(async () => {
      const waiting = await db.query(
        "select from pg_locks where relation = 'public.wallets'::regclass and not granted",
      );
      return waiting.length > 0;
    });
    await session.query("commit");
    await session.close();
  })();
  return { committed };
}

describe("S1: what the old server commits between the comparison and the lock", () => {
  it("is carried over, although its transaction began before", async () => {
    const { db } = await useLegacy("pg18");
    const { committed } = await writeLate(
      db,
      `with added as (insert into public.wallets (user_id) values ('late-user'))
       update public.wallets set game_coins = game_coins + 7 where user_id like 'user-00%'`,
    );
    const [wallets] = await runAdoption(db);
    await committed;
    expect(wallets?.report).toMatchObject({
      wallets: "183",
      gameCoins: `${4_584_572 + 5 * 7 + 1_000}`,
      corrected: 6,
    });
    await expectSound(db);
  });

  it("stops the adoption when it deleted a wallet, and names the owner", async () => {
    const { db } = await useLegacy("pg18");
    const { committed } = await writeLate(
      db,
      "delete from public.wallets where user_id = 'user-001'",
    );
    await expect(runAdoption(db)).rejects.toMatchObject({
      code: "adoption_mismatch",
      details: { vanished: ["user-001"], different: [] },
    });
    await committed;
    expect(await adoptionState(db)).toBe("adoption_due");
  });
});

/** Runs inside the adoption, under its lock. */
const hangOn = (tag: string) => `
  create or replace function public.hang() returns event_trigger language plpgsql
    as 'begin perform pg_sleep(4); end';
  create event trigger hang on ddl_command_end when tag in ('${tag}') execute function public.hang();`;

describe("D8: a hanging event trigger", () => {
  it("ends with the bound of the part, which is rolled back and goes on later", async () => {
    const { db } = await useLegacy("pg18");
    const engine = useEngine(db);
    const run = (parts: readonly AdoptionPart[], holdMs = ADOPTION_HOLD_MS) =>
      adopt({ db, engine, batchSize: 500, holdMs, progress: () => undefined }, parts);
    const hangs = async (part: AdoptionPart, tag: string, seconds = HOLD_MS / 1000) => {
      await db.query(hangOn(tag));
      await expect(run([part], HOLD_MS), tag).rejects.toMatchObject({
        code: "adoption_refused",
        details: { holdSeconds: seconds },
        text: {
          en: expect.stringContaining(
            `longer than ${seconds} s under its locks and was rolled back`,
          ),
          zh: expect.stringContaining(`切换持锁超过 ${seconds} 秒，已回滚`),
        },
      });
      await db.query("drop event trigger hang");
      expect(await adoptionState(db, [part.name]), tag).toBe("adoption_due");
    };
    await hangs(adoptWallets, "ALTER TABLE");
    await hangs(adoptWallets, "CREATE VIEW");
    await db.query("update public.wallets set game_coins = game_coins");
    await run([adoptWallets]);
    const withTimeForEachItem = 6;
    await hangs(adoptItems, "CREATE TRIGGER", withTimeForEachItem);
    await db.query("update public.user_inventories set quantity = quantity");
    await run([adoptWallets, adoptItems]);
    expect(await adoptionState(db)).toBe("adopted");
    await engine.drain();
    await expectSound(db);
  });
});

it("D8: the server frees the tables of a process that hangs under its locks", async () => {
  const { db } = await useLegacy("pg15");
  const overrun = new Error("over");
  let freed = false;
  const held = patientTransaction(
    db,
    async (tx) => {
      await tx.query("lock table public.wallets in access exclusive mode");
      await db.query("select count(*) from public.wallets");
      freed = true;
      await sleep(HOLD_MS);
      await tx.query("select 1");
    },
    { holdMs: HOLD_MS, overrun: () => overrun },
  );
  await expect(held).rejects.toBe(overrun);
  expect(freed).toBe(true);
});
