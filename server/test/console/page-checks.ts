/** What is asked of every page: nothing serious by axe, within its width, and a picture for people to look at. */
import axe from "axe-core";
import { mkdirSync } from "node:fs";
import type { Page } from "playwright-core";

/** For people to look at, and for a pipeline to keep. */
export const ARTEFACTS = "artefacts/console";

/** Signs in at the screen that the page shows. */
export async function signInAt(page: Page, login: string, password: string): Promise<void> {
  await page.locator('input[autocomplete="username"]').fill(login);
  await page.locator('input[autocomplete="current-password"]').fill(password);
  await page.locator('button[type="submit"]').click();
  await page.locator("nav").first().waitFor();
}

/** What axe finds that keeps a person from using the page. */
export async function seriousFindings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const results: { violations: readonly AxeViolation[] } = await page.evaluate("axe.run()");
  return results.violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(" | ")}`);
}

interface AxeViolation {
  readonly id: string;
  readonly impact: string | null;
  readonly nodes: readonly { readonly html: string }[];
}

/** The widest element decides; a page wider than its window scrolls sideways. */
export function isWithinWidth(page: Page): Promise<boolean> {
  return page.evaluate<boolean>("document.documentElement.scrollWidth <= innerWidth");
}

export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(ARTEFACTS, { recursive: true });
  await page.screenshot({
    path: `${ARTEFACTS}/${name}.png`,
    fullPage: true,
    animations: "disabled",
  });
}
