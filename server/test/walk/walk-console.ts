/**
 * `npm run walk:console`: every screen of the console in both languages and themes and on a phone, on a server with
 * the legacy database, generated users and transfers; a repair watched live; a server that is killed. Pictures go to
 * artefacts/console. `--quick` takes a twentieth of the rows and two looks.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { SCREENS } from "../../../console/src/app/screens.ts";
import { launchBrowser } from "../browser/support.ts";
import { LOOKS, openWalkedPage, type Look, type Walk, type WalkedPage } from "./walked-page.ts";
import { seedEconomy, setWalkStage, type WalkSize, type WalkStage } from "./walk-stage.ts";
import { adopt, watchRepair } from "./watch-repair.ts";

const IS_QUICK = process.argv.includes("--quick");
const SIZE: WalkSize = IS_QUICK
  ? { users: 5_000, accounts: 500, rounds: 20, hoursApart: 30 }
  : { users: 100_000, accounts: 1_000, rounds: 200, hoursApart: 3 };
/** Watched beside each other: a reader of each language. */
const WATCHING: readonly string[] = ["en-dark", "zh-light"];

/** States that no entry of the menu leads to. */
const DEEP_LINKS: Readonly<Record<string, string>> = {
  "users-found": "/console/users?q=王",
  user: "/console/users/bench-1000000",
  "user-freeze": "/console/users/bench-1000000?act=freeze",
  "transfers-of-user": "/console/transfers?userId=bench-1000000",
  "economy-week": "/console/economy?days=7&currency=game_coins",
  "economy-none": "/console/economy?platform=none",
  "integrity-closed": "/console/integrity?state=closed",
  "repair-checklist": "/console/repair?view=checklist",
  "repair-rollback": "/console/repair?view=rollback",
  platform: "/console/platforms/allinone",
  "platform-secret": "/console/platforms/allinone?act=rotate",
  "not-found": "/console/no-such-screen",
};

async function walk(): Promise<void> {
  const stage = await setWalkStage();
  const browser = await launchBrowser();
  const problems: string[] = [];
  try {
    const around: Walk = { browser, base: stage.base, problems };
    await withPages(around, LOOKS.filter(isWatching), (pages) => watchRepair(stage, pages));
    await adopt(stage);
    await seedEconomy(stage.db, SIZE);
    await stage.startServer();
    await settleEconomy(stage);
    for (const look of IS_QUICK ? LOOKS.filter(isWatching) : LOOKS)
      await withPages(around, [look], ([page]) => walkScreens(page));
    await withPages(around, LOOKS.filter(isWatching), (pages) => watchKill(stage, pages));
  } finally {
    await browser.close();
    await stage.close();
  }
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? "ok" : `${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

function isWatching({ name }: Look): boolean {
  return WATCHING.includes(name);
}

async function withPages(
  around: Walk,
  looks: readonly Look[],
  work: (pages: readonly WalkedPage[]) => Promise<void>,
): Promise<void> {
  const pages: WalkedPage[] = [];
  for (const look of looks) pages.push(await openWalkedPage(around, look));
  await work(pages);
  for (const page of pages) await page.close();
}

async function walkScreens(walked: WalkedPage | undefined): Promise<void> {
  if (!walked) return;
  for (const { text, to } of SCREENS) {
    await walked.go(to);
    await walked.inspect(text);
  }
  for (const [name, address] of Object.entries(DEEP_LINKS)) {
    await walked.go(address);
    await walked.inspect(name);
  }
  await runAudit(walked);
}

/** A run takes a few hundredths of the server's time, however busy the machine is. */
const AUDIT_PATIENCE_MS = 15 * 60_000;

/** On demand, from the button to the end of its bar. */
async function runAudit(walked: WalkedPage): Promise<void> {
  const { page, look } = walked;
  await walked.go("/console/integrity");
  const name = { en: "Check everything now", zh: "立即全部检查" }[look.language];
  await page.getByRole("button", { name }).click();
  // Without width as long as nothing is done.
  await page.getByRole("progressbar").waitFor({ state: "attached" });
  await walked.inspect("integrity-running");
  const ended = { en: "ended", zh: "已结束" }[look.language];
  await page
    .locator(".state-badge")
    .filter({ hasText: ended })
    .waitFor({ timeout: AUDIT_PATIENCE_MS });
  await walked.inspect("integrity-ended");
}

/** Grey and a sentence while the server is gone, and back without a hand. */
async function watchKill(stage: WalkStage, pages: readonly WalkedPage[]): Promise<void> {
  for (const watched of pages) {
    await watched.go("/console/repair");
    await watched.page.locator('.state-badge[data-tone="good"]').first().waitFor();
  }
  await stage.killServer();
  for (const watched of pages) {
    await watched.page.locator(".silence").waitFor();
    if ((await watched.page.locator('[data-tone="good"]').count()) > 0)
      throw new Error("a stale green stands beside a silent server");
    await watched.inspect("server-killed");
  }
  await stage.startServer();
  for (const watched of pages) {
    await watched.page.locator(".silence").waitFor({ state: "detached" });
    await watched.page.locator('.state-badge[data-tone="good"]').first().waitFor();
    await watched.inspect("server-back");
  }
}

const POLL_MS = 500;

/** The workers have counted every transfer, and the audit has reached its end. */
async function settleEconomy({ db }: WalkStage): Promise<void> {
  for (;;) {
    const [row] = await db.query<{ done: boolean }>(
      `select p.history_done and p.position >= s.last_value
          and exists (select from newday.economy_top_holders) as done
        from newday.economy_progress p, newday.transfer_sequence s`,
    );
    const [checked] = await db.query<{ open: bigint }>(
      "select count(*) filter (where reached_at is null) as open from newday.audit_positions",
    );
    if (row?.done && checked?.open === 0n) return;
    await sleep(POLL_MS);
  }
}

await walk();
