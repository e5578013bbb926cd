/** The runbook shows the present: a verified box un-ticks when the state has changed. */
import { writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { openJournal } from "../../src/repair/journal/journal.ts";
import { findRun } from "../../src/repair/journal/run-story.ts";
import { checklist } from "../../src/repair/aftercare/checklist.ts";
import { renderReport } from "../../src/repair/aftercare/report.ts";
import { verify } from "../../src/repair/verify/verify.ts";
import { fileHash } from "../../src/repair/backup/take-backup.ts";
import { newday } from "./apply-support.ts";
import { useFolder, useLegacyDatabase } from "./legacy.ts";

const DROP = "alter table public.wallets drop constraint wallets_user_id_players_id_fk";
const WALLETS = findRepair("wallets");

async function journaled(url: string, rows: readonly Record<string, unknown>[]): Promise<void> {
  await withRepairConnection(url, "test", async (client) => {
    const journal = await openJournal({ runId: "run-1", client, local: undefined });
    for (const row of rows) await journal.append("step", row);
  });
}

function boxes(url: string) {
  return withRepairConnection(url, "test", async (client) => {
    const story = await findRun(client);
    if (!story) throw new Error("no run");
    const items = await checklist(story, await verify(client, WALLETS), undefined);
    return Object.fromEntries(items.map(({ title, box }) => [title.en, box]));
  });
}

test("boxes tick by evidence, un-tick when it is gone, and notice what another person did", async () => {
  const { db, url } = await useLegacyDatabase();
  const dump = `${useFolder()}/a.dump`;
  writeFileSync(dump, "a dump");
  await journaled(url, [
    { step: "backup", status: "done", path: dump, sha256: await fileHash(dump), restored: true },
  ]);
  expect(await boxes(url)).toMatchObject({
    "Backup, restored and compared": "☑",
    "Foreign keys dropped": "☐",
    "Partner told": "☐",
  });
  await db.query(DROP);
  expect(await boxes(url)).toMatchObject({ "Foreign keys dropped": "☑ᵒ" });
  await journaled(url, [
    { step: "cut", status: "done" },
    { step: "verify", status: "done" },
    { step: "notify", status: "failed", deliveries: [] },
  ]);
  writeFileSync(dump, "damaged");
  await db.query(
    "alter table public.wallets add constraint again foreign key (user_id) references public.players (id)",
  );
  expect(await boxes(url)).toMatchObject({
    "Backup, restored and compared": "↺",
    "Foreign keys dropped": "↺",
    "Verified by catalogue and behaviour": "↺",
    "Partner told": "✗",
  });
});

test("D9: the box of the backup names the tables whose rows the dump leaves out", async () => {
  const { url } = await useLegacyDatabase();
  const dump = `${useFolder()}/a.dump`;
  writeFileSync(dump, "a dump");
  const structureOnly = ["public.mail", "public.sessions"];
  await journaled(url, [
    {
      step: "backup",
      status: "done",
      path: dump,
      sha256: await fileHash(dump),
      restored: true,
      structureOnly,
    },
  ]);
  const [, evidence] = await withRepairConnection(url, "test", async (client) => {
    const story = await findRun(client);
    if (!story) throw new Error("no run");
    const items = await checklist(story, await verify(client, WALLETS), undefined);
    return items.flatMap(({ title, evidence }) =>
      title.en === "Backup, restored and compared" ? [title, evidence] : [],
    );
  });
  expect(evidence?.en).toContain("without the rows of 2 tables (public.mail, public.sessions)");
  expect(evidence?.zh).toContain("不含 2 张表的数据行");
});

test("the Markdown warns of a statement that would fail, and of a journal that was edited", async () => {
  const { db, url } = await useLegacyDatabase("pg15", DROP);
  await journaled(url, [{ step: "cut", status: "done" }]);
  await db.query("alter table newday.repair_events disable trigger all");
  await db.query("update newday.repair_events set body = replace(body, 'done', 'skipped')");
  const text = await withRepairConnection(url, "test", async (client) => {
    const story = await findRun(client);
    if (!story) throw new Error("no run");
    const now = await verify(client, WALLETS);
    return renderReport({
      story,
      repair: WALLETS,
      now,
      adoption: undefined,
      status: { strangers: 3, blockingOrphans: 3 },
      at: new Date(0),
      language: "zh",
    });
  });
  expect(text).toContain("已被改动：哈希链断裂");
  expect(text).toContain("请勿执行以下语句");
  expect(text).toContain("⊘ **删除外键**");
});

test("the Chinese runbook quotes failed checks of the journal in Chinese", async () => {
  const { db, url } = await useLegacyDatabase("pg15", DROP);
  const smoke = newday(["smoke", "--api-url", "http://127.0.0.1:1", "--database-url", url]);
  expect(smoke.status, smoke.stderr).not.toBe(0);
  const report = newday(["report", "--database-url", url, "--lang", "zh"]);
  const [, words = ""] = /冒烟测试，绿[\s\S]*?\n {2}(.*)/.exec(report.stdout) ?? [];
  expect(words).toContain("外部用户获得钱包：没有响应");
  expect(words).not.toContain("no answer");
  const [row] = await db.query<{ body: string }>(
    "select body from newday.repair_events where body like '%smoke%failed%'",
  );
  const { checks } = JSON.parse(row?.body ?? "{}") as { checks: { text: string }[] };
  expect(checks.map(({ text }) => text).join()).toContain("no answer");
});

test("rows of a release before keep their English, and the page's result both languages", async () => {
  const { url } = await useLegacyDatabase("pg15", DROP);
  const words = { en: "9 of 10 green", zh: "10 项中 9 项为绿" };
  const evidence = await withRepairConnection(url, "test", async (client) => {
    const journal = await openJournal({ runId: "run-1", client, local: undefined });
    await journal.append("step", { step: "watch", status: "done", words: "watched 24h" });
    await journal.append("artefact", { kind: "integration-page", passed: false, words });
    const story = await findRun(client);
    if (!story) throw new Error("no run");
    const items = await checklist(story, await verify(client, WALLETS), undefined);
    return items.map((item) => item.evidence);
  });
  expect(evidence).toContainEqual({ en: "watched 24h", zh: "watched 24h" });
  expect(evidence).toContainEqual(words);
});

test("a rollback after the run does not take its place: later steps belong to the run that applied", async () => {
  const { url } = await useLegacyDatabase("pg15", DROP);
  const found = await withRepairConnection(url, "test", async (client) => {
    const run = await openJournal({ runId: "applied", client, local: undefined });
    await run.append("run", { status: "started", environment: "staging" });
    const rollback = await openJournal({ runId: "rollback", client, local: undefined });
    await rollback.append("rollback", { status: "intent" });
    return findRun(client);
  });
  expect(found).toMatchObject({ runId: "applied", environment: "staging" });
});
