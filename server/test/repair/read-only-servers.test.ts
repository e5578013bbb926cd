/** A16: every command on a streaming standby and on a read-only server ends in words. */
import { join } from "node:path";
import { expect, it } from "vitest";
import { applyTo, confirmations, newday } from "./apply-support.ts";
import { readPlanFile } from "../../src/repair/plan/plan-file.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";
import { usePrimary, useStandby } from "./standby-server.ts";

const READ_ONLY = `do $$ begin execute format(
  'alter database %I set default_transaction_read_only = on', current_database()); end $$`;

/** Where the plan was made, and the read-only server to run on. */
async function onStandby() {
  const primary = await usePrimary();
  const standby = await useStandby(primary.server, primary.name);
  return { writable: primary.url, target: standby.url, lock: () => Promise.resolve() };
}

async function onReadOnly() {
  const { url, db } = await useLegacyDatabase("pg15");
  return { writable: url, target: url, lock: () => db.query(READ_ONLY) };
}

const SERVERS: [string, typeof onStandby | typeof onReadOnly][] = [
  ["a streaming standby", onStandby],
  ["default_transaction_read_only", onReadOnly],
];

it.each(SERVERS)("A16: a rollback on %s", async (_, prepare) => {
  const { writable, target, lock } = await prepare();
  const plan = await planOf(writable);
  await applyTo(writable, plan);
  await lock();
  const facts = [...confirmations(plan).slice(0, 4), "--confirm-strangers", "0"];
  const rollback = () =>
    newday(["rollback", "--option", "exact", ...facts, "--database-url", target]);
  // A standby shows the repaired tables a little later.
  await expect.poll(() => rollback().stderr, { timeout: 120_000 }).toContain("B02");
  expect(rollback().status).toBe(3);
});

it.each(SERVERS)(
  "A16: every command on %s",
  async (_, prepare) => {
    const { writable, target, lock } = await prepare();
    const folder = useFolder();
    const plan = join(folder, "plan.json");
    const run = (args: readonly string[], url = target) =>
      newday([...args, "--database-url", url], folder);
    expect(run(["plan", "--out", plan], writable).status).toBe(0);
    await lock();
    const dumps = ["--plan", plan, "--backup-dir", join(folder, "dumps")];
    const facts = confirmations(readPlanFile(plan).plan);
    const refused: Record<string, readonly string[]> = {
      plan: ["plan"],
      backup: ["backup", ...dumps],
      rehearse: ["rehearse", ...dumps],
      apply: ["apply", "--plan", plan, "--backup-attested", "a snapshot", ...facts],
      resume: ["resume", "--plan", plan, "--backup-attested", "a snapshot", ...facts],
      notify: ["notify", "--partner-answer", "yes"],
    };
    for (const [name, args] of Object.entries(refused)) {
      const { status, stdout, stderr } = run(args);
      expect(status, `${name}: ${stdout} ${stderr}`).toBe(3);
      expect(`${name}: ${stdout}${stderr}`).toContain("B02");
    }
    const chinese = run([...(refused["apply"] ?? []), "--lang", "zh"]);
    expect(`${chinese.stdout}${chinese.stderr}`).toMatch(/B02[^\n]*[\u4e00-\u9fff]/u);
    for (const args of [
      ["status"],
      ["inspect"],
      ["verify"],
      ["report"],
      ["unblock"],
      ["rollback", "--plan"],
      ["watch"],
      ["notify", "--kind", "announce", "--print"],
      ["drift", "--against-url", writable],
    ]) {
      const { status, stdout, stderr } = run(args);
      expect(status, `${args[0]}: ${stdout} ${stderr}`).not.toBe(1);
      expect(stderr, args[0]).not.toMatch(/^ +at /m);
    }
  },
  600_000,
);
