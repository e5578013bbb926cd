import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { refusal, REFUSALS } from "../../src/errors/refusals.ts";
import type { RefusalRow } from "../../src/errors/refusal-row.ts";

const ROWS = Object.entries<RefusalRow>(REFUSALS);
const CHINESE = /[\u4e00-\u9fff]/;
const SOURCE = join(import.meta.dirname, "../../src");

function placeholdersOf(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? "").toSorted();
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(SOURCE, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(join(SOURCE, folder, name), "utf8"));
}

describe("D12: the refusals of the repair", () => {
  it.each(ROWS)("%s has the same parameters in both languages", (_reason, { message, remedy }) => {
    expect(placeholdersOf(message.zh)).toEqual(placeholdersOf(message.en));
    expect(placeholdersOf(remedy.zh)).toEqual(placeholdersOf(remedy.en));
    for (const text of [message.en, message.zh, remedy.en, remedy.zh])
      expect(text.trim()).not.toBe("");
    if (message.zh !== message.en) expect(message.zh).toMatch(CHINESE);
    expect(message.en + remedy.en).not.toMatch(CHINESE);
    expect(remedy.zh).toMatch(CHINESE);
  });

  it("are raised by the code, every one", () => {
    const source = ["repair", "cli", "db"].flatMap(sourceFiles).join("\n");
    expect(
      ROWS.map(([reason]) => reason).filter((reason) => !source.includes(`"${reason}"`)),
    ).toEqual([]);
  });

  it("are the only texts of errors in the repair and its commands", () => {
    for (const text of ["repair", "cli/repair"].flatMap(sourceFiles))
      expect(text).not.toMatch(/new NewDayError\([^;]*message: [`"]/);
  });

  it("fill their parameters in both languages and keep the reason for programs", () => {
    const error = refusal("finding_unknown", { id: "nope" }, { details: { finding: "nope" } });
    expect(error.code).toBe("repair_usage");
    expect(error.details).toEqual({ finding: "nope", reason: "finding_unknown" });
    expect(error.text.en).toBe(
      'There is no finding "nope". List them with `newday repair explain`.',
    );
    expect(error.text.zh).toContain("没有名为“nope”的检查结果");
  });
});
