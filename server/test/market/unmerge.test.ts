/** Undoing a merge of adoption, on the legacy file and through the command. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { unmerge } from "../../src/adoption/unmerge.ts";
import { useAdoptedLegacy, useLegacy } from "../support/adoption.ts";
import { useTestApp } from "../support/app.ts";
import type { TestDatabase } from "../support/database.ts";
import { expectSound } from "../support/ledger.ts";
import { CANCEL, INVENTORY, LIST, logIn, TRANSFER } from "../support/market.ts";

const CLI = fileURLToPath(new URL("../../bin/newday.mjs", import.meta.url));

function newday(args: readonly string[], { url }: TestDatabase) {
  return spawnSync(process.execPath, [CLI, ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], DATABASE_URL: url },
  });
}

/** The first run may have to build, and says so on stderr. */
beforeAll(() => {
  spawnSync(process.execPath, [CLI, "--version"]);
});

/** A command names the database that it uses and nothing else. */
const DATABASE_LINE = /^newday: database: [^\n]+\n$/;

interface Merge {
  readonly merged: string;
  readonly kept: string;
  readonly owner: string;
}

/** Merges whose owner AllinONE brought, who may log in; the kept item is one piece. */
async function useMerges() {
  const { database, db } = await useAdoptedLegacy("pg18");
  const test = await useTestApp({ database });
  const merges = await db.query<Merge>(
    `select m.merged_id as merged, m.item_id as kept, i.owner_id as owner
      from newday.item_merges m join newday.items i on i.id = m.item_id
      join public.players p on p.id = i.owner_id
      where i.quantity = 1 and p.preferences->>'platform' = 'allinone' order by 1`,
  );
  const [first, second] = merges;
  if (!first || !second) throw new Error("the legacy file has no such merges");
  const undo = (id: string, dryRun = false) =>
    unmerge(test.services, { id, operator: "tester", dryRun });
  return { test, database, db, first, second, undo };
}

describe("newday items unmerge", () => {
  it("makes the duplicate an item of its own, with history, and the books stay sound", async () => {
    const { test, database, db, first } = await useMerges();
    const user = await logIn(test, first.owner);
    const before = (await user.get(INVENTORY)).body.total as number;
    const done = newday(["items", "unmerge", first.merged, "--json"], database);
    expect([done.stderr, done.status]).toEqual([expect.stringMatching(DATABASE_LINE), 0]);
    const { transferId, ...told } = JSON.parse(done.stdout) as Record<string, unknown>;
    expect(told).toMatchObject({ restoredId: first.merged, keptId: first.kept, dryRun: false });
    const { items, total } = (await user.get(INVENTORY)).body;
    const ids = items.map(({ id }: { id: string }) => id);
    expect([total, ids.includes(first.merged), ids.includes(first.kept)]).toEqual([
      before + 1,
      true,
      true,
    ]);
    const events = await db.query(
      `select item_id as id, action, issued::int as issued from newday.item_history
        where transfer_id = $1 order by issued`,
      [transferId],
    );
    expect(events).toEqual([
      { id: first.kept, action: "unmerge", issued: 0 },
      { id: first.merged, action: "unmerge", issued: 1 },
    ]);
    const [posted] = await db.query("select metadata from newday.transfers where id = $1", [
      transferId,
    ]);
    expect(posted).toMatchObject({ metadata: { operator: expect.any(String) } });
    const moved = await user.post(TRANSFER, { itemId: first.merged, targetPlatform: "allinone" });
    expect(moved.body.item.id).toBe(first.merged);
    await expectSound(db);
    const again = newday(["items", "unmerge", first.merged], database);
    expect([again.status, again.stdout]).toEqual([2, ""]);
    expect(again.stderr).toContain("undone before");
  });

  it("shows in a dry run what it would do, and changes nothing at all", async () => {
    const { database, db, first } = await useMerges();
    const count = async () =>
      db.query(`select (select count(*) from newday.items) as items,
        (select count(*) from newday.item_definitions) as definitions,
        (select count(*) from newday.transfers) as transfers`);
    const before = await count();
    const shown = newday(["items", "unmerge", first.kept, "--dry-run"], database);
    expect([shown.stderr, shown.status]).toEqual([expect.stringMatching(DATABASE_LINE), 0]);
    expect(shown.stdout).toContain(`restored  ${first.merged}`);
    expect(shown.stdout).toContain("would be");
    expect(await count()).toEqual(before);
  });

  it("refuses when the item that stayed moved on, and says what can be done", async () => {
    const { test, db, first, second, undo } = await useMerges();
    const user = await logIn(test, first.owner);
    const offer = { itemId: first.kept, name: "x", itemType: "consumable", price: { cash: 1 } };
    const listing = (await user.post(LIST, offer)).body.item.id as string;
    await expect(undo(first.merged)).rejects.toMatchObject({
      code: "merge_moved_on",
      details: {
        rule: { en: expect.stringContaining("escrowed") },
        remedy: { en: expect.stringContaining("Cancel its listing") },
      },
    });
    expect((await user.post(CANCEL, { listingId: listing })).status).toBe(200);
    expect(await undo(first.merged)).toMatchObject({ restoredId: first.merged });

    const giver = await logIn(test, second.owner);
    await logIn(test, "the-other-one");
    const given = await giver.post(TRANSFER, {
      itemId: second.kept,
      targetUserId: "the-other-one",
    });
    expect(given.status).toBe(200);
    await expect(undo(second.merged)).rejects.toMatchObject({
      details: {
        rule: { en: expect.stringContaining("the-other-one") },
        remedy: { en: expect.stringContaining("grant") },
      },
    });
    await expect(undo("adv-never-merged")).rejects.toMatchObject({ code: "item_not_found" });
    await expectSound(db);
  });

  it("undoes a merge once, however many ask at once", async () => {
    const { db, first, undo } = await useMerges();
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => undo(first.merged)));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expectSound(db);
  });
});

describe("newday adopt", () => {
  it("shows the beginning of the merges as a table, and all of them in the report file", async () => {
    const database = await useLegacy("pg18");
    const folder = mkdtempSync(join(tmpdir(), "newday-report-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const report = join(folder, "adoption.json");
    const { stdout, status } = newday(["adopt", "--dry-run", "--report", report], database);
    expect(status).toBe(0);
    const lines = stdout.split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(180);
    expect(lines.filter((line) => /^ +adv-/.test(line))).toHaveLength(10);
    expect(stdout).toContain("... and 37 more");
    const written = JSON.parse(readFileSync(report, "utf8")) as {
      parts: { report: { merges?: object[] } }[];
    };
    expect(written.parts.flatMap((part) => part.report.merges ?? [])).toHaveLength(47);
    expect(statSync(report).mode & 0o777).toBe(0o600);
  });
});
