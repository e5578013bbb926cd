/** An erasure in the middle of traffic of two processes: nothing is lost, nothing comes back. */
import { expect, it } from "vitest";
import { composeServices } from "../../src/compose.ts";
import { buildApp } from "../../src/http/app.ts";
import { audit } from "../../src/integrity/audit.ts";
import { callerOf, useV1 } from "../http/v1/support.ts";
import { grantStack } from "../support/market.ts";
import { onTestFinished } from "../support/test-end.ts";

const WORKERS = 12;

it("holds from its beginning on for every process, while others go on", async () => {
  const test = await useV1();
  const { services, database, key } = test;
  const { db } = database;
  const second = await buildApp(composeServices(services.config, db, services.build));
  onTestFinished(() => second.close());
  const speakers = [test.call, callerOf({ ...test, app: second }, key)];
  const stack = await grantStack(test, "alice", { quantity: 100 });
  const answers = new Map<string, number>();
  let running = true;
  let serial = 0;
  const work = async (worker: number) => {
    const call = speakers[worker % 2] ?? test.call;
    while (running) {
      serial += 1;
      const [from, to] = [
        ["alice", "bob"],
        ["bob", "alice"],
        ["bob", "carol"],
      ][serial % 3] as [string, string];
      const path = serial % 7 === 0 ? `/items/${stack}/gifts` : "/transfers";
      const body =
        serial % 7 === 0 ? { to: "bob" } : { from, to, currency: "game_coins", amount: "1" };
      const reply = await call("POST", path, { body });
      const answer = `${reply.status} ${reply.body.code ?? ""}`;
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
    }
  };
  const traffic = Array.from({ length: WORKERS }, (_, worker) => work(worker));
  await expect.poll(() => answers.get("201 ") ?? 0).toBeGreaterThan(100);
  const body = { reason: "case 1", open: "settle", property: "forfeit" };
  const erasures = speakers.map((call) => call("POST", "/users/alice/erasure", { body }));
  const replies = await Promise.all(erasures);
  expect(replies.map(({ status }) => status)).toEqual([200, 200]);
  const seen = answers.get("404 wallet_not_found") ?? 0;
  await expect.poll(() => answers.get("404 wallet_not_found") ?? 0).toBeGreaterThan(seen + 20);
  running = false;
  await Promise.all(traffic);

  const unexpected = [...answers.keys()].filter((answer) => answer.startsWith("5"));
  expect(unexpected).toEqual([]);
  expect((await audit(db)).breaches).toEqual([]);
  const wallets = await db.query<{ user: string; coins: bigint }>(
    `select w.user_id as user, sum(a.balance) as coins from newday.ledger_wallets w
      join newday.accounts a on a.id >> 16 = w.number where w.user_id ~ '^(erased:|alice)' group by 1`,
  );
  expect(wallets).toEqual([{ user: expect.stringMatching(/^erased:/), coins: "0" }]);
  const left = await db.query(
    `select 1 from newday.transfers where caller ~ 'alice' or result::text ~ 'alice'
      union all select 1 from newday.items where owner_id = 'alice' or gift_from = 'alice'
      union all select 1 from newday.item_history where owner_id = 'alice'`,
  );
  expect(left).toEqual([]);
});
