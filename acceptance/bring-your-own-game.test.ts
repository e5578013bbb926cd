/** The guide and the examples, walked as a new user would: every block in its order, on one new server. */
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { expect, it, onTestFinished } from "vitest";
import { npmStart, run, useFolder } from "./support/new-day.ts";

interface Block {
  readonly language: string;
  readonly code: string;
}

function blocksOf(page: string): Block[] {
  const found = readFileSync(page, "utf8").matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm);
  return [...found].map(([, language = "", code = ""]) => ({ language, code }));
}

/** What the comments behind console.log promise. */
function promisedOutput(blocks: readonly Block[]): string[] {
  const code = blocks.map((block) => block.code).join("");
  return [...code.matchAll(/console\.log\(.*\); \/\/ (.*)$/gm)].map(
    ([, promised = ""]) => promised,
  );
}

it("the guide says the same blocks in both languages", () => {
  expect(blocksOf("docs/bring-your-own-game-zh.md")).toEqual(
    blocksOf("docs/bring-your-own-game.md"),
  );
});

it("every block of the guide and every example does what it says", async () => {
  const data = join(useFolder(), "data");
  const { base } = await npmStart(process.cwd(), { NEWDAY_DATA_DIR: data });
  const [start, ...blocks] = blocksOf("docs/bring-your-own-game.md");
  expect(start).toEqual({ language: "sh", code: "npm start\n" });
  const shell = blocks.filter(({ language }) => language === "sh").map(({ code }) => code);
  const game = blocks.filter(({ language }) => language === "js");
  expect(shell.length + game.length).toBe(blocks.length);

  const settings = await exportedBy(shell.join("").replaceAll("http://localhost:5000", base), {
    NEWDAY_DATA_DIR: data,
  });
  const program = game.map(({ code }) => code).join("");
  const played = await run("node", ["--input-type=module", "--eval", program], { env: settings });
  expect(played.output.trim().split("\n")).toEqual(promisedOutput(game));

  expect(await run("sh", ["examples/curl.sh"], { env: settings })).toEqual({
    code: 0,
    output: "30 gems are left\n",
  });
  expect(await run("node", ["examples/node.mjs"], { env: settings })).toEqual({
    code: 0,
    output: "finn has 20 gems\neve cannot pay another match\n",
  });
  await payInBrowser(settings);
});

/** Runs the commands in one shell, as typed, and returns the variables that they exported. */
async function exportedBy(commands: string, env: NodeJS.ProcessEnv): Promise<NodeJS.ProcessEnv> {
  const ending = `node -p 'JSON.stringify(process.env)' > "$NEWDAY_DATA_DIR.env"`;
  const { code, output } = await run("bash", ["-euo", "pipefail", "-c", `${commands}\n${ending}`], {
    env,
  });
  expect([code, output]).toEqual([0, expect.any(String)]);
  const all = JSON.parse(
    readFileSync(`${env["NEWDAY_DATA_DIR"]}.env`, "utf8"),
  ) as NodeJS.ProcessEnv;
  return Object.fromEntries(Object.entries(all).filter(([name]) => /^(NEWDAY|MOON)_/.test(name)));
}

async function payInBrowser(settings: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn("node", ["examples/browser/server.mjs"], {
    env: { ...process.env, ...settings, PORT: "0" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    child.kill();
  });
  const address = await new Promise<string>((serves, failed) => {
    child.stdout.setEncoding("utf8").once("data", (line: string) => serves(line.trim()));
    child.once("exit", (code) => failed(new Error(`the example ended with ${code}`)));
  });
  const browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
  onTestFinished(() => browser.close());
  const page = await browser.newPage();
  await page.goto(address);
  await page.locator("#pay:enabled").click();
  await page.getByText("The lamp is yours.").waitFor();
  expect(await page.locator("#balance").innerText()).toBe("20");
}
