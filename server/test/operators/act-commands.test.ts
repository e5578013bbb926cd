/** Acts as commands of the machine: preview, log, and the second person. */
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { useTestApp, type TestApp } from "../support/app.ts";
import { logIn } from "../support/market.ts";
import {
  newKey,
  useOperatorOf,
  useOwner,
  type OperatorBrowser,
} from "../support/operator-browser.ts";
import { TEST_KEY } from "../support/platforms.ts";
import { buildOnce, newday } from "../support/server-process.ts";

beforeAll(buildOnce);

/** What an owner asked for, decided by commands: with the key of another owner. */
async function approvedByCommand(test: TestApp, owner: OperatorBrowser) {
  const settings = { DATABASE_URL: test.database.url, ...TEST_KEY };
  const bo = await useOperatorOf(test, owner, { login: "bo", role: "owner" });
  const made = await bo.call("POST", "/keys", { label: "bo's", role: "owner" });
  const key = join(mkdtempSync(join(tmpdir(), "approval-")), "key");
  writeFileSync(key, made.body.secret);
  const path = "/platforms/allinone/secret";
  const ask = async () =>
    (await owner.call("POST", path, { reason: "due" }, newKey())).body.approval;
  const [id, taken] = [await ask(), await ask()];
  const listed = newday(["approval", "list", "--status", "pending", "--json"], settings);
  expect(JSON.parse(listed.stdout)).toMatchObject([
    { id: taken, askedBy: "operator:ada" },
    { id, what: "platform rotate-secret", subject: "allinone" },
  ]);
  const reject = ["approval", "reject", taken, "--reason", "twice", "--json"];
  expect(JSON.parse(newday(reject, settings).stdout)).toMatchObject({
    after: { status: "rejected" },
  });
  const approve = ["approval", "approve", id, "--key-file", key, "--json"];
  const approved = newday(approve, settings);
  expect(JSON.parse(approved.stdout)).toMatchObject({
    operator: expect.stringMatching(/^operator-key:/),
    secret: expect.stringMatching(/^nd_secret_/),
  });
  return approved.status;
}

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
  expect(await approvedByCommand(test, owner)).toBe(0);
  expect(run("user", "freeze", "cli-1").stdout).toContain("user freeze: cli-1");
  const log = await owner.call("GET", "/acts?subject=cli-1");
  expect(log.body.data.map(({ what }: { what: string }) => what)).toEqual([
    "user freeze",
    "user adjust",
    "user adjust",
  ]);
});
