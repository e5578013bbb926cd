// A game's own server: it authenticates its user, signs the assertion, and serves the page and the SDK.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import { createClient, signAssertion } from "@newday/sdk";

const { NEWDAY_URL: baseUrl, MOON_KEY: token, MOON_SECRET: secret } = process.env;
if (!baseUrl || !token || !secret)
  throw new Error("settings are missing: see docs/bring-your-own-game.md");
const SDK = fileURLToPath(new URL("./", import.meta.resolve("@newday/sdk")));
const PAGE = new URL("page.html", import.meta.url);

/** A real game takes its user from its own login. */
const USER = "gil";

const newDay = createClient({ baseUrl, token });
await newDay.wallets.open("shopkeeper");
await newDay.wallets.open(USER);
await newDay.transfers.mint({ userId: USER, currency: "moon_gems", amount: "30" });

const server = createServer((request, reply) => {
  answer(request.url ?? "/").then(
    ([type, body]) => reply.setHeader("content-type", type).end(body),
    () => reply.writeHead(404).end("Not found.\n"),
  );
});
server.listen(Number(process.env.PORT ?? 8080), "127.0.0.1", () => {
  console.log(`http://localhost:${server.address().port}`);
});

async function answer(path) {
  if (path === "/") return ["text/html; charset=utf-8", await readFile(PAGE)];
  if (path === "/settings") return ["application/json", JSON.stringify({ baseUrl, userId: USER })];
  if (path === "/assertion")
    return ["text/plain", await signAssertion({ platform: "moon", userId: USER, secret })];
  if (/^\/sdk\/[a-z/-]+\.js$/.test(path))
    return ["text/javascript", await readFile(`${SDK}${path.slice("/sdk/".length)}`)];
  throw new Error(`${path} is unknown`);
}
