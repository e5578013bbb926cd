/** Random acts against a model: coins appear and vanish only as the log says, and the log holds the acts alone. */
import fc from "fast-check";
import { expect, it } from "vitest";
import { audit } from "../../src/integrity/audit.ts";
import { useTestApp } from "../support/app.ts";
import { expectSound } from "../support/ledger.ts";
import { logIn } from "../support/market.ts";
import { newKey, useOperatorOf, useOwner } from "../support/operator-browser.ts";

const USERS = ["prop-0", "prop-1", "prop-2"] as const;
const ACTS_MAX = 25;

const user = fc.constantFrom(...USERS);
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ adjust: user, amount: fc.integer({ min: -900, max: 900 }) }),
  },
  { weight: 2, arbitrary: fc.record({ take: user, amount: fc.integer({ min: 1, max: 900 }) }) },
  { weight: 2, arbitrary: fc.record({ giveBack: fc.nat({ max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ freeze: user }) },
  { weight: 1, arbitrary: fc.record({ unfreeze: user }) },
  { weight: 1, arbitrary: fc.record({ again: fc.constant(true) }) },
);

it("random acts leave the balances of the model, and one row of the log each", async () => {
  const test = await useTestApp();
  const { db } = test.database;
  const owner = await useOwner(test);
  const second = await useOperatorOf(test, owner, { login: "mei", role: "owner" });
  const balances = new Map<string, number>();
  for (const userId of USERS) {
    await logIn(test, userId);
    balances.set(userId, 1000);
  }
  const held: { id: string; userId: string; amount: number }[] = [];
  let done = 0;
  let last: () => Promise<{ status: number }> = () => Promise.resolve({ status: 200 });
  const post = async (path: string, body: object, method: "POST" | "DELETE" = "POST") => {
    const key = newKey();
    last = () => owner.call(method, path, { ...body, reason: "drawn" }, key);
    return owner.call(method, path, { ...body, reason: "drawn" }, key);
  };

  async function perform(
    drawn: typeof act extends fc.Arbitrary<infer Drawn> ? Drawn : never,
  ): Promise<void> {
    if ("adjust" in drawn) {
      const { adjust: userId, amount } = drawn;
      const before = balances.get(userId) ?? 0;
      const isPossible = amount !== 0 && before + amount >= 0;
      const body = { currency: "game_coins", amount: `${amount}` };
      const { status } = await post(`/users/${userId}/adjustments`, body);
      expect([drawn, before, status === 201]).toEqual([drawn, before, isPossible]);
      if (isPossible) balances.set(userId, before + amount);
      done += Number(isPossible);
    } else if ("take" in drawn) {
      const { take: userId, amount } = drawn;
      const before = balances.get(userId) ?? 0;
      const body = { currency: "game_coins", amount: `${amount}` };
      const asked = await post(`/users/${userId}/confiscations`, body);
      expect([drawn, before, asked.status === 202]).toEqual([drawn, before, before >= amount]);
      if (asked.status !== 202) return;
      const path = `/approvals/${asked.body.approval}/approval`;
      const taken = await second.call("POST", path, {}, newKey());
      held.push({ id: taken.body.transferId, userId, amount });
      balances.set(userId, before - amount);
      done += 1;
    } else if ("giveBack" in drawn) {
      const [taken] = held.splice(drawn.giveBack, 1);
      if (!taken) return;
      expect((await post(`/confiscations/${taken.id}/return`, {})).status).toBe(201);
      balances.set(taken.userId, (balances.get(taken.userId) ?? 0) + taken.amount);
      done += 1;
    } else if ("freeze" in drawn) {
      done += Number((await post(`/users/${drawn.freeze}/freezes`, {})).status === 201);
    } else if ("unfreeze" in drawn) {
      const { status } = await post(`/users/${drawn.unfreeze}/freezes`, {}, "DELETE");
      done += Number(status === 201);
    } else await last();
  }

  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 5, maxLength: ACTS_MAX }), async (acts) => {
      for (const drawn of acts) await perform(drawn);
      const rows = await db.query<{ userId: string; balance: bigint }>(
        `select w.user_id as "userId", a.balance from newday.accounts a
           join newday.ledger_wallets w on w.number = a.id >> 16
         where w.user_id = any($1) and a.id & 65535 = 1`,
        [USERS],
      );
      expect(new Map(rows.map((row) => [row.userId, Number(row.balance)]))).toEqual(balances);
      const [log] = await db.query<{ acts: number; unmatched: number; unlogged: number }>(
        `with acts as (
           select after->>'transferId' as id from newday.operator_changes
           where after ? 'transferId')
         select (select count(*) from acts)::int as acts,
           (select count(*) from acts where id::uuid not in (select id from newday.transfers))::int
             as unmatched,
           (select count(*) from newday.transfers t
             where t.caller like 'operator:%' and t.refusal is null
               and t.kind not in ('ask_approval', 'reject_approval')
               and t.id::text not in (select id from acts))::int as unlogged`,
      );
      expect(log).toEqual({ acts: done, unmatched: 0, unlogged: 0 });
    }),
    { numRuns: 4 },
  );
  await expectSound(db);

  // A row of the log that is edited past its guards is found.
  await db.query("alter table newday.operator_changes disable trigger user");
  await db.query(
    `update newday.operator_changes set reason = 'another'
     where id = (select max(id) from newday.operator_changes)`,
  );
  expect((await audit(db)).breaches.length).toBeGreaterThan(0);
});
