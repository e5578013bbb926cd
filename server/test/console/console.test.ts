/** The console at `/`, in a real browser on a listening server. */
import { Secret, TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { createFirstOwnerCode } from "../../src/operators/operator-codes.ts";
import { useAdoptedDatabase } from "../support/app.ts";
import { useTestDatabase } from "../support/database.ts";
import { grantStack, LIST, logIn, PURCHASE } from "../support/market.ts";
import { newKey, OWNER, useOwner, type OperatorBrowser } from "../support/operator-browser.ts";
import type { TestApp } from "../support/app.ts";
import { share } from "../support/test-end.ts";
import { openPage, useBrowser, useListeningApp } from "./console-world.ts";
import { isWithinWidth, seriousFindings, signInAt, takePicture } from "./page-checks.ts";

const CHINESE = { locale: "zh-CN" };
const ENGLISH = { locale: "en-GB", colorScheme: "dark" } as const;
const PHONE = { viewport: { width: 360, height: 740 } };
const SCREENS = [
  "/",
  "/console/users",
  "/console/users/alice",
  "/console/market",
  "/console/items?userId=alice",
  "/console/transfers?userId=alice",
  "/console/approvals",
  "/console/economy",
  "/console/integrity",
  "/console/repair",
  "/console/platforms",
  "/console/acts",
  "/console/operators",
  "/console/keys",
  "/console/account",
];

const shared = share(useBrowser);
const world = share(async () => {
  const database = await useAdoptedDatabase();
  const server = await useListeningApp({ database, env: { DATABASE_URL: database.url } });
  const owner = await useOwner(server);
  await owner.call("POST", "/operators", { login: "lin", displayName: "林", role: "support" });
  await owner.call("POST", "/keys", { label: "monitor", role: "viewer" });
  await letUsersTrade(server, owner);
  return { ...server, owner };
});

/** Alice has 500.00 of cash, sold one lantern to Bob and offers another. */
async function letUsersTrade(
  test: Pick<TestApp, "app" | "services">,
  owner: OperatorBrowser,
): Promise<void> {
  const [alice, bob] = [await logIn(test, "alice"), await logIn(test, "bob")];
  const offer = async () => {
    const itemId = await grantStack(test, "alice", { name: "Lantern", quantity: 1 });
    const wanted = { itemId, name: "x", itemType: "consumable", price: { gameCoins: 100 } };
    return (await alice.post(LIST, wanted)).body.item.id;
  };
  await bob.post(PURCHASE, { itemId: await offer(), currencyType: "gameCoins" });
  await offer();
  const given = { currency: "cash", amount: "50000", reason: "prize" };
  await owner.call("POST", "/users/alice/adjustments", given, newKey());
}

/** A page signed in as the owner, at an address of the console. */
async function openAs(address: string, options: Parameters<typeof openPage>[1]) {
  const opened = await openPage(shared().browser, options);
  await opened.page.goto(`${world().base}${address}`);
  await signInAt(opened.page, OWNER.login, OWNER.password);
  return opened;
}

/** Of a picture. */
function nameOf(address: string): string {
  return address.split("?")[0]?.split("/").at(-1) || "overview";
}

async function go(page: Page, address: string): Promise<void> {
  await page.goto(`${world().base}${address}`);
  await page.locator("h1").waitFor();
  await page.waitForLoadState("networkidle");
}

describe("every screen", () => {
  it.each([
    ["zh-light", CHINESE, "概览"],
    ["en-dark", ENGLISH, "Overview"],
  ])("is usable and without findings of axe: %s", async (name, options, overview) => {
    const { page } = await openAs("/", options);
    await page.getByRole("heading", { level: 1, name: overview }).waitFor();
    for (const address of SCREENS) {
      await go(page, address);
      expect([address, await seriousFindings(page)]).toEqual([address, []]);
      await takePicture(page, `${name}-${nameOf(address)}`);
    }
  });

  it("fits a phone of 360 pixels", async () => {
    const { page } = await openAs("/", { ...ENGLISH, ...PHONE });
    for (const address of SCREENS) {
      await go(page, address);
      expect([address, await isWithinWidth(page)]).toEqual([address, true]);
      await takePicture(page, `phone-${nameOf(address)}`);
    }
  });
});

describe("language and colours", () => {
  it("follow the browser: Chinese for zh, English for any other", async () => {
    for (const [locale, title] of [
      ["zh-TW", "登录"],
      ["de-DE", "Sign in"],
    ] as const) {
      const { page } = await openPage(shared().browser, { locale });
      await page.goto(world().base);
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    }
  });

  it("are changed by the keyboard alone, and stay after a reload", async () => {
    const { page } = await openPage(shared().browser, CHINESE);
    await page.goto(`${world().base}/console/sign-in`);
    const button = page.getByRole("button", { name: "English" });
    await button.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.getByText("Dark", { exact: true }).click();
    await page.reload();
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    expect(await page.getAttribute("html", "lang")).toBe("en");
    expect(await page.getAttribute("html", "data-mantine-color-scheme")).toBe("dark");
  });
});

describe("the session", () => {
  it("begins with the code of the start, a second factor by its QR code, and a sign-in with both", async () => {
    const { base, database } = await useListeningApp();
    const { page } = await openPage(shared().browser, ENGLISH);
    await page.goto(`${base}/console/set-up`);
    await page.getByLabel("One-time code").fill((await createFirstOwnerCode(database.db)) ?? "");
    await page.getByLabel("It is the code of the first owner").check();
    await page.getByLabel("Login").fill(OWNER.login);
    await page.locator('input[autocomplete="name"]').fill(OWNER.displayName);
    for (const field of await page.locator('input[autocomplete="new-password"]').all())
      await field.fill(OWNER.password);
    await takePicture(page, "en-dark-set-up");
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Set the password" }).click();
    await page.getByRole("link", { name: "To the sign-in" }).click();
    await signInAt(page, OWNER.login, OWNER.password);
    await page.getByText("Your sign-in has no second factor").click();
    const factor = page.locator("section").filter({ hasText: "Second factor" });
    await factor.locator('input[autocomplete="current-password"]').fill(OWNER.password);
    await factor.getByRole("button", { name: "Set up with an app" }).click();
    await page.getByRole("img", { name: "QR code of the second factor" }).waitFor();
    await takePicture(page, "en-dark-second-factor");
    const secret = Secret.fromBase32(await factor.locator("code").innerText());
    const codeIn = (steps: number) =>
      new TOTP({ secret }).generate({ timestamp: Date.now() + steps * 30_000 });
    await page.getByLabel("First code of the app").fill(codeIn(0));
    await page.getByRole("button", { name: "Confirm" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await page.locator('input[autocomplete="username"]').fill(OWNER.login);
    await page.locator('input[autocomplete="current-password"]').fill(OWNER.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    // A code opens once, so the next step's.
    await page.getByLabel("Code of the authenticator app").fill(codeIn(1));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("heading", { level: 1, name: "Own account" }).waitFor();
  });

  it("that expired leads to the sign-in and back to the same address", async () => {
    const { page, context } = await openAs("/console/acts?subject=lin", ENGLISH);
    await page.getByRole("cell", { name: "lin" }).first().waitFor();
    await context.clearCookies();
    await page.getByRole("link", { name: "Operators" }).click();
    await page.getByRole("heading", { level: 1, name: "Sign in" }).waitFor();
    await signInAt(page, OWNER.login, OWNER.password);
    await page.getByRole("heading", { level: 1, name: "Operators" }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/console/operators");
  });

  it("leads to no other server", async () => {
    const { page } = await openAs("/console/sign-in?to=//example.com/", ENGLISH);
    await page.getByRole("heading", { level: 1, name: "Overview" }).waitFor();
    expect(new URL(page.url()).origin).toBe(world().base);
  });

  it("of another tab that signed in anew is taken up: the next act sends its token", async () => {
    const { page, context } = await openAs("/console/keys", ENGLISH);
    const other = await context.newPage();
    await other.goto(`${world().base}/console/sign-in`);
    await signInAt(other, OWNER.login, OWNER.password);
    await page.getByRole("button", { name: "Make a key" }).click();
    await page.getByLabel("Label").fill("from the first tab");
    await page.getByRole("button", { name: "Preview" }).click();
    await page.getByRole("button", { name: "Do it" }).click();
    await page.getByText("Shown this once").waitFor();
    await takePicture(page, "en-dark-key-made");
  });
});

describe("the keyboard", () => {
  it("skips to the content, lists its shortcuts, and goes to a screen", async () => {
    const { page } = await openAs("/console/acts", ENGLISH);
    await page.reload();
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Skip to the content");
    await page.keyboard.press("?");
    await page.getByRole("dialog", { name: "Keyboard shortcuts" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    expect(await page.evaluate("document.activeElement.type")).toBe("search");
    await page.keyboard.press("Tab");
    await page.locator("h1").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("k");
    await page.getByRole("heading", { level: 1, name: "Keys of machines" }).waitFor();
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  });
});

/** Fills the open dialog's reason in and sees the preview. */
async function preview(page: Page): Promise<void> {
  await page.getByLabel("Reason").fill("ticket 4711");
  await page.getByRole("button", { name: "Preview" }).click();
  await page.getByText("Nothing is changed yet").waitFor();
}

async function confirm(page: Page, button = "Do it"): Promise<void> {
  await page.getByRole("button", { name: button }).click();
}

describe("the page of a user", () => {
  it("gives money by the scale of its currency, and takes it back by one press of undo", async () => {
    const { page } = await openAs("/console/users/alice", ENGLISH);
    const balances = page.getByRole("table", { name: "Balances" });
    await balances.getByText("500.00").first().waitFor();
    await page.getByRole("button", { name: "Adjust balance" }).click();
    await page.getByLabel("Currency").selectOption("cash");
    await page.getByLabel("Amount").fill("12.5");
    await preview(page);
    await page.getByRole("dialog").getByText("512.50 cash").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await takePicture(page, "en-dark-adjust-preview");
    await confirm(page);
    await balances.getByText("512.50").first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
    expect(await page.getByLabel("Amount").inputValue()).toBe("12.50");
    await page.getByRole("button", { name: "Preview" }).click();
    await confirm(page);
    await balances.getByText("500.00").first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
    await page.getByText("−12.50 cash").waitFor();
  });

  it("opens an act by its address, which waits for a second person", async () => {
    const { page } = await openAs("/console/users/alice?act=confiscate", ENGLISH);
    await page.getByLabel("Amount").fill("10");
    await preview(page);
    await page.getByText("A second person decides").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await confirm(page, "Ask for approval");
    await page.getByText("It waits for a second person").waitFor();
    await page.getByRole("link", { name: "To the approvals" }).click();
    await page.getByRole("cell", { name: "user confiscate" }).waitFor();
  });

  it("leads from an offer to its item, and to its seller's page with the act filled in", async () => {
    const { page } = await openAs("/console/market?sellerId=alice&status=sold", ENGLISH);
    await page.getByRole("link", { name: "Lantern" }).click();
    await page.getByRole("heading", { name: "Purchases" }).waitFor();
    await page.getByRole("cell", { name: "bob" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await takePicture(page, "en-dark-listing");
    await page.locator('a[href^="/console/items/"]').first().click();
    await page.getByRole("heading", { name: "History" }).waitFor();
    await page.getByRole("link", { name: "Confiscate" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await takePicture(page, "en-dark-item");
    await page.locator('a[href^="/console/transfers/"]').first().click();
    await page.getByRole("heading", { name: "Movements" }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await takePicture(page, "en-dark-transfer");
  });

  it("refunds from the timeline, freezes and lifts, and exports", async () => {
    const { page } = await openAs("/console/users/bob?kind=market", ENGLISH);
    await page.getByRole("button", { name: "Refund" }).click();
    await preview(page);
    await confirm(page);
    await page.getByText("Done and recorded in the log.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Freeze" }).click();
    await preview(page);
    await confirm(page);
    await page.locator('[data-tone="bad"]', { hasText: "frozen" }).first().waitFor();
    await page.getByRole("dialog").getByRole("button", { name: "Undo" }).click();
    await preview(page);
    await confirm(page);
    await page.getByText("Done and recorded in the log.").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Operators" }).click();
    await page.getByText("freeze lifted").waitFor();
    expect(new URL(page.url()).search).toBe("?kind=acts");
    await page.getByRole("button", { name: "Export" }).click();
    await page.getByLabel("Reason").fill("asked by letter");
    const download = page.waitForEvent("download");
    await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
    expect((await download).suggestedFilename()).toBe("newday-bob.json");
  });
});

describe("the state of the server", () => {
  it("turns grey with since when while the server is silent", async () => {
    const server = await useListeningApp();
    await useOwner(server);
    const { page } = await openPage(shared().browser, ENGLISH);
    await page.goto(server.base);
    await signInAt(page, OWNER.login, OWNER.password);
    await page.locator('[data-tone="good"]').first().waitFor();
    await server.app.close();
    await page.getByText("The server does not answer").waitFor();
    expect(await page.locator('[data-tone="good"]').count()).toBe(0);
    expect(await page.locator("[data-silent=true] .status-card").count()).toBeGreaterThan(0);
    expect(await page.locator(".silence time").getAttribute("title")).toMatch(/UTC$/);
    await takePicture(page, "en-dark-silent");
  });

  it("names the foreign key that is in the way, and the commands that take it away", async () => {
    const server = await useListeningApp({ database: await useTestDatabase() });
    await useOwner(server);
    const { page } = await openPage(shared().browser, CHINESE);
    await page.goto(server.base);
    await signInAt(page, OWNER.login, OWNER.password);
    const cards = page.locator(".status-card");
    await cards.filter({ hasText: "wallets_user_id_players_id_fk" }).waitFor();
    expect((await cards.allInnerTexts()).join("\n")).toContain("newday repair plan");
    await takePicture(page, "zh-light-repair-due");
  });
});
