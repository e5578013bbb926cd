/** What a person reads after `newday adopt`, in both languages, from the legacy file. */
import { describe, expect, it } from "vitest";
import { planAdoption, type AdoptionReport } from "../../src/adoption/adopt.ts";
import { ADOPTION_PARTS } from "../../src/adoption/adoption-parts.ts";
import { describeAdoption, memberName } from "../../src/cli/adoption-report.ts";
import { runAdoption, useLegacy } from "../support/adoption.ts";

/** Legacy tables keep their names in both languages. */
const TABLES = ["market_items", "transactions", "user_inventories", "adventure_items"];

/** The names of a report's members at any depth. */
function membersOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(membersOf);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value)
    .flatMap(([name, member]) => [name, ...membersOf(member)])
    .filter((name) => !TABLES.includes(name));
}

function inEnglish(reports: readonly AdoptionReport[]): string[] {
  const names = reports.flatMap(({ part, report }) => [part, ...membersOf(report)]);
  return names.filter((name) => memberName(name, "zh") === name);
}

function describeAll(reports: readonly AdoptionReport[], dryRun: boolean, language: "en" | "zh") {
  return reports.map((report) => describeAdoption(report, dryRun, language)).join("");
}

describe("the report of an adoption", () => {
  it("is Chinese under zh, before and after, and keeps its figures", async () => {
    const { db } = await useLegacy("pg15");
    const plan = await planAdoption(db, ADOPTION_PARTS);
    const before = describeAll(plan, true, "zh");
    expect(before).toContain("钱包：将被接管\n  旧表：钱包 182，游戏金币 4584572");
    expect(before).toContain("user_inventories 420");
    expect(before).toContain("另有 37 行；全部内容：newday adopt --report <文件>");
    expect(inEnglish(plan)).toEqual([]);
    const done = await runAdoption(db);
    const after = describeAll(done, false, "zh");
    expect(after).toContain("道具：已接管\n  上架：64\n  购买：300\n");
    expect(inEnglish(done)).toEqual([]);
    const again = describeAll(await planAdoption(db, ADOPTION_PARTS), true, "zh");
    expect(again).toContain("钱包：此前已接管");
    expect(describeAll(done, false, "en")).toContain("items: adopted\n  listings: 64\n");
  });

  it("aligns its table by the width of Chinese characters", () => {
    const merges = [
      { merged: "adv-1", into: "inv-1", milliseconds: 3, ownerId: "小明", name: "剑" },
    ];
    const report = { part: "items", alreadyAdopted: false, report: { merges } };
    expect(describeAdoption(report, false, "zh")).toBe(
      [
        "道具：已接管",
        "  合并明细：",
        "    被合并  并入   相隔毫秒  所有者  名称",
        "    adv-1   inv-1  3         小明    剑",
        "",
      ].join("\n"),
    );
  });
});
