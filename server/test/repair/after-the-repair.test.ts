/** Commands after a repair tell what is true now: the key that is back, the adoption, a short watch. */
import { describe, expect, it } from "vitest";
import { runState } from "../../src/repair/journal/run-state.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { runAdoption } from "../support/adoption.ts";
import { migrate } from "../../src/db/migrations.ts";
import { applyTo, confirmations, newday } from "./apply-support.ts";
import { newday as runNewday } from "../support/server-process.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const KEY_BACK =
  "alter table public.wallets add constraint orm foreign key (user_id) references public.players (id)";

async function useRepaired() {
  const database = await useLegacyDatabase();
  await applyTo(database.url, await planOf(database.url));
  const run = (...args: string[]) => newday([...args, "--database-url", database.url]);
  return { ...database, run };
}

describe("after the repair", () => {
  it("`status` ends with 10 and names the key that is back", async () => {
    const { db, run } = await useRepaired();
    expect(run("status").status).toBe(0);
    await db.query(KEY_BACK);
    const { status, stdout } = run("status");
    expect(status).toBe(10);
    expect(stdout).toContain("the key is back since the drop");
  });

  it("a watch of a second leaves the run open", async () => {
    const { run } = await useRepaired();
    const watched = run("watch", "--for", "1s", "--every", "1s");
    expect(watched.status, watched.stderr).toBe(0);
    expect(watched.stdout).toContain("does not close the run");
    expect(run("status").stdout).toContain("VERIFIED_DB");
  });

  it("`resume` of a finished run keeps its boxes", async () => {
    const { url } = await useLegacyDatabase();
    const folder = useFolder();
    const run = (...args: string[]) => newday([...args, "--database-url", url], folder);
    run("plan", "--out", "plan.json");
    const facts = confirmations(readPlanFile(`${folder}/plan.json`).plan);
    const rest = ["--plan", "plan.json", "--backup-attested", "a test", ...facts];
    expect(run("apply", ...rest).status).toBe(0);
    expect(run("resume", ...rest).status).toBe(11);
    expect(run("report").stdout).toMatch(/☑ \*\*Foreign keys dropped/);
  });

  it("`notify --at` takes times only, and tells them in UTC", async () => {
    const { url } = await useLegacyDatabase();
    const run = (...args: string[]) => newday([...args, "--database-url", url], useFolder());
    const refused = run("notify", "--kind", "heads-up", "--print", "--at", "tomorrow, maybe");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("2026-03-01T03:00Z");
    const told = run("notify", "--kind", "heads-up", "--print", "--at", "2026-03-01T11:00+08:00");
    expect(told.stdout).toContain("at 2026-03-01T03:00:00.000Z");
  });

  it("D11: `unblock` without --terminate says that an idle transaction still holds its locks", async () => {
    const { db, run } = await useRepaired();
    const session = await db.connect("a-forgotten-session");
    await session.query("begin");
    await session.query("select count(*) from public.wallets");
    const listed = run("unblock").stdout;
    const [, pid = "", started = ""] = /--pid (\d+) --started '([^']+)'/.exec(listed) ?? [];
    const end = ["unblock", "--pid", pid, "--started", started, "--reason", "test"];
    const canceled = run(...end);
    expect(canceled.status, canceled.stdout).toBe(3);
    expect(canceled.stderr).toContain("still holds its locks");
    expect(run(...end, "--terminate").status).toBe(0);
    await session.close().catch(() => undefined);
  });
});

describe("S1: the adoption is a step of the runbook", () => {
  it("the plan, the report and the command name the point of no return before it is passed", async () => {
    const { db, url, name, run } = await useRepaired();
    const zh = run("plan", "--lang", "zh").stdout;
    expect(zh).toContain("不可逆点");
    expect(run("plan").stdout).toContain("POINT OF NO RETURN");
    expect(run("report").stdout).toMatch(/☐ \*\*Adopted: the point of no return/);
    await migrate(db);
    const adopt = (...args: string[]) =>
      runNewday(["adopt", ...args], { DATABASE_URL: url, NEWDAY_DATA_DIR: useFolder() });
    expect(adopt("--dry-run").stdout).toContain("point of no return");
    expect(run("report").stdout).toMatch(/☐ \*\*Adopted/);
    expect(adopt("--confirm-database", name, "--lang", "zh").stdout).toContain(
      "已接管：修复从此不可回滚",
    );
    // F11: with the time of the adoption.
    expect(run("report").stdout).toMatch(/☑ \*\*Adopted[^\n]*\*\* · \d{4}-\d\d-\d\dT/);
  });
});

describe("S3: after the adoption", () => {
  it("nothing calls the exact rollback open, and no statement for a view is printed", async () => {
    const { db, run } = await useRepaired();
    await db.query("insert into public.wallets (user_id) values ('external-1'), ('external-2')");
    await migrate(db);
    await runAdoption(db);
    const report = run("report");
    expect(report.status, report.stderr).toBe(0);
    expect(report.stdout).toContain("no rollback since the adoption (rows of external users: 2)");
    expect(report.stdout).not.toContain("alter table");
    const watched = run("watch");
    expect(watched.stdout).toContain("no rollback since the adoption (rows of external users: 2)");
    expect(watched.stdout).not.toContain("exact rollback open");
    expect(run("status").stdout).toContain("adopted by New Day");
    expect(run("rollback", "--option", "exact").status).toBe(9);
    const planned = run("plan");
    expect(planned.status).toBe(11);
    expect(planned.stdout).not.toMatch(/POINT OF NO RETURN|begin;|exact rollback/);
    const told = run("notify", "--kind", "heads-up", "--print");
    expect([told.status, told.stderr]).toEqual([3, expect.stringContaining("gone already")]);
  });

  it("F11: a later step that is made again does not set a run back", () => {
    const row = (kind: string, body: object, seq: number) => ({
      seq,
      runId: "a",
      at: "",
      kind,
      body: JSON.stringify(body),
      hash: "",
      intact: true,
    });
    const rows = [
      row("run", { status: "started", repair: { id: "wallets" } }, 1),
      row("step", { step: "cut", status: "done" }, 2),
      row("step", { step: "notify", status: "done" }, 3),
      row("step", { step: "cut", status: "skipped" }, 4),
      row("step", { step: "verify", status: "done" }, 5),
      row("step", { step: "backup", status: "done" }, 6),
    ];
    expect(runState(rows).word).toBe("NOTIFIED");
    expect(runState([...rows, row("step", { step: "cut", status: "done" }, 7)]).word).toBe(
      "CUTTING",
    );
  });
});
