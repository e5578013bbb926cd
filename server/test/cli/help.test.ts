/** The help of `newday` in both languages. */
import type { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { helpZh, HELP_ZH } from "../../src/cli/help-zh.ts";
import { createProgram } from "../../src/cli/program.ts";
import { buildOnce, newday } from "../support/server-process.ts";

/** What commander adds, and the ends of the helps. */
const OF_COMMANDER = [
  "display help for command",
  "Exit codes: 0 restricted, 1 fault, 2 usage, 4 not restricted.",
  "Exit codes: 0 all green, 1 not all green, 2 usage, 4 unreachable.",
  "Exit codes: 0 sound, 1 fault, 2 usage, 4 not sound.",
];

function textsOf(command: Command): string[] {
  const terms = [...command.options, ...command.registeredArguments];
  const own = [command.description(), ...terms.map(({ description }) => description)];
  return [...own, ...command.commands.flatMap(textsOf)].filter(Boolean);
}

function allTexts(): string[] {
  return [...new Set([...textsOf(createProgram()), ...OF_COMMANDER])];
}

beforeAll(buildOnce);

describe("the help of the commands", () => {
  it("has every text in Chinese, and no Chinese that nothing asks for", () => {
    const texts = allTexts();
    expect(texts.filter((text) => helpZh(text) === undefined)).toEqual([]);
    const asked = new Set(texts.map(helpZh));
    const unasked = [...HELP_ZH].filter(
      ([english, chinese]) => !english.endsWith(":") && !asked.has(chinese),
    );
    expect(unasked).toEqual([]);
  });

  it.each([
    ["zh_CN.UTF-8", "用法", /Usage|Exit codes|default: |choices: /],
    ["C", "Usage", /用法|退出码|默认/],
  ])("speaks the language of the system, %s", (LC_ALL, spoken, other) => {
    for (const args of ["", "key create", "repair apply", "audit", "doctor", "roles"].map((verb) =>
      [...verb.split(" "), "--help"].filter(Boolean),
    )) {
      const { status, stdout } = newday(args, { LC_ALL });
      expect([args, status]).toEqual([args, 0]);
      expect(stdout).toContain(spoken);
      expect(stdout).not.toMatch(other);
    }
  });
});
