/** The partner's page in Chromium, as a person uses it: open, press 开始测试, read. */
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import type { Language } from "../../src/lib/messages.ts";
import { launchBrowser, newPage } from "../browser/support.ts";
import type { Ran } from "./command.ts";

/** A run takes seconds; this bounds a hanging page. */
const RUN_DEADLINE_MS = 150_000;

/** Ends with status 1 when a row is red or skipped, and shows those rows. */
export async function pressStart(
  base: string,
  { language, image }: { language: Language; image: string },
): Promise<Ran> {
  const url = `${base}/test-newday-integration.html?lang=${language}`;
  const browser = await launchBrowser();
  try {
    const { page } = await newPage(browser, { viewport: { width: 1000, height: 800 } });
    await page.goto(url);
    await page.getByRole("button", { name: /^(开始测试|Start test)$/ }).click();
    const ended = ["green", "red"].map((verdict) => `body[data-verdict="${verdict}"]`).join(", ");
    await page.locator(ended).waitFor({ timeout: RUN_DEADLINE_MS });
    mkdirSync(dirname(image), { recursive: true });
    await page.screenshot({ path: image, fullPage: true });
    const others = await page.locator('.row:not([data-verdict="green"])').allInnerTexts();
    const headline = await page.locator("#headline").innerText();
    const status = others.length === 0 && (await page.locator(".row").count()) > 0 ? 0 : 1;
    return { typed: `chromium ${url}`, status, output: [headline, ...others].join("\n") };
  } finally {
    await browser.close();
  }
}
