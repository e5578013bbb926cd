/** S6: money of test users stays apart in every currency, in those defined after the naming too. */
import { expect, it } from "vitest";
import { accountId, walletOf } from "../../src/ledger/accounts/accounts.ts";
import { TEST_USER } from "../../src/ledger/accounts/account-restrictions.ts";
import { GAME_COINS } from "../../src/ledger/currencies/currencies.ts";
import { addCurrency } from "../../src/ledger/currencies/define-currencies.ts";
import { listCurrencies } from "../../src/ledger/currencies/currency-queries.ts";
import { nameTestUser } from "../../src/ledger/test-users/name-test-user.ts";
import { mintOperation } from "../../src/ledger/transfers/mint-operation.ts";
import { postLegsOperation } from "../../src/ledger/transfers/post-legs-operation.ts";
import { createPostingServices } from "../../src/ledger/wallets/posting-services.ts";
import {
  asked,
  createFunded,
  expectPosted,
  transferOf,
  useLedger,
  type TestLedger,
} from "../support/ledger.ts";

const BY = { operator: "ops", dryRun: false };
const GEMS = {
  code: "gems",
  scale: 0,
  minimum: 0n,
  maximum: 1_000_000n,
  exposure: 0n,
  minters: ["newday"],
};

/** Defines a currency; the way from a wallet's coins to its gems, and minting of gems. */
async function useGems({ db, engine }: TestLedger) {
  await addCurrency(db, BY, GEMS);
  const gems = Number((await listCurrencies(db)).find(({ code }) => code === "gems")?.number);
  const [row] = await db.query<{ number: bigint }>(
    "select number from newday.ledger_wallets where user_id = 'system:newday:mint'",
  );
  const mint = row?.number ?? 0n;
  return {
    gemsOf: (coins: bigint) => accountId(walletOf(coins), gems),
    issue: (account: bigint) =>
      expectPosted(
        engine,
        asked(mintOperation, { platform: "newday", mint, account, amount: 100n }),
      ),
  };
}

it("S6: the first entry of a currency that is defined later marks a test user's account", async () => {
  const ledger = await useLedger("pg18");
  const { db, engine } = ledger;
  const [person = 0n, poor = 0n] = await createFunded(ledger, [1n, 0n]);
  const services = createPostingServices(db, engine);
  for (const userId of ["tester", "other"])
    await nameTestUser(services, BY, { userId, dailyBudget: 10n });
  const coinsOf = async (userId: string) =>
    accountId(await services.directory.walletNumber(userId), GAME_COINS);
  const { gemsOf, issue } = await useGems(ledger);
  const [from, to] = [gemsOf(await coinsOf("tester")), gemsOf(await coinsOf("other"))];
  const refused = { status: "refused", code: "test_users_only" };
  await issue(gemsOf(person));
  // The tester has no gems yet.
  expect(await engine.submit(transferOf(gemsOf(person), from, 1n))).toMatchObject(refused);
  await issue(from);
  expect(await engine.submit(transferOf(from, gemsOf(poor), 1n))).toMatchObject(refused);
  await expectPosted(engine, transferOf(from, to, 1n));
  await expectPosted(engine, transferOf(gemsOf(person), gemsOf(poor), 1n));
  const flagged = await db.query(
    "select id from newday.accounts where id = any($1) and flags & $2 <> 0",
    [[from, to, gemsOf(person), gemsOf(poor)], TEST_USER],
  );
  expect(flagged).toHaveLength(2);
});

it("one transfer opens accounts of many wallets in a currency that none had", async () => {
  const ledger = await useLedger("pg18");
  const wallets = await createFunded(
    ledger,
    Array.from({ length: 25 }, () => 0n),
  );
  const { gemsOf, issue } = await useGems(ledger);
  const [payer = 0n, ...payees] = wallets.map(gemsOf);
  await issue(payer);
  const legs = [
    { account: payer, amount: -24n },
    ...payees.map((account) => ({ account, amount: 1n })),
  ];
  await expectPosted(ledger.engine, asked(postLegsOperation, { legs }));
});
