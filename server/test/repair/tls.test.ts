/** The connection: a pinned certificate must be the server's, or the run stops. */
import { chmodSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { buildPlan } from "../../src/repair/plan/build-plan.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { findTarget } from "../../src/repair/model/target-file.ts";
import { applyTo, confirmations, newday, startNewday } from "./apply-support.ts";
import { planOf, useFolder } from "./legacy.ts";
import { findBlocking } from "./plan-support.ts";
import { startTlsServer, useTlsServer } from "./tls-server.ts";

const LEGACY_SQL = new URL("../fixtures/legacy/newday-legacy.sql", import.meta.url);

it("is refused when the certificate is not the pinned one, or the line of the plan is not encrypted any more", async () => {
  const url = await useTlsServer();
  await withRepairConnection(url, "fixture", (client) =>
    client.script(`set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")}`),
  );
  await withRepairConnection(url, "fixture", (client) =>
    client.query("alter database postgres set newday.environment = 'test'"),
  );
  const encrypted = `${url}?sslmode=no-verify`;
  const targets = join(useFolder(), "targets.json");
  const pin = ["targets", "--targets", targets, "--pin", "live", "--database-url", encrypted];
  expect(newday(pin).status).toBe(0);
  const expected = findTarget(targets, "live");
  expect(expected.certificate).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);

  const planAt = (target: string, certificate = expected.certificate ?? "") =>
    withRepairConnection(target, "plan", async (client) => {
      const { plan } = await buildPlan(client, {
        repair: findRepair("wallets"),
        tool: "test",
        accepted: new Map(),
        now: new Date(),
        expected: { ...expected, certificate },
      });
      return plan;
    });
  expect(findBlocking(await planAt(encrypted))).toEqual([]);
  expect(findBlocking(await planAt(encrypted, "00:11"))).toEqual(["B08"]);
  expect(findBlocking(await planAt(url))).toEqual(["B08"]);

  const plan = await planOf(encrypted);
  await expect(applyTo(url, plan)).rejects.toMatchObject({
    code: "repair_refused",
    details: { finding: "B08" },
  });
  expect((await applyTo(encrypted, plan)).outcome).toBe("repaired");
});

it("a connection that cannot be verified is refused with what to type, and without a page of the driver's", async () => {
  const url = await useTlsServer();
  const run = startNewday(["plan", "--database-url", `${url}?sslmode=require`]);
  expect(await run.ended).toBe(3);
  expect(run.output()).toMatch(/sslrootcert=FILE.*sslmode=no-verify/);
  expect(run.output()).not.toContain("WARNING");
});

it("a private authority and a client certificate carry every step; what is wrong with them has its own remedy", async () => {
  const server = await startTlsServer();
  onTestFinished(() => server.stop());
  await withRepairConnection(server.url, "fixture", (client) =>
    client.script(`set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")};
      create role operator superuser login;
      copy (select 'local all all trust') to program 'cat > pg_hba.conf';
      copy (select 'hostssl all operator all cert') to program 'cat >> pg_hba.conf';
      select pg_reload_conf()`),
  );
  const folder = useFolder();
  const named = server.url.replace("newday@", "operator@");
  const verified = `sslmode=verify-full&sslrootcert=${server.certificate}`;
  const own = server.certify("operator");
  const on = ["--database-url", `${named}?${verified}&${own}`];
  const planned = newday(["plan", "--accept", "B05=test", "--out", "plan.json", ...on], folder);
  expect(planned.status, planned.stdout + planned.stderr).toBe(0);
  const { plan } = readPlanFile(join(folder, "plan.json"));
  const given = ["--plan", "plan.json", "--backup-dir", "dumps", ...confirmations(plan)];
  for (const step of [["apply", ...given], ["verify"]]) {
    const { status, stdout, stderr } = newday([...step, ...on], folder);
    expect([status, stdout + stderr]).toEqual([0, expect.any(String)]);
  }

  const wrong: readonly [string, RegExp][] = [
    [`${named.replace("127.0.0.1", "127.0.0.2")}?${verified}&${own}`, /of another host.*verify-ca/],
    [`${named}?${verified}`, /client certificate.*sslcert=FILE&sslkey=FILE/],
    [`${named}?${verified}&${own.replace(/sslkey=.*/, `sslkey=${server.key}`)}`, /sslkey=FILE/],
  ];
  for (const [url, remedy] of wrong)
    await expect(withRepairConnection(url, "test", () => Promise.resolve())).rejects.toMatchObject({
      code: "repair_refused",
      message: expect.stringMatching(remedy) as string,
    });
});

it("a backup goes over the operator's own line: no-verify, a password file, PGSSLMODE", async () => {
  const url = await useTlsServer();
  await withRepairConnection(url, "fixture", (client) =>
    client.script(`set search_path = public; ${readFileSync(LEGACY_SQL, "utf8")};
      create role keeper superuser login password 'p:w';
      copy (select 'local all all trust') to program 'cat > pg_hba.conf';
      copy (select 'hostssl all keeper all scram-sha-256') to program 'cat >> pg_hba.conf';
      select pg_reload_conf()`),
  );
  const folder = useFolder();
  const [passwords, plan, dumps] = ["passwords", "plan.json", "dumps"].map((name) =>
    join(folder, name),
  ) as [string, string, string];
  writeFileSync(passwords, "*:*:*:keeper:p\\:w\n", { mode: 0o600 });
  const line = ["--database-url", url.replace("newday@", "keeper@")];
  const environment = { PGPASSFILE: passwords, PGSSLMODE: "no-verify" };
  const planned = startNewday(["plan", "--out", plan, ...line], environment);
  expect(await planned.ended, planned.output()).toBe(0);
  expect(planned.output()).not.toContain("Deprecation");
  const dump = ["backup", "--plan", plan, "--backup-dir", dumps, ...line];
  const backup = startNewday(dump, environment);
  expect(await backup.ended, backup.output()).toBe(0);
  expect(backup.output()).toContain("and equal:");
  expect(existsSync(passwords)).toBe(true);
  expect(readdirSync(dumps).filter((name) => name.includes("pgpass"))).toEqual([]);

  const unknown = startNewday(["plan", ...line], { PGSSLMODE: "no-verify", HOME: folder });
  expect(await unknown.ended).toBe(3);
  expect(unknown.output()).toContain("asks for a password and none was given");
  // F14: an ignored file is the reason, and chmod the remedy.
  chmodSync(passwords, 0o644);
  const open = startNewday(["plan", ...line], environment);
  expect(await open.ended).toBe(3);
  expect(open.output()).toContain(`chmod 0600 ${passwords}`);
});
