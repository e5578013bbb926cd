/** The help of `newday` in both languages. */
import type { Command } from "commander";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { buildOnce, newday } from "../support/server-process.ts";
import { onTestFinished } from "../support/test-end.ts";

function textsOf(command: Command): string[] {
  const terms = [...command.options, ...command.registeredArguments];
  const own = [command.description(), ...terms.map(({ description }) => description)];
  return [...own, ...command.commands.flatMap(textsOf)].filter(Boolean);
}

beforeAll(buildOnce);

describe("the help of the commands", () => {
  it("has every text in Chinese", async () => {
    vi.stubEnv("LC_ALL", "zh_CN.UTF-8");
    vi.resetModules(); // the language is chosen as the program is loaded
    onTestFinished(() => {
      vi.unstubAllEnvs();
      vi.resetModules();
    });
    const { createProgram } = await import("../../src/cli/program.ts");
    const texts = textsOf(createProgram());
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => !/\p{Script=Han}/u.test(text))).toEqual([]);
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
