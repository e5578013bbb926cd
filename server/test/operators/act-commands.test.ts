/** Acts as commands of the machine: preview, log, and the second person. */
import { beforeAll, expect, it } from "vitest";
import { useTestApp } from "../support/app.ts";
import { logIn } from "../support/market.ts";
import { newKey, useOwner } from "../support/operator-browser.ts";
import { buildOnce, newday } from "../support/server-process.ts";

beforeAll(buildOnce);

it("previews, acts and waits for an owner beyond the limit; the log names the machine's user", async () => {
  const test = await useTestApp();
  const owner = await useOwner(test);
  await logIn(test, "cli-1");
  const run = (...args: string[]) => {
    const { stdout, stderr, status } = newday([...args, "--reason", "ticket 1", "--by", "root"], {
      DATABASE_URL: test.database.url,
    });
    return { stdout, failure: `${status} ${stderr}` };
  };
  const adjust = (amount: string, ...more: string[]) =>
    run("user", "adjust", "cli-1", "--currency", "game_coins", `--amount=${amount}`, ...more);
  expect(adjust("-100", "--dry-run").stdout).toContain("balance               1000 -> 900");
  expect(JSON.parse(adjust("-100", "--json").stdout)).toMatchObject({
    what: "user adjust",
    before: { balance: "1000" },
    after: { balance: "900" },
    operator: "root",
    needsApproval: false,
  });
  const waits = adjust("200000");
  expect(waits.stdout).toContain("a second person decides");
  const { body } = await owner.call("GET", "/approvals?status=pending");
  expect(body.data).toMatchObject([{ subject: "cli-1", askedBy: "root", role: "owner" }]);
  const path = `/approvals/${body.data[0].id}/approval`;
  expect((await owner.call("POST", path, {}, newKey())).body.after).toMatchObject({
    balance: "200900",
  });
  expect(run("user", "freeze", "cli-1").stdout).toContain("user freeze: cli-1");
  const log = await owner.call("GET", "/acts?subject=cli-1");
  expect(log.body.data.map(({ what }: { what: string }) => what)).toEqual([
    "user freeze",
    "user adjust",
    "user adjust",
  ]);
});
