/** D8: other people's code under the locks is named in the plan, with its time on the copy. */
import { expect, it } from "vitest";
import { takeBackup } from "../../src/repair/backup/take-backup.ts";
import { withRepairConnection } from "../../src/repair/connection/connection.ts";
import { HOLD_MS } from "../../src/repair/drop/locked-batch.ts";
import { silent } from "../../src/repair/model/events.ts";
import type { Finding } from "../../src/repair/model/finding.ts";
import type { Estimates } from "../../src/repair/model/plan.ts";
import { findRepair } from "../../src/repair/model/repairs.ts";
import { buildPlan } from "../../src/repair/plan/build-plan.ts";
import { estimatesOf } from "../../src/repair/rehearse/rehearsal-result.ts";
import { rehearse } from "../../src/repair/rehearse/rehearse.ts";
import { planOf, useFolder, useLegacyDatabase } from "./legacy.ts";

const DEADLINE_MS = 300_000;

function triggerSql(name: string, seconds: number, when: string): string {
  return `create function public.${name}() returns trigger language plpgsql as
      'begin perform pg_sleep(${seconds}); return new; end';
    ${when} execute function public.${name}();`;
}

/** Every way in which a table's own code runs for a new row. */
const HOOKS = `
  ${triggerSql("before_row", 0, "create trigger before_row before insert on public.wallets for each row")}
  ${triggerSql("after_all", 0, "create trigger after_all after insert on public.wallets for each statement")}
  ${triggerSql("at_commit", 0, "create constraint trigger at_commit after insert on public.wallets deferrable initially deferred for each row")}
  ${triggerSql("switched_off", 0, "create trigger switched_off before insert on public.wallets for each row")}
  ${triggerSql("other_event", 0, "create trigger other_event before update on public.wallets for each row")}
  alter table public.wallets disable trigger switched_off;
  create table public.audit (user_id text);
  create rule book as on insert to public.wallets do also insert into public.audit values (new.user_id);`;

async function findingsOf(url: string, estimates?: Estimates): Promise<readonly Finding[]> {
  const { plan } = await withRepairConnection(url, "plan", (client) =>
    buildPlan(client, {
      repair: findRepair("wallets"),
      tool: "test",
      environment: "test",
      accepted: new Map(),
      now: new Date(),
      ...(estimates ? { estimates } : {}),
    }),
  );
  return plan.findings.filter(({ id }) => id === "W35" || id === "B67");
}

it("D8: the plan names each trigger and rule that runs for a new row, and that none is measured yet", async () => {
  const database = await useLegacyDatabase("pg15", HOOKS);
  const found = await findingsOf(database.url);
  expect(found.map(({ evidence }) => evidence.en)).toEqual([
    'public.wallets rule "book" (not measured: rehearse)',
    'public.wallets trigger "after_all" (not measured: rehearse)',
    'public.wallets trigger "at_commit" (not measured: rehearse)',
    'public.wallets trigger "before_row" (not measured: rehearse)',
  ]);
});

it(
  "D8: the rehearsal measures them on the copy, and a change beyond the bound is no plan to apply",
  async () => {
    const seconds = (HOLD_MS + 200) / 1000;
    const database = await useLegacyDatabase(
      "pg15",
      triggerSql(
        "slow",
        seconds,
        "create constraint trigger slow after insert on public.wallets deferrable initially deferred for each row",
      ),
    );
    const plan = await planOf(database.url);
    const folder = useFolder();
    const backup = await takeBackup({ target: database.url, plan, folder, full: false });
    const result = await rehearse({ backup, tool: "test", emit: silent });
    expect(result.failed?.en).toContain("under its locks");
    expect(result.rollbacks).toEqual([]);
    expect(result.probes).toMatchObject([
      { table: '"public"."wallets"', triggers: [{ relation: "wallets", name: "slow" }] },
    ]);
    expect(result.probes[0]?.triggers[0]?.ms).toBeGreaterThanOrEqual(seconds * 1000);
    const found = await findingsOf(database.url, estimatesOf(result));
    expect(found).toMatchObject([{ id: "B67", severity: "block" }, { id: "W35" }]);
    expect(found[1]?.evidence.en).toMatch(/trigger "slow" \(1\.\d s on the copy\)/);
  },
  DEADLINE_MS,
);
