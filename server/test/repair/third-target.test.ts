/** A repair of other tables is data: every command tells the truth about those tables. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { useTestDatabase } from "../support/database.ts";
import { confirmations, newday } from "./apply-support.ts";
import { useFolder } from "./legacy.ts";

const SCHEMA = `
  create table public.members (key text primary key, label text not null);
  create table public.accounts_ext (id serial primary key, owner text not null, coins int not null default 5,
    constraint accounts_ext_owner_fk foreign key (owner) references public.members (key) on delete cascade);
  insert into public.members select 'm' || n, 'member' from generate_series(1, 20) n;
  insert into public.accounts_ext (owner) select key from public.members`;
const UNIQUE = "create unique index accounts_owner on public.accounts_ext (owner)";

/** The example of docs/repair/design.md, as a reader would copy it. */
function documentedRepair(): string {
  const page = readFileSync("docs/repair/design.md", "utf8");
  return /```json\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
}

async function useAccounts() {
  const database = await useTestDatabase({ template: "empty" });
  await withRepairConnection(database.url, "fixture", (client) => client.script(SCHEMA));
  const folder = useFolder();
  writeFileSync(join(folder, "accounts.json"), documentedRepair());
  const run = (verb: string, ...args: string[]) =>
    newday(
      [verb, "--repair-file", "accounts.json", "--database-url", database.url, ...args],
      folder,
    );
  return { ...database, folder, run };
}

describe("a repair of other tables and columns", () => {
  it("is planned, applied, verified, reported and rolled back by its own names", async () => {
    const { db, folder, run } = await useAccounts();
    const refused = run("plan", "--out", "refused.json");
    expect(refused.status, refused.stderr).toBe(3);
    expect(refused.stdout).toContain("public.accounts_ext: UNIQUE (owner)");
    await db.query(UNIQUE);
    const planned = run("plan", "--out", "plan.json");
    expect(planned.status, planned.stderr).toBe(0);
    const { plan } = readPlanFile(join(folder, "plan.json"));
    expect(plan.keys).toMatchObject([{ name: "accounts_ext_owner_fk", onDelete: "c" }]);

    const applied = run(
      "apply",
      "--plan",
      "plan.json",
      "--backup-attested",
      "a test",
      ...confirmations(plan),
    );
    expect(applied.status, applied.stderr).toBe(0);
    expect(run("verify").stdout).toContain("accounts_owner");
    await db.query("drop index public.accounts_owner");
    const unverified = run("verify");
    expect(unverified.status).toBe(6);
    expect(unverified.stdout).toContain("UNIQUE(owner) of accounts_ext");
    await db.query(UNIQUE);

    await db.query("insert into public.accounts_ext (owner) values ('somebody-else')");
    const looked = run("rollback", "--plan");
    expect(looked.status, looked.stderr).toBe(0);
    expect(looked.stdout).toContain("A exact: closed — 1 row of external users");
    expect(looked.stdout).toContain("E stubs: open");
    expect(looked.stdout).toContain("a marked row to members");
    const facts = [
      "--confirm-database",
      plan.target.database,
      "--confirm-environment",
      plan.environment,
      "--confirm-strangers",
      "1",
    ];
    const stubs = run("rollback", "--option", "stubs", ...facts);
    expect(stubs.status, stubs.stderr).toBe(0);
    expect(await db.query("select label from public.members where key = 'somebody-else'")).toEqual([
      { label: "newday-repair-stub" },
    ]);
    const report = run("report").stdout;
    expect(report).toContain("Untie accounts from members");
    expect(report).toMatch(/↺ \*\*Foreign keys dropped/);
    const everything = [planned, applied, unverified, looked, stubs].map(({ stdout }) => stdout);
    expect([...everything, report].join("\n")).not.toMatch(/wallet|player/i);
  });

  it("has no API to smoke, and a file that is none is refused by its field", async () => {
    const { folder, run } = await useAccounts();
    const smoked = run("smoke", "--api-url", "http://127.0.0.1:1");
    expect(smoked.status).toBe(2);
    expect(smoked.stderr).toContain("names no table");
    writeFileSync(join(folder, "accounts.json"), documentedRepair().replace('"owner"', "7"));
    const refused = run("plan");
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("keys[0].column must be a name");
  });
});
