/** A server with some data, and a browser whose pages fail the test by any error of theirs. */
import { spawnSync } from "node:child_process";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect } from "vitest";
import { launchBrowser, newPage } from "../browser/support.ts";
import { useTestApp, type TestApp, type TestAppOptions } from "../support/app.ts";
import { onTestFinished } from "../support/test-end.ts";

/** Chromium names a refused call in its console; tests that provoke one expect it there. */
const REFUSED_CALL = /^Failed to load resource: the server responded with a status of 4\d\d/;
const NO_CONNECTION = /net::ERR_/;

export interface OpenedPage {
  readonly page: Page;
  readonly context: BrowserContext;
}

/** One browser for a file of tests. */
export async function useBrowser(): Promise<{ readonly browser: Browser }> {
  // The command line builds what is stale, the console included.
  spawnSync(process.execPath, ["server/bin/newday.mjs", "--version"]);
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  return { browser };
}

/** A listening server. */
export async function useListeningApp(
  options?: TestAppOptions,
): Promise<TestApp & { base: string }> {
  const test = await useTestApp(options);
  return { ...test, base: await test.app.listen({ host: "127.0.0.1", port: 0 }) };
}

/** A page that fails the test when it throws, breaks its policy or requests a missing file. */
export async function openPage(
  browser: Browser,
  options: BrowserContextOptions,
): Promise<OpenedPage> {
  const { context, page } = await newPage(browser, options);
  const faults: string[] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    const text = message.text();
    if (message.type() !== "error" || REFUSED_CALL.test(text) || NO_CONNECTION.test(text)) return;
    faults.push(`${text} ${message.location().url}`);
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  return { context, page };
}
