import { existsSync, readFileSync, statSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { confirmations, factsOf, newday } from "./apply-support.ts";
import { useFolder, useLegacyDatabase } from "./legacy.ts";

/** The first run may have to build; that must not look like a slow test. */
beforeAll(() => {
  newday(["explain", "B01"]);
});

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}

describe("newday repair", () => {
  it("plans, applies, verifies and goes back, and ends every command with the truth", async () => {
    const database = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const url = ["--database-url", database.url];
    const plan = newday(["plan", "--out", "plan.json", ...url], folder);
    expect(plan.status).toBe(0);
    expect(lastLine(plan.stdout)).toMatch(/1 foreign key of this repair PRESENT/);
    expect(plan.stdout).toMatch(/^ {2}\S.* repair apply --/m);
    expect(statSync(`${folder}/plan.json`).mode & 0o777).toBe(0o600);

    const facts = confirmations(readPlanFile(`${folder}/plan.json`).plan);
    const apply = ["apply", "--plan", "plan.json", "--backup-dir", "backups", ...facts, ...url];
    const applied = newday(apply, folder);
    expect(applied.status, applied.stderr).toBe(0);
    expect(lastLine(applied.stdout)).toMatch(/ABSENT since .*exact rollback open \(0 rows/);
    expect(existsSync(`${folder}/backups/repair-journal.jsonl`)).toBe(true);
    expect(newday(apply, folder).status).toBe(11);
    const again = newday(["plan", ...url], folder);
    expect(again.status).toBe(11);
    expect(again.stdout).toContain("rollback options of an earlier drop");
    expect(newday(["verify", ...url]).status).toBe(0);
    expect(newday(["status", ...url]).stdout).toContain("VERIFIED_DB");

    await database.db.query("insert into public.wallets (user_id) values ('stranger')");
    const looked = newday(["rollback", "--plan", ...url]);
    expect(looked.status).toBe(0);
    expect(looked.stdout).toContain("A exact: closed");
    expect(lastLine(looked.stdout)).toContain("exact rollback closed (1 row of external users)");
    const refused = newday([
      "rollback",
      "--option",
      "exact",
      "--confirm-database",
      database.name,
      ...url,
    ]);
    expect(refused.status).toBe(9);
    expect((await factsOf(database)).keys).toEqual([]);
    const unconfirmed = newday(["rollback", "--option", "freeze", ...url]);
    expect(unconfirmed.status).toBe(3);
  });

  it("prints how to make a plan when apply is called without one, and does nothing", async () => {
    const database = await useLegacyDatabase("pg15");
    const { status, stderr } = newday(["apply", "--database-url", database.url]);
    expect(status).toBe(2);
    expect(stderr).toContain("newday.mjs repair plan");
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it("says that there is nothing to resume when no run is unfinished, in both languages", async () => {
    const database = await useLegacyDatabase("pg15");
    const says = { en: "No run is unfinished", zh: "没有未完成的运行" };
    for (const lang of ["en", "zh"] as const) {
      const { status, stdout } = newday(["resume", "--lang", lang, "--database-url", database.url]);
      expect([status, stdout]).toEqual([11, expect.stringContaining(says[lang]) as string]);
    }
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it("refuses an apply that states no facts, or wrong ones, and knows no --force", async () => {
    const database = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const url = ["--database-url", database.url];
    newday(["plan", "--out", "plan.json", ...url], folder);
    const apply = ["apply", "--plan", "plan.json", "--backup-dir", "backups", ...url];
    expect(newday(apply, folder).status).toBe(3);
    expect(newday([...apply, "--confirm-plan", "00000000"], folder).status).toBe(3);
    expect(newday([...apply, "--force"], folder).status).toBe(2);
    expect((await factsOf(database)).keys).toHaveLength(1);
  });

  it.each([
    ["nobody listens", "postgres://x@127.0.0.1:1/x", 4],
    ["it is no URL", "127.0.0.1:5432", 2],
    ["it is another kind of database", "mysql://root@127.0.0.1/x", 2],
  ])("says one clear line and leaves nothing behind when %s", (_case, url, status) => {
    const folder = useFolder();
    const result = newday(["plan", "--out", "plan.json", "--database-url", url], folder);
    expect(result.status).toBe(status);
    expect(result.stdout).toBe("");
    expect(result.stderr.trim().split("\n")).toHaveLength(1);
    expect(existsSync(`${folder}/plan.json`)).toBe(false);
  });

  it("takes no service's name for this machine's own server", () => {
    const { status, stderr } = newday(["status", "--database-url", "postgres://?service=live"]);
    expect(status).toBe(2);
    expect(stderr).toContain("Write its host, port, user and dbname");
  });

  it("never prints or stores the password of the URL", async () => {
    const database = await useLegacyDatabase("pg15");
    const folder = useFolder();
    const secret = "S3cret-und-gut";
    const { server, name } = database;
    const url = `postgres://${server.user}:${secret}@/${name}?host=${server.host}&port=${server.port}`;
    const plan = newday(["plan", "--out", "plan.json", "--database-url", url], folder);
    expect(plan.status, plan.stderr).toBe(0);
    const facts = confirmations(readPlanFile(`${folder}/plan.json`).plan);
    const applied = newday(
      ["apply", "--plan", "plan.json", "--backup-dir", "b", "--database-url", url, ...facts],
      folder,
    );
    expect(applied.status, applied.stderr).toBe(0);
    const [journal] = await database.db.query<{ text: string }>(
      "select string_agg(body, ' ') as text from newday.repair_events",
    );
    const everything = [
      plan.stdout,
      plan.stderr,
      applied.stdout,
      applied.stderr,
      journal?.text,
      readFileSync(`${folder}/plan.json`, "utf8"),
      readFileSync(`${folder}/b/repair-journal.jsonl`, "utf8"),
    ].join("\n");
    expect(everything).not.toContain(secret);
  });

  it("tells the same story as a stream of JSON, and in Chinese", async () => {
    const database = await useLegacyDatabase("pg15");
    const json = newday(["verify", "--json", "--database-url", database.url]);
    const events = json.stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as { type: string; ok?: boolean });
    expect(events.map(({ type }) => type)).toEqual(["check", "check", "check", "truth"]);
    expect(json.status).toBe(6);
    const chinese = newday(["verify", "--lang", "zh", "--database-url", database.url]);
    expect(lastLine(chinese.stdout)).toContain("外键仍存在 1 个");
  });
});
