import { chromium, type Browser, type BrowserContextOptions } from "playwright-core";

/** A bound for hanging pages: a lean machine under load takes half a minute for the first page. */
const PATIENCE_MS = 150_000;

/** Debian's Chromium. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
    timeout: PATIENCE_MS,
  });
}

/** A page of its own, with a long default timeout for its queries. */
export async function newPage(browser: Browser, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return { context, page: await context.newPage() };
}
