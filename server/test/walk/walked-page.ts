/** A page of the console that a walk goes through: each address is checked, and a picture is kept. */
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { isWithinWidth, seriousFindings, signInAt, takePicture } from "../console/page-checks.ts";
import { newPage } from "../browser/support.ts";
import { OWNER } from "../support/operator-browser.ts";

/** How a reader has the console. */
export interface Look {
  readonly name: string;
  readonly language: "en" | "zh";
  readonly options: BrowserContextOptions;
}

const PHONE = { width: 360, height: 740 };

export const LOOKS: readonly Look[] = [
  { name: "en-light", language: "en", options: { locale: "en-GB", colorScheme: "light" } },
  { name: "en-dark", language: "en", options: { locale: "en-GB", colorScheme: "dark" } },
  { name: "zh-light", language: "zh", options: { locale: "zh-CN", colorScheme: "light" } },
  { name: "zh-dark", language: "zh", options: { locale: "zh-CN", colorScheme: "dark" } },
  {
    name: "phone",
    language: "zh",
    options: { locale: "zh-CN", colorScheme: "light", viewport: PHONE },
  },
];

export interface WalkedPage {
  readonly look: Look;
  readonly page: Page;
  go(address: string): Promise<void>;
  /** Takes the picture, and keeps whatever is wrong with what is shown. */
  inspect(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Chromium names a call without an answer in its console; a killed server provokes it. */
const EXPECTED = /net::ERR_|status of 4\d\d/;

export interface Walk {
  readonly browser: Browser;
  readonly base: () => string;
  readonly problems: string[];
}

/** Signed in as the owner. */
export async function openWalkedPage(walk: Walk, look: Look): Promise<WalkedPage> {
  const { browser, base, problems } = walk;
  const { context, page } = await newPage(browser, look.options);
  const report = (text: string) => problems.push(`${look.name} ${page.url()}: ${text}`);
  page.on("pageerror", ({ message }) => report(message));
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) report(message.text());
  });
  await page.goto(`${base()}/console/sign-in`);
  await signInAt(page, OWNER.login, OWNER.password);
  return {
    look,
    page,
    async go(address) {
      await page.goto(`${base()}${address}`);
      await page.locator("h1").waitFor();
      await page.waitForLoadState("networkidle");
    },
    async inspect(name) {
      for (const finding of await seriousFindings(page)) report(finding);
      if (!(await isWithinWidth(page))) report("scrolls sideways");
      await takePicture(page, `walk-${look.name}-${name}`);
      console.log(`${look.name.padEnd(9)} ${name}`);
    },
    close: () => context.close(),
  };
}
