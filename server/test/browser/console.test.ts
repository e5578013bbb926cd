/** The console at `/`, in a real browser on a listening server. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { useTestApp } from "../support/app.ts";
import { useTestDatabase } from "../support/database.ts";
import { launchBrowser, newPage } from "./support.ts";

/** For people to look at, and for a pipeline to keep. */
const ARTEFACTS = "artefacts/console";
const CHINESE: BrowserContextOptions = { locale: "zh-CN" };
const ENGLISH: BrowserContextOptions = { locale: "en-GB", colorScheme: "dark" };
const PHONE: BrowserContextOptions = {
  ...CHINESE,
  viewport: { width: 375, height: 740 },
  isMobile: true,
};

let browser: Browser;
beforeAll(async () => {
  mkdirSync(ARTEFACTS, { recursive: true });
  // The command line builds what is stale, the console included.
  spawnSync(process.execPath, ["server/bin/newday.mjs", "--version"]);
  browser = await launchBrowser();
});
afterAll(() => browser.close());

/** A page that fails the test when it throws, breaks its policy or requests a missing file. */
async function open(url: string, options: BrowserContextOptions): Promise<Page> {
  const { context, page } = await newPage(browser, options);
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(`${message.text()} ${message.location().url}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  await page.goto(url);
  await page.locator(".card").first().waitFor();
  return page;
}

it("shows mode, health and repair in both languages, on a phone too, and its links lead somewhere", async () => {
  const { app } = await useTestApp();
  const base = await app.listen({ host: "127.0.0.1", port: 0 });
  const views = [
    ["zh", CHINESE, "沙盒"],
    ["en-dark", ENGLISH, "Sandbox"],
    ["zh-phone", PHONE, "沙盒"],
  ] as const;
  for (const [name, options, mode] of views) {
    const page = await open(base, options);
    const cards = (await page.locator(".card").allInnerTexts()).join("\n");
    expect(cards).toContain(mode);
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.screenshot({ path: `${ARTEFACTS}/${name}.png`, fullPage: true });
    for (const link of await page.locator("a").all()) {
      const href = await link.getAttribute("href");
      expect([href, (await fetch(`${base}${href}`)).status]).toEqual([href, 200]);
    }
  }
});

it("switches the language by the keyboard alone", async () => {
  const { app } = await useTestApp();
  const page = await open(await app.listen({ host: "127.0.0.1", port: 0 }), CHINESE);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "简体中文" }).waitFor();
  expect(await page.getAttribute("html", "lang")).toBe("en");
});

it("names the foreign key that is in the way, and the commands that take it away", async () => {
  const { app } = await useTestApp({ database: await useTestDatabase() });
  const page = await open(await app.listen({ host: "127.0.0.1", port: 0 }), CHINESE);
  const cards = (await page.locator(".card").allInnerTexts()).join("\n");
  expect(cards).toContain("wallets_user_id_players_id_fk");
  expect(cards).toContain("newday repair plan");
  await page.screenshot({ path: `${ARTEFACTS}/zh-repair-due.png`, fullPage: true });
});
