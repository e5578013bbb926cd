/**
 * Leftovers of a runner whose process died: the next runner recognises its session, and waits for
 * it.
 */
import { hostname } from "node:os";
import { beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { runnerStateOf, runnerPurpose } from "../../src/repair/journal/runner-process.ts";
import {
  applicationName,
  readOnly,
  withRepairConnection,
} from "../../src/repair/connection/connection.ts";
import { findBlockers } from "../../src/repair/drop/blocker-queries.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { emitter, type RepairEvent } from "../../src/repair/model/events.ts";
import { writePlanFile } from "../../src/repair/plan/plan-file.ts";
import { listBlockers } from "../../src/repair/apply/unblock.ts";
import { startWireProxy } from "../support/wire-proxy.ts";
import { until } from "../support/until.ts";
import {
  applyTo,
  confirmations,
  factsOf,
  holdAsOld,
  newday,
  startNewday,
} from "./apply-support.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { useSession } from "./session.ts";

/** The lock of `journal/runner-lock.ts`; changing it would let two versions run at once. */
const RUNNER_LOCK = 7_301_027;

beforeAll(() => {
  newday(["explain", "B01"]);
});

/** An apply that waits for a reader and is killed, while its connection to the server stays up. */
async function leaveSession() {
  const database = await useLegacyDatabase();
  const plan = await planOf(database.url);
  const reader = await useSession(database, "report");
  await holdAsOld(reader, "select 1 from public.wallets");
  const folder = useFolder();
  writePlanFile(`${folder}/plan.json`, plan);
  const options = [
    "--plan",
    `${folder}/plan.json`,
    "--backup-attested",
    "test",
    ...confirmations(plan),
    "--database-url",
  ];
  const line = await startWireProxy({ server: database.server, halfOpen: true });
  onTestFinished(() => line.close());
  const url = `postgres://${database.server.user}@127.0.0.1:${line.port}/${database.name}`;
  const dead = startNewday(["apply", ...options, url]);
  await until(() => dead.output().includes("Waiting"));
  dead.child.kill("SIGKILL");
  await dead.ended;
  await reader.query("commit");
  return { database, line, options: [...options, database.url] };
}

describe("the session of a killed apply", () => {
  it("is known to be a dead one's, and resume goes on as soon as the server has ended it", async () => {
    const { database, line, options } = await leaveSession();
    const resume = startNewday(["resume", ...options]);
    await until(() => resume.output().includes("its process on this machine is dead"));
    expect((await factsOf(database)).keys).toHaveLength(1);
    await line.close();
    expect(await resume.ended, resume.output()).toBe(0);
    expect((await factsOf(database)).keys).toEqual([]);
  });

  it("that does not go is named with the line that ends it, and with that line the way is free", async () => {
    const { database, options } = await leaveSession();
    const refused = newday(["apply", ...options]);
    expect(refused.status, refused.stdout).toBe(4);
    expect(refused.stderr).toContain("whose process is dead");
    expect((await factsOf(database)).keys).toHaveLength(1);
    const [, pid = "", started = ""] =
      /unblock --pid (\d+) --started '([^']+)'/.exec(refused.stderr) ?? [];
    const unblock = ["unblock", "--pid", pid, "--started", started, "--terminate", "--reason", "x"];
    const ended = newday([...unblock, "--database-url", database.url]);
    expect(ended.status, ended.stderr).toBe(0);
    expect(newday(["apply", ...options]).status).toBe(0);
    expect((await factsOf(database)).keys).toEqual([]);
  });
});

describe("the runner of another machine", () => {
  it("keeps an apply out at once, and is waited for by a resume", async () => {
    const database = await useLegacyDatabase();
    const plan = await planOf(database.url);
    const other = await useSession(database, applicationName("apply 00000000 4711@elsewhere"));
    await other.query("select pg_advisory_lock($1)", [RUNNER_LOCK]);
    await expect(applyTo(database.url, plan)).rejects.toThrow(
      /Another repair runs on this database \(pid/,
    );
    const events: RepairEvent[] = [];
    const resuming = applyTo(database.url, plan, {
      resumes: true,
      emit: emitter((event) => events.push(event)),
    });
    await until(() => events.some(({ text }) => text.en.includes("on another machine")));
    await other.close();
    expect((await resuming).outcome).toBe("repaired");
  });

  it("is not confused with one that lives here, whatever the machine is called", () => {
    const here = applicationName(runnerPurpose("apply 12345678"));
    expect(here.length).toBeLessThan(64);
    expect(runnerStateOf(here)).toBe("alive");
    expect(runnerStateOf(here.replace(` ${process.pid}@`, " 4194305@"))).toBe("dead");
    expect(runnerStateOf("newday-repair apply 12345678")).toBe("unknown");
    expect(runnerStateOf(`psql x 4194305@${hostname()}`)).toBe("unknown");
  });
});

describe("who holds a table", () => {
  it("is seen in a transaction that has looked before the holder came", async () => {
    const database = await useLegacyDatabase();
    const found = await withRepairConnection(database.url, "test", (client) =>
      readOnly(client, async () => {
        await client.query("select count(*) from pg_catalog.pg_stat_activity");
        const late = await useSession(database, "late migration");
        await late.script("begin; lock table public.wallets in share update exclusive mode");
        const [row] = await client.query<{ oid: number }>(
          "select 'public.wallets'::regclass::oid::int8::float8 as oid",
        );
        return findBlockers(client, [row?.oid ?? 0], [client.handshakePid]);
      }),
    );
    expect(found.map(({ application }) => application)).toEqual(["late migration"]);
  });

  it("is listed for unblock although the table cannot even be looked at, and can be ended", async () => {
    const database = await useLegacyDatabase();
    const holder = await useSession(database, "stuck migration");
    await holder.script("begin; lock table public.wallets in access exclusive mode");
    const [listed] = await withRepairConnection(database.url, "test", (client) =>
      listBlockers(client, findRepair("wallets")),
    );
    expect(listed).toMatchObject({ application: "stuck migration", mode: "AccessExclusiveLock" });
  });
});

it("every look ends while a migration holds the tables, names it, and still tells what is true", async () => {
  const database = await useLegacyDatabase();
  const holder = await useSession(database, "stuck migration");
  // Ends by itself should a query wait for it after all: the test is then red instead of stuck.
  await holder.script(
    "set idle_in_transaction_session_timeout = '150s'; begin; lock table public.wallets in access exclusive mode",
  );
  for (const verb of ["inspect", "verify", "plan"]) {
    const { status, stdout, stderr } = newday([verb, "--database-url", database.url]);
    expect(status, `${verb}: ${stderr}`).toBe(4);
    expect(stderr).toContain("stuck migration");
    expect(stdout).toContain("1 foreign key of this repair PRESENT");
  }
  await holder.query("rollback");
  expect(newday(["inspect", "--database-url", database.url]).status).toBe(0);
});

it("a line that fell silent is given up by the server, not after its usual two hours", async () => {
  const { url } = await useLegacyDatabase();
  const rows = await withRepairConnection(url, "test", (client) =>
    client.query("select name, source from pg_settings where name like 'tcp_keepalives%'"),
  );
  expect(rows).toHaveLength(3);
  for (const row of rows) expect(row).toMatchObject({ source: "session" });
});
