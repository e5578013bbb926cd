/** The help of `newday` in both languages. */
import { Command } from "commander";
import { beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { helpZh, HELP_ZH } from "../../src/cli/help-zh.ts";
import { buildOnce, newday } from "../support/server-process.ts";

/** Written where the program itself is made, and in what commander adds. */
const OF_THE_PROGRAM = [
  "New Day: one wallet, inventory and market for every user of every platform",
  "output the version number",
  "display help for command",
  "Exit codes: 0 restricted, 1 fault, 2 usage, 4 not restricted.",
  "Exit codes: 0 all green, 1 not all green, 2 usage, 4 unreachable.",
  "Exit codes: 0 sound, 1 fault, 2 usage, 4 not sound.",
];

function textsOf(command: Command): string[] {
  const own = [command.description(), ...command.options.map(({ description }) => description)];
  return [...own, ...command.commands.flatMap(textsOf)].filter(Boolean);
}

function allTexts(): string[] {
  const program = new Command("newday");
  for (const register of COMMANDS) register(program);
  return [...new Set([...textsOf(program), ...OF_THE_PROGRAM])];
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
