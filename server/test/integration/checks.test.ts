import { expect, it } from "vitest";
import type { Report } from "../../../integration/checks/model.ts";
import { setPlatform } from "../../src/identity/platforms/platform-changes.ts";
import { useTestApp } from "../support/app.ts";
import {
  examine,
  listen,
  useListeningApp,
  useSpoilingProxy,
  type Passing,
} from "../support/integration.ts";
import { BY_TEST, TEST_KEY, TEST_KEY_SOURCE } from "../support/platforms.ts";

function notGreen({ checks }: Report): Record<string, string> {
  return Object.fromEntries(
    checks
      .filter(({ verdict }) => verdict !== "green")
      .map(({ id, verdict, finding }) => [id, `${verdict}: ${finding.en}`]),
  );
}

function redOnes({ checks }: Report): string[] {
  return checks.filter(({ verdict }) => verdict === "red").map(({ id }) => id);
}

it("is all green against a fresh server, twice, with every token masked for the ticket", async () => {
  const base = await useListeningApp();
  expect(notGreen(await examine(base))).toEqual({});
  const second = await examine(base);
  expect(notGreen(second)).toEqual({});
  expect(JSON.stringify(second)).toContain("nd_token_");
  expect(JSON.stringify(second)).not.toMatch(/nd_token_[A-Za-z0-9_-]{5,}/);
});

it("S5: is all green in production while a compatibility login is open, and red without one", async () => {
  const secrets = "allinone=a secret of a platform that is long enough";
  const env = { NEWDAY_MODE: "production", NEWDAY_PLATFORM_SECRETS: secrets, ...TEST_KEY };
  const test = await useTestApp({ env });
  const base = await listen(test);
  expect(redOnes(await examine(base))).toEqual(["login", "login-bodies"]);
  await setPlatform(test.database.db, BY_TEST, TEST_KEY_SOURCE, {
    name: "allinone",
    keepOldForMs: 0,
    loginPolicy: "compatibility",
    compatibilityCap: 1_000n,
    compatibilityAccepted: "anyone may act as any unverified user of this platform",
  });
  test.services.credentials.evictAll(); // as the trigger's notification does
  expect(notGreen(await examine(base))).toEqual({});
});

/** Faults of the old servers, each with the checks that must catch it. */
const FAULTS: readonly {
  readonly fault: string;
  readonly red: readonly string[];
  readonly spoil: (answer: Passing) => void;
}[] = [
  {
    fault: "a gateway drops the CORS headers",
    red: ["cors-null"],
    spoil: ({ headers }) => headers.delete("access-control-allow-origin"),
  },
  {
    fault: "the preflight does not allow Authorization",
    red: ["cors-null"],
    spoil: ({ headers }) => headers.set("access-control-allow-headers", "Content-Type"),
  },
  {
    fault: "a gateway answers unknown routes with HTML",
    red: ["cors-null", "json-everywhere"],
    spoil: (answer) => {
      if (answer.status === 404 && answer.method === "GET") answer.body = "<html>404</html>";
    },
  },
  {
    fault: "two of the first calls claim to have created the wallet",
    red: ["stranger-parallel"],
    spoil: replace("crowd", '"isNewWallet":false', '"isNewWallet":true'),
  },
  {
    fault: "the balance is a constant",
    red: ["purchase", "purchase-refused"],
    spoil: replace("wallet/balance", /("\w*[cC]oins"):\d+/g, "$1:1000"),
  },
  {
    fault: "everything comes back as a common consumable",
    red: ["import-arrives"],
    spoil: replace("/inventory", /"rarity":"\w+"/g, '"rarity":"common"'),
  },
  {
    fault: "a replayed transfer is another transfer",
    red: ["export-twice", "gift"],
    spoil: replace("market/transfer", /"transferId":"[^"]*"/g, () => `"transferId":"${next()}"`),
  },
];

it.each(FAULTS)("turns red when $fault", async ({ spoil, red }) => {
  const proxy = await useSpoilingProxy(await useListeningApp(), spoil);
  const report = await examine(proxy);
  expect(redOnes(report)).toEqual(red);
  for (const { verdict, remedy } of report.checks)
    expect(remedy === undefined).toBe(verdict !== "red");
});

function replace(
  url: string,
  from: string | RegExp,
  to: string | (() => string),
): (answer: Passing) => void {
  return (answer) => {
    if (!answer.url.includes(url)) return;
    answer.body =
      typeof to === "string" ? answer.body.replaceAll(from, to) : answer.body.replaceAll(from, to);
  };
}

let last = 0;
function next(): number {
  last += 1;
  return last;
}
