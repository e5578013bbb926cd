/** The players' page at `/game`, and the auto-login link that leads there (S7), in a real browser. */
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { useClient, type TestClient } from "../support/client.ts";
import { launchBrowser, newPage } from "./support.ts";

/** For people to look at, and for a pipeline to keep. */
const ARTEFACTS = "artefacts/game";
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
  // The command line builds what is stale, the page included.
  spawnSync(process.execPath, ["server/bin/newday.mjs", "--version"]);
  browser = await launchBrowser();
});
afterAll(() => browser.close());

interface Visit {
  readonly page: Page;
  /** Every request of the page, with the `Referer` that it told. */
  readonly requests: { readonly url: string; readonly referer: string | undefined }[];
}

/** A browser of its own. A page that throws or breaks its policy fails the test. */
async function visit(options: BrowserContextOptions): Promise<Visit> {
  const { context, page } = await newPage(browser, options);
  const faults: string[] = [];
  const requests: Visit["requests"] = [];
  page.on("pageerror", ({ message }) => faults.push(message));
  page.on("console", (message) => {
    // A refused link is a 401, which the browser logs.
    if (message.type() === "error" && !message.text().includes("401")) faults.push(message.text());
  });
  page.on("request", (request) => {
    requests.push({ url: request.url(), referer: request.headers()["referer"] });
  });
  onTestFinished(async () => {
    await context.close();
    expect(faults).toEqual([]);
  });
  return { page, requests };
}

async function logIn({ call }: TestClient, userId: string, username: string) {
  const body = { userId, username };
  const { token } = (await call("/api/allinone/auth/login", { method: "POST", body })).body;
  const query = new URLSearchParams({ autoLogin: "true", token, userId, username });
  return { token: token as string, path: `/?${query.toString()}` };
}

async function importItems({ call }: TestClient, token: string): Promise<void> {
  const items = [
    { name: "黎明之剑", itemType: "weapon", rarity: "legendary", icon: "sword" },
    { name: "生命药水（大）", itemType: "potion", rarity: "common", quantity: 12, icon: "🧪" },
    {
      name: `<img src=x onerror=alert(1)>`.replaceAll(/[<>]/g, "-"),
      itemType: "pet",
      rarity: "epic",
    },
    { name: "a-very-long-name-without-a-blank-".repeat(4), itemType: "skin", rarity: "rare" },
  ];
  for (const [index, item] of items.entries()) {
    const body = { quantity: 1, description: "", itemId: `nd_test_${index}`, ...item };
    const reply = await call("/api/allinone/inventory/add", { method: "POST", token, body });
    expect(reply.status).toBe(200);
  }
}

const stored = (page: Page) => page.evaluate<string | null>("localStorage.getItem('newday_user')");
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

it("asks before it continues as the link's user, and shows what they own, in both languages and on a phone", async () => {
  const client = await useClient();
  const { token, path } = await logIn(client, "user-001", "龙少🐉");
  await importItems(client, token);
  const views = [
    ["zh", CHINESE, "以 龙少🐉 的身份继续", "黎明之剑"],
    ["en-dark", ENGLISH, "Continue as 龙少🐉", "legendary"],
    ["zh-phone", PHONE, "以 龙少🐉 的身份继续", "传说"],
  ] as const;
  for (const [name, options, question, shown] of views) {
    const { page, requests } = await visit(options);
    await page.goto(client.base + path);
    await page.getByRole("alertdialog").waitFor();
    expect(page.url()).toBe(`${client.base}/game`);
    expect(await stored(page)).toBeNull();
    await page.screenshot({ path: `${ARTEFACTS}/${name}-question.png`, fullPage: true });
    await button(page, question).click();
    await page.getByText(shown).first().waitFor();
    const text = await page.locator("main").innerText();
    expect(text).toContain("1,000");
    expect(text).toContain("× 12");
    expect(JSON.parse((await stored(page)) ?? "")).toEqual({
      userId: "user-001",
      username: "龙少🐉",
      token,
    });
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    await page.screenshot({ path: `${ARTEFACTS}/${name}.png`, fullPage: true });
    const [, ...after] = requests;
    expect(
      after.filter(({ url, referer }) => url.includes(token) || referer?.includes(token)),
    ).toEqual([]);
    expect(await page.locator("a").count()).toBe(0); // no way to the operators' console
  }
});

it("keeps the token out of the history, and a step back does not sign in anew", async () => {
  const client = await useClient();
  const { token, path } = await logIn(client, "user-001", "Ada");
  const { page } = await visit(ENGLISH);
  await page.goto(`${client.base}/game`);
  await page.evaluate(`location.href = ${JSON.stringify(path)}`);
  await page.getByRole("alertdialog").waitFor();
  const session = await page.context().newCDPSession(page);
  const { entries } = await session.send("Page.getNavigationHistory");
  expect(entries.map(({ url }) => url).join(" ")).not.toContain(token);
  expect(await page.evaluate<string>("document.referrer")).not.toContain(token);
  await button(page, "Do not continue").click();
  await page.getByText("You are signed out").waitFor();
  expect(await stored(page)).toBeNull();
  await page.reload();
  await page.getByText("You are signed out").waitFor();
});

it("asks who is meant when another user is signed in; the same user is asked nothing", async () => {
  const client = await useClient();
  const ada = await logIn(client, "ada", "Ada");
  const eve = await logIn(client, "eve", "Eve");
  const { page } = await visit(ENGLISH);
  await page.goto(client.base + ada.path);
  await button(page, "Continue as Ada").click();
  await page.getByText("Game coins").waitFor();
  await page.goto(client.base + ada.path);
  await page.getByText("Game coins").waitFor();
  await page.goto(client.base + eve.path);
  await page.getByText("You are signed in as Ada.").waitFor();
  await page.screenshot({ path: `${ARTEFACTS}/en-two-users.png`, fullPage: true });
  await button(page, "Stay Ada").click();
  await page.getByText("Game coins").waitFor();
  expect(await stored(page)).toContain(ada.token);
  await page.goto(client.base + eve.path);
  await button(page, "Continue as Eve").click();
  await page.getByText("Game coins").waitFor();
  expect(await stored(page)).toContain(eve.token);
});

it("signs out in every tab and for good: the same link is refused afterwards", async () => {
  const client = await useClient();
  const { token, path } = await logIn(client, "user-001", "Ada");
  const { page } = await visit(CHINESE);
  await page.goto(client.base + path);
  await button(page, "以 Ada 的身份继续").click();
  const other = await page.context().newPage();
  await other.goto(`${client.base}/game`);
  await other.getByText("游戏币").waitFor();
  await button(page, "退出登录").click();
  await page.getByText("您已退出登录").waitFor();
  await other.getByText("尚未登录").waitFor();
  expect(await stored(page)).toBeNull();
  expect((await client.call("/api/allinone/wallet/balance", { token })).status).toBe(401);
  await page.goto(client.base + path);
  await page.getByText("此链接无效").waitFor();
  await page.screenshot({ path: `${ARTEFACTS}/zh-refused.png`, fullPage: true });
});

it("says what is wrong with an expired and with a forged link, in both languages", async () => {
  const client = await useClient();
  const { path } = await logIn(client, "user-001", "Ada");
  await client.database.db.query(
    "update newday.sessions set expires_at = now() - interval '1 second'",
  );
  const forged = path.replace(/nd_token_[^&]+/, `nd_token_${"A".repeat(43)}`);
  for (const [options, link, text] of [
    [CHINESE, path, "此链接已过期"],
    [ENGLISH, path, "This link has expired"],
    [CHINESE, forged, "此链接无效"],
    [ENGLISH, forged, "This link is not valid"],
  ] as const) {
    const { page } = await visit(options);
    await page.goto(client.base + link);
    await page.getByRole("alert").getByText(text).waitFor();
    expect(page.url()).toBe(`${client.base}/game`);
  }
});

it("opens from another site's link in a new window, as the game centre does", async () => {
  const client = await useClient();
  const { path } = await logIn(client, "user-001", "Ada");
  const seen: IncomingMessage["headers"][] = [];
  const centre = createServer(({ headers }, reply) => {
    seen.push(headers);
    reply.setHeader("content-type", "text/html");
    reply.end(
      `<button onclick="open('${client.base}${path}', '_blank', 'noopener,noreferrer')">Play</button>`,
    );
  });
  await new Promise<void>((listening) => centre.listen(0, "127.0.0.1", listening));
  onTestFinished(() => void centre.close());
  const { page } = await visit(ENGLISH);
  // Another site than 127.0.0.1, so that the cookie crosses sites as it does in life.
  await page.goto(`http://localhost:${(centre.address() as AddressInfo).port}/`);
  const popup = page.context().waitForEvent("page");
  await button(page, "Play").click();
  await button(await popup, "Continue as Ada").waitFor();
});
