import { chromium, type Browser, type BrowserContextOptions } from "playwright-core";

/** Against hanging only: a lean machine under load takes half a minute for the first page. */
const PATIENCE_MS = 150_000;

/** Debian's Chromium. It keeps a socket among its temporary files, whose path may not be long. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox"],
    timeout: PATIENCE_MS,
    env: { ...process.env, TMPDIR: "/tmp" },
  });
}

/** A page of its own that waits as long for whatever is looked for in it. */
export async function newPage(browser: Browser, options: BrowserContextOptions) {
  const context = await browser.newContext(options);
  context.setDefaultTimeout(PATIENCE_MS);
  return { context, page: await context.newPage() };
}
