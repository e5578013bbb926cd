/** What a person reads after a usage error: the sentence, in their language, and where help is. */
import { beforeAll, describe, expect, it } from "vitest";
import { buildOnce, newday } from "../support/server-process.ts";

const HELP = "Run the command with --help for its options.";
const HELP_ZH = "加 --help 运行该命令可查看其选项。";

beforeAll(buildOnce);

describe("a usage error", () => {
  it("is one sentence and one line about help, exit 2", () => {
    const { status, stderr } = newday(["repair", "apply", "--nope"], { LC_ALL: "C" });
    expect(status).toBe(2);
    expect(stderr).toBe(`error: unknown option '--nope'\n${HELP}\n`);
  });

  it.each([
    [["nope"], "错误：未知命令“nope”"],
    [["repair", "apply", "--nope"], "错误：未知选项“--nope”"],
    [["repair", "apply", "--plan"], "错误：选项“--plan <file>”缺少取值"],
    [["key", "revoke"], "错误：缺少参数“id”"],
    [["adopt", "--batch-size", "x"], "1 到"],
    [["key", "create", "--role", "x"], "的取值“x”无效。可选：platform, operator。"],
    [["repair", "watch", "--for", "3's"], "的取值“3's”无效。时长为数字"],
    [["audit", "a", "b"], "错误：“audit”的参数过多：应为 0 个，实为 2 个。"],
    [["repair", "pln"], "错误：未知命令“pln”\n（是否指 plan？）"],
  ])("of %s is Chinese under zh", (args, sentence) => {
    const { status, stderr } = newday(args, { LC_ALL: "zh_CN.UTF-8" });
    expect([status, stderr]).toEqual([2, expect.stringContaining(sentence)]);
    expect(stderr).not.toMatch(/error:|argument|Allowed/);
    expect(stderr.endsWith(`${HELP_ZH}\n`)).toBe(true);
  });

  it("follows --lang, too", () => {
    const unknown = newday(["repair", "explain", "nope", "--lang", "zh"], { LC_ALL: "C" });
    expect(unknown.status).toBe(2);
    expect(unknown.stderr).toMatch(
      /✗ 没有名为“nope”的检查结果。请用 node \S*newday\.mjs repair explain 列出全部。/,
    );
    const option = newday(["repair", "explain", "--nope", "--lang", "zh"], { LC_ALL: "C" });
    expect(option.stderr).toContain("错误：未知选项");
  });
});
