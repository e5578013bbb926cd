/** The story, its recordings and the table of the runbook name the same steps in the same order. */
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PRODUCTION_STEPS } from "../story/production.ts";
import { RUNBOOK } from "../story/runbook.ts";

const STEPS = [...RUNBOOK, ...PRODUCTION_STEPS];

/** The rows that a command or the page stands for; apply is told as the line of the plan. */
function runbookTable(): string[] {
  const rows = readFileSync("docs/repair/README.md", "utf8").matchAll(/^\| \d+ \| ([^|]+) \|/gm);
  return [...rows]
    .map(([, what = ""]) => what.replace("the `apply` line", "`newday repair apply"))
    .filter((what) => /`(newday|\/test)/.test(what))
    .map((what) => /`newday ([^`]+)/.exec(what)?.[1] ?? "page");
}

/** The verb and what tells two uses of it apart. */
function shape(command: string): string {
  const verb = /^(adopt|page|platform set|repair \w+)/.exec(command)?.[0] ?? command;
  const marks = [
    "--dry-run",
    "--integration-page",
    "--kind heads-up",
    "--kind done",
    "--partner-answer",
    "--login compatibility",
    "--login hmac",
  ];
  return [verb, ...marks.filter((mark) => command.includes(mark))].join(" ");
}

describe("S1: the story plays the runbook", () => {
  it("with the steps of its table, in their order", () => {
    const played = RUNBOOK.map(({ command = "page" }) => shape(command));
    expect(played).toEqual(runbookTable().map(shape));
  });

  it.each([
    ["docs/repair/story.md", "en"],
    ["docs/repair/story-zh.md", "zh"],
  ] as const)("and %s records them all (else: npm run record:story)", (path, language) => {
    expect(existsSync(path)).toBe(true);
    const text = readFileSync(path, "utf8");
    const headings = [...text.matchAll(/^## (\d+\. .+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(STEPS.map(({ title }, at) => `${at + 1}. ${title[language]}`));
    const typed = [...text.matchAll(/^\$ node \S+ (.+)$/gm)].map(([, command = ""]) => command);
    const commands = STEPS.flatMap(({ command }) => command ?? []);
    expect(typed.map(shape)).toEqual(commands.map(shape));
    expect(text).not.toMatch(/^- ✗ /m);
  });
});
