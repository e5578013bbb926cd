/** The SDK in Chromium, on a page of another origin than the server's. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { build } from "esbuild";
import { expect, it, onTestFinished } from "vitest";
import { openWallets } from "../../src/ledger/wallets/open-wallets.ts";
import { useClient } from "../support/client.ts";
import { launchBrowser, newPage } from "./support.ts";

/** Runs in the page, which has the SDK as `NewDay` and gets what the test hands it. */
const GAME = `async ({ base, token }) => {
  const { createClient, etagOf } = NewDay;
  const newDay = createClient({ baseUrl: base, token });
  const gift = { from: "user-001", to: "user-002", currency: "game_coins", amount: "25" };
  const account = await newDay.wallets.getAccount("user-001", "game_coins");
  const sent = await newDay.transfers.post(gift, { ifMatch: etagOf(account) });
  const again = await newDay.transfers.post(gift, { ifMatch: etagOf(account) }).catch((error) => error);
  const lines = [];
  for await (const { amount } of newDay.wallets.getStatement("user-001", "game_coins", { limit: 1 })) lines.push(amount);
  const signal = AbortSignal.abort();
  const aborted = await newDay.status.get({ signal }).catch((error) => error.name);
  return { amounts: sent.entries.map(({ amount }) => amount), code: again.code, lines, aborted };
}`;

it("moves money under a condition, walks a statement and can be aborted", async () => {
  const server = await useClient();
  await openWallets(server.services, ["user-001", "user-002"]);
  const login = await server.call("/api/allinone/auth/login", {
    method: "POST",
    body: { allinoneUserId: "user-001" },
  });
  const browser = await launchBrowser();
  onTestFinished(() => browser.close());
  const { page } = await newPage(browser, {});
  await page.goto(await usePageServer());
  const result = await page.evaluate(
    `(${GAME})(${JSON.stringify({ base: server.base, token: login.body.token })}).catch((error) => String(error.cause ?? error))`,
  );
  expect(result).toMatchObject({
    amounts: expect.arrayContaining(["-25", "25"]),
    code: "precondition_failed",
    lines: ["-25", "1000"],
    aborted: "AbortError",
  });
});

/** A game's own server: one page with the SDK in it. */
async function usePageServer(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: ["sdk/src/index.ts"],
    bundle: true,
    format: "iife",
    globalName: "NewDay",
    write: false,
  });
  const page = `<!doctype html><script>${outputFiles[0]?.text ?? ""}</script>`;
  const server = createServer((_request, reply) => {
    reply.setHeader("content-type", "text/html; charset=utf-8").end(page);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  onTestFinished(() => {
    server.close();
  });
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}
