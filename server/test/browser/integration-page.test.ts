import { mkdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { CHECKS } from "../../../integration/checks/run-checks.ts";
import { integrationPage } from "../../../scripts/generate/integration-page.ts";
import { useListeningApp, useSpoilingProxy } from "../support/integration.ts";
import { launchBrowser, newPage } from "./support.ts";

const FILE = "server/public/test-newday-integration.html";
const PATH = "/test-newday-integration.html";
/** For people to look at, and for a pipeline to keep. */
const ARTEFACTS = "artefacts/integration-page";
/** A run takes seconds; this bounds a hanging page. */
const RUN_DEADLINE_MS = 150_000;
vi.setConfig({ testTimeout: 3 * RUN_DEADLINE_MS });
const PHONE: BrowserContextOptions = {
  viewport: { width: 375, height: 740 },
  isMobile: true,
  hasTouch: true,
};

let browser: Browser;
beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/**
 * A page that fails the test when it throws, or loads anything outside itself and the server's API.
 */
async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const { context, page } = await newPage(browser, { acceptDownloads: true, ...options });
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) faults.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  await page.goto(url);
  return page;
}

async function press(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^(开始测试|Start test)$/ }).click();
  await ended(page, "green", "red");
}

async function ended(page: Page, ...verdicts: readonly string[]): Promise<void> {
  const bodies = verdicts.map((verdict) => `body[data-verdict="${verdict}"]`);
  await page.locator(bodies.join(", ")).waitFor({ timeout: RUN_DEADLINE_MS });
}

/** Every row that is red or skipped, with its text; every row must be present. */
async function notGreen(page: Page): Promise<string[]> {
  expect(await page.locator(".row").count()).toBe(CHECKS.length);
  return page.locator('.row:not([data-verdict="green"])').allInnerTexts();
}

function screenshot(page: Page, name: string): Promise<unknown> {
  return page.screenshot({ path: `${ARTEFACTS}/${name}.png`, fullPage: true });
}

it("is the file that its present sources make", async () => {
  expect(readFileSync(FILE, "utf8")).toBe(await integrationPage());
});

describe("every row is green, twice in a row", () => {
  it("when the server serves the page", async () => {
    const page = await open((await useListeningApp()) + PATH);
    for (let run = 1; run <= 2; run += 1) {
      await press(page);
      expect(await notGreen(page)).toEqual([]);
    }
    expect(await page.locator("#headline").innerText()).toContain("全部通过");
    await screenshot(page, "server-zh");
  });

  it("when it was opened from disk, with the address in the link", async () => {
    const base = await useListeningApp();
    const page = await open(`${pathToFileURL(FILE).href}?base=${base}&lang=en`);
    for (let run = 1; run <= 2; run += 1) {
      await press(page);
      expect(await notGreen(page)).toEqual([]);
    }
    expect(await page.locator("#headline").innerText()).toContain("All green");
    await screenshot(page, "disk-en");
  });

  it("when it was opened from disk on a phone, with the address typed in", async () => {
    const base = await useListeningApp();
    const page = await open(pathToFileURL(FILE).href, PHONE);
    await page.getByLabel("服务器地址").fill(base);
    for (let run = 1; run <= 2; run += 1) {
      await press(page);
      expect(await notGreen(page)).toEqual([]);
    }
    const wider = await page.evaluate<number>(
      "document.documentElement.scrollWidth - document.documentElement.clientWidth",
    );
    expect(wider).toBe(0);
    await screenshot(page, "phone-zh");
  });
});

it("opens a red row by itself, with what to do, and shows what came as text, never as markup", async () => {
  const base = await useListeningApp();
  const markup = "<img src=x onerror=alert(1)>";
  const proxy = await useSpoilingProxy(base, (answer) => {
    if (answer.url.includes("/market/transfer") && answer.status === 200) answer.status = 404;
    if (answer.url === "/api/health")
      answer.body = JSON.stringify({ mode: markup, schemaVersion: 1 });
  });
  const page = await open(proxy + PATH, { colorScheme: "dark" });
  await press(page);
  const red = page.locator("#check-export-twice");
  expect(await red.getAttribute("open")).not.toBeNull();
  const text = await red.innerText();
  expect(text).toContain("怎么办");
  expect(text).toContain("POST");
  expect(text).toContain("实际返回 404");
  expect(await page.locator("#check-health").textContent()).toContain(markup);
  expect(await page.locator("#rows img").count()).toBe(0);
  await page.locator("#language").click();
  expect(await red.innerText()).toContain("What to do");
  await screenshot(page, "red-dark-en");
});

it("says at once that no server answers, and what to do", async () => {
  const page = await open(`${pathToFileURL(FILE).href}?base=http://127.0.0.1:9&lang=en`);
  await press(page);
  const health = await page.locator("#check-health").innerText();
  expect(health).toContain("No answer");
  expect(health).toContain("not running, wrong address");
  expect(await page.locator('.row[data-verdict="skipped"]').count()).toBe(CHECKS.length - 1);
  await page.getByLabel("Server address").fill("localhost:5000");
  await page.getByRole("button", { name: "Start test" }).click();
  expect(await page.evaluate("document.querySelector('#address').validationMessage")).toBe(
    "Enter an address that starts with http:// or https://",
  );
});

it("can be used by keyboard, and gives the report as a file and as text without a token", async () => {
  const base = await useListeningApp();
  const page = await open(base + PATH, { permissions: ["clipboard-read", "clipboard-write"] });
  await page.getByLabel("服务器地址").press("Enter");
  await ended(page, "green");
  expect(await page.getByRole("status").innerText()).toContain("全部通过");
  const first = page.locator("#check-health summary");
  await first.focus();
  await page.keyboard.press("Enter");
  expect(await page.locator("#check-health .exchange").first().isVisible()).toBe(true);
  const downloading = page.waitForEvent("download");
  await page.getByRole("button", { name: "下载 JSON" }).click();
  const file = await (await downloading).path();
  const json = readFileSync(file, "utf8");
  expect(JSON.parse(json)).toMatchObject({ tool: "newday-integration", verdict: "green", base });
  await page.getByRole("button", { name: "复制工单文本" }).click();
  await page.getByRole("status").getByText("已复制").waitFor();
  const copied = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(copied).toContain(`${CHECKS.length}/${CHECKS.length} 通过`);
  expect(json + copied).not.toMatch(/nd_token_[A-Za-z0-9_-]{5,}/);
});
