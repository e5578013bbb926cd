/** `--json`: every verb of the repair writes JSON events to stdout and nothing else, refusals too. */
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { createProgram } from "../../src/cli/program.ts";
import type { TestDatabase } from "../support/database.ts";
import { applyTo } from "./apply-support.ts";
import { createLegacyDatabase, planOf, useFolder } from "./legacy.ts";

interface JsonEvent {
  readonly at: string;
  readonly type: string;
  readonly message: string;
  readonly [member: string]: unknown;
}

interface Run {
  readonly exitCode: unknown;
  readonly events: readonly JsonEvent[];
}

let database: TestDatabase;

beforeAll(async () => {
  database = await createLegacyDatabase();
  await applyTo(database.url, await planOf(database.url));
});

afterAll(() => database.drop());

afterEach(() => {
  process.exitCode = undefined;
});

/** Runs `newday repair ... --json` in this process; throws when a line of stdout is no JSON. */
async function run(args: readonly string[]): Promise<Run> {
  let stdout = "";
  const write = vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  try {
    await createProgram().parseAsync(["node", "newday", "repair", ...args, "--json"]);
  } finally {
    write.mockRestore();
  }
  const lines = stdout.split("\n").slice(0, -1);
  return { exitCode: process.exitCode, events: lines.map((line) => JSON.parse(line) as JsonEvent) };
}

/** Arguments with which each verb ends at once, done or refused. */
function linesOf(verb: string, folder: string): string[][] {
  const lines: Readonly<Record<string, string[][]>> = {
    targets: [["--targets", `${folder}/missing.json`]],
    plan: [["--out", `${folder}/plan.json`]],
    rehearse: [["--plan", `${folder}/missing.json`]],
    backup: [["--check", `${folder}/missing.dump`]],
    apply: [[], ["--plan", `${folder}/missing.json`]],
    smoke: [["--api-url", "http://127.0.0.1:1"]],
    notify: [[], ["--print"]],
    pause: [["00000000"]],
    postpone: [["00000000", "--for", "1s"]],
    continue: [["00000000"]],
    abort: [["00000000"]],
    rollback: [["--plan"], ["--option", "restore"]],
    watch: [["--for", "0s"]],
    drift: [[`${folder}/a.json`, `${folder}/b.json`]],
    explain: [[], ["B41"], ["B999"]],
  };
  return lines[verb] ?? [[]];
}

const VERBS = createProgram()
  .commands.find((command) => command.name() === "repair")
  ?.commands.map((command) => command.name());

describe("--json", () => {
  it.each(VERBS ?? [])("of %s", async (verb) => {
    const folder = useFolder();
    vi.stubEnv("DATABASE_URL", database.url);
    for (const line of linesOf(verb, folder)) {
      const { events, exitCode } = await run([verb, ...line]);
      expect(exitCode).not.toBe(1);
      expect(events.length).toBeGreaterThan(0);
      for (const event of events)
        expect(event).toMatchObject({
          at: expect.any(String) as string,
          type: expect.any(String) as string,
          message: expect.any(String) as string,
        });
    }
  });

  it("has the report's Markdown, and the notice, as members of one event", async () => {
    vi.stubEnv("DATABASE_URL", database.url);
    const report = await run(["report"]);
    expect(report.events.find(({ type }) => type === "artefact")).toMatchObject({
      markdown: expect.stringMatching(/^# /) as string,
    });
    const notice = await run(["notify", "--print"]);
    expect(notice.events.find(({ type }) => type === "artefact")).toMatchObject({
      kind: "done",
      subject: expect.stringContaining("Done") as string,
      text: expect.any(String) as string,
      chat: expect.any(String) as string,
    });
  });

  it("speaks of states, steps and journal rows in Chinese under zh", async () => {
    vi.stubEnv("DATABASE_URL", database.url);
    vi.stubEnv("LC_ALL", "zh_CN.UTF-8");
    const { events } = await run(["status"]);
    expect(events[0]?.message).toMatch(
      /数据库已验证（VERIFIED_DB）；步骤：备份 由人担保.*删除外键 完成/,
    );
    const report = await run(["report"]);
    const markdown = String(report.events[0]?.["markdown"]);
    expect(markdown).toContain("| 时间 (UTC) | 类别 | 内容 | 哈希 |");
    expect(markdown).toMatch(/\| 步骤 \| 删除外键 · 完成/);
    expect(markdown).not.toMatch(/\| (step|run|attempt) \||）\. /);
  });

  it("ends a refusal with its code", async () => {
    vi.stubEnv("DATABASE_URL", "postgres://operator@127.0.0.1:1/none");
    const { events, exitCode } = await run(["report"]);
    expect(exitCode).toBe(4);
    expect(events.at(-1)).toMatchObject({ type: "error", code: "repair_blocked" });
  });
});
