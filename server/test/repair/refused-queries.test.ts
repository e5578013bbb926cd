/** A1: managed servers revoke functions and views of pg_catalog from everybody. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { repairOwnDatabase } from "../../src/repair/apply/own-database.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { useTestDatabase, type TestDatabase } from "../support/database.ts";
import { confirmations, keysOf, newday } from "./apply-support.ts";
import { useFolder, useLegacyDatabase } from "./legacy.ts";
import { useOwner } from "./owner.ts";
import { faultsOf, sweepRevoked, sweepUnsupported } from "./refusal-sweep.ts";

const REVOKED_BY_CLOUDS = [
  "function pg_current_wal_lsn()",
  "function pg_control_system()",
  "function pg_stat_clear_snapshot()",
  "function pg_postmaster_start_time()",
  "function inet_server_addr()",
];
/** pg_settings is left out here: pg_dump itself reads it. */
const HIDDEN_BY_CLOUDS = [
  "pg_stat_activity",
  "pg_locks",
  "pg_prepared_xacts",
  "pg_stat_replication",
  "pg_replication_slots",
];

async function hideFrom(database: TestDatabase): Promise<void> {
  for (const name of REVOKED_BY_CLOUDS)
    await database.db.query(`revoke execute on ${name} from public`);
  for (const name of HIDDEN_BY_CLOUDS)
    await database.db.query(`revoke select on pg_catalog.${name} from public`);
}

describe("A1: a server that refuses functions and views", () => {
  it("gets a plan that names each one, or a refusal in words", async () => {
    const outcomes = await sweepRevoked(await useLegacyDatabase("pg15"));
    expect(faultsOf(outcomes)).toEqual([]);
    expect(outcomes).toMatchObject({
      "pg_current_wal_lsn()": "W11",
      "pg_control_system()": "W10 W11",
      pg_stat_activity: "W11",
      pg_stat_all_tables: "W11",
      pg_settings: "W11",
      "pg_get_constraintdef(oid)": "refused in words",
    });
  });

  it("that answer 0A000 gets a plan that names each one, or a refusal in words", async () => {
    const outcomes = await sweepUnsupported(await useLegacyDatabase("pg15"));
    expect(faultsOf(outcomes)).toEqual([]);
    expect(outcomes).toMatchObject({
      "pg_current_wal_lsn()": "W11",
      "pg_control_system()": "W10 W11",
      "pg_get_constraintdef(oid)": "refused in words",
    });
  });

  it("is planned, backed up, rehearsed, repaired and verified by its commands", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await useOwner(database);
    await hideFrom(database);
    const folder = useFolder();
    const on = ["--database-url", url];
    const file = join(folder, "plan.json");
    const planned = newday(["plan", ...on, "--environment", "test", "--out", file], folder);
    expect(planned.stdout).toContain("permission denied for function pg_current_wal_lsn");
    expect(planned.status, planned.stdout).toBe(0);
    const { plan } = readPlanFile(file);
    const dumps = ["--backup-dir", join(folder, "dumps")];
    const steps = [
      ["backup", ...on, "--plan", file, ...dumps],
      ["rehearse", ...on, "--plan", file, ...dumps],
      ["apply", ...on, "--plan", file, ...dumps, ...confirmations(plan)],
      ["status", ...on],
      ["verify", ...on],
      ["unblock", ...on],
    ];
    for (const step of steps) {
      const { status, stdout, stderr } = newday(step, folder);
      expect(status, `${step[0]}: ${stdout} ${stderr}`).toBe(0);
    }
    expect(await keysOf(database)).toEqual([]);
  });

  it("says in both languages what to grant when the repair needs the answer", async () => {
    const database = await useLegacyDatabase("pg15");
    const url = await useOwner(database);
    await database.db.query("revoke execute on function pg_get_constraintdef(oid) from public");
    const { status, stdout, stderr } = newday(["plan", "--database-url", url], useFolder());
    expect(status).toBe(3);
    expect(`${stdout}${stderr}`).toContain(
      "(B46): permission denied for function pg_get_constraintdef",
    );
    expect(`${stdout}${stderr}`).not.toMatch(/^ +at /m);
    const chinese = newday(["plan", "--database-url", url, "--lang", "zh"], useFolder());
    expect(`${chinese.stdout}${chinese.stderr}`).toContain("请授权：grant execute on function");
  });

  it("has its own new database repaired at the first start", async () => {
    const database = await useTestDatabase({ server: "pg15" });
    const url = await useOwner(database);
    await hideFrom(database);
    await database.db.query("revoke select on pg_catalog.pg_settings from public");
    expect((await repairOwnDatabase(url, "test")).outcome).toBe("repaired");
  });
});
