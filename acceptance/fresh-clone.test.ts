import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { copyCheckout, npmStart, run, useFolder } from "./support/new-day.ts";

const WALLET = "/api/shared/wallet/allinone-prod-test-123";
const MINUTES_5 = 300_000;

it(
  "another user's clone under a 0700 home serves a wallet after one command, and keeps it over kill -9",
  async () => {
    const checkout = copyCheckout(useFolder(0o700));
    expect(existsSync(join(checkout, "node_modules"))).toBe(false);

    const first = await npmStart(checkout);
    const created = await first.get(WALLET);
    expect(created.status).toBe(200);
    expect(created.body).toMatchObject({
      success: true,
      isNewWallet: true,
      userId: "allinone-prod-test-123",
      gameCoins: 1000,
      cashBalance: 0,
      computingPower: 0,
      wallet: { userId: "allinone-prod-test-123", gameCoins: 1000 },
    });
    expect((await first.get(WALLET)).body).toMatchObject({ isNewWallet: false });
    expect(first.output()).toContain(`curl http://localhost`);
    await first.end("SIGKILL");

    const second = await npmStart(checkout);
    const kept = await second.get(WALLET);
    expect(kept.body).toMatchObject({
      isNewWallet: false,
      id: created.body["id"],
      createdAt: created.body["createdAt"],
    });
    expect(second.output()).not.toContain("npm ci");
    await second.end("SIGTERM");
  },
  MINUTES_5,
);

it("the command line answers by both of its names", async () => {
  const byScript = await run("npm", ["run", "--silent", "newday", "--", "--version"]);
  const byName = await run("npx", ["--no-install", "newday", "--version"]);
  expect(byScript.output).toMatch(/^\d+\.\d+\.\d+$/m);
  expect(byName.output).toMatch(/^\d+\.\d+\.\d+$/m);
  expect([byScript.code, byName.code]).toEqual([0, 0]);
});
