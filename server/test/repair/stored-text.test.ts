/** Stored JSON keeps its texts as pairs, letter for letter as releases before wrote them. */
import { readFileSync, writeFileSync } from "node:fs";
import { expect, test } from "vitest";
import { planHash } from "../../src/repair/model/plan.ts";
import { parseStoredJson, toStoredJson } from "../../src/repair/model/stored-text.ts";
import { readPlanFile, writePlanFile } from "../../src/repair/plan/plan-file.ts";
import { readRehearsal } from "../../src/repair/rehearse/rehearsal-result.ts";
import { useFolder } from "./legacy.ts";

/** A plan of a release before, shortened; its hash is the one that this release wrote. */
const PLAN_FILE = `${JSON.stringify(
  {
    hash: "d9276da4728f3c3304dfd797a153cc09dce1e6ea00643e37e6064b2929294f1a",
    plan: {
      format: 2,
      id: "5f0c",
      repair: { id: "wallets", version: 1 },
      keys: [{ name: "wallets_user_id_fkey", blocks: ["own a wallet", "拥有钱包"] }],
      rows: [{ table: "platforms", values: { id: "allinone" }, why: ["its users", "其用户"] }],
      risk: { score: 2, terms: [{ name: "locks", factor: 1, text: ["1 lock", "1 个锁"] }] },
      findings: [
        {
          id: "B41",
          severity: "block",
          evidence: ["a view depends on it", "有视图依赖它"],
          data: { columns: ["user_id", "player_id"] },
        },
      ],
    },
  },
  null,
  2,
)}\n`;

test("a plan file of a release before is read, and is written again letter for letter", () => {
  const folder = useFolder();
  writeFileSync(`${folder}/before.json`, PLAN_FILE);
  const { plan, hash } = readPlanFile(`${folder}/before.json`);
  expect(plan.findings[0]?.evidence).toEqual({ en: "a view depends on it", zh: "有视图依赖它" });
  expect(plan.findings[0]?.data).toEqual({ columns: ["user_id", "player_id"] });
  expect(plan.keys[0]?.blocks.zh).toBe("拥有钱包");
  expect(plan.rows[0]?.why.zh).toBe("其用户");
  expect(plan.risk.terms[0]?.text.zh).toBe("1 个锁");
  expect(planHash(plan)).toBe(hash);
  writePlanFile(`${folder}/again.json`, plan);
  expect(readFileSync(`${folder}/again.json`, "utf8")).toBe(PLAN_FILE);
});

test("the journal, --json lines and the control socket get pairs at every depth", () => {
  const proof = { server: "16", why: { en: "the same version", zh: "版本相同" } };
  const journaled = toStoredJson({ kind: "dump", restored: proof, left: [{ en: "a", zh: "甲" }] });
  expect(journaled).toBe(
    '{"kind":"dump","restored":{"server":"16","why":["the same version","版本相同"]},"left":[["a","甲"]]}',
  );
  const reply = '{"runId":"1","saying":["waits","等待中"],"held":false}';
  expect(parseStoredJson(reply)).toMatchObject({ saying: { en: "waits", zh: "等待中" } });
  expect(toStoredJson(parseStoredJson(reply))).toBe(reply);
});

test("a rehearsal of a release before gives its reason in both languages", () => {
  const path = `${useFolder()}/rehearsal.json`;
  const repair = { id: "wallets", version: 1 };
  writeFileSync(path, JSON.stringify({ repair, rollbacks: [], why: ["packages", "软件包"] }));
  expect(readRehearsal(path, "wallets").why).toEqual({ en: "packages", zh: "软件包" });
});
