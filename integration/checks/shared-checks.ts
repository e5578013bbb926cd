/** The surface that needs no token: the public market, and the wallet of every user. */
import { PATHS, proved, type Check } from "./check.ts";
import { expectSame, expectStatus, expectThat, expectValue } from "./expect.ts";
import { valueAt } from "./json.ts";

/** A wallet of a new user: 1000 / 0 / 0 (docs/contract.md 10). */
export const STARTER = { gameCoins: 1000, cashBalance: 0, computingPower: 0 } as const;

const USERS_AT_ONCE = 50;

export const sharedChecks: readonly Check[] = [
  {
    id: "shared-market",
    group: "shared",
    source: "T8 1 · T6 · PS9",
    title: { zh: "共享市场有商品", en: "The shared market has items" },
    remedy: {
      zh: "市场为空或出错：确认官方库存已初始化（newday doctor 与服务器日志会指出原因）。",
      en: "The market is empty or failing: check that the official stock was seeded (see the server's log).",
    },
    async run(session) {
      const answer = await session.call("GET", `${PATHS.sharedMarket}?gameSource=New+Day`);
      expectStatus(answer, 200);
      const items = valueAt(answer.body, "items");
      expectThat(
        Array.isArray(items) && items.length > 0,
        "items 应为非空数组",
        "items should be an array that is not empty",
      );
      expectSame("data", valueAt(answer.body, "data"), items);
      expectThat(
        Number.isInteger(valueAt(items, "0.price")) &&
          typeof valueAt(items, "0.currency") === "string",
        "共享接口的 price 应为整数并带 currency",
        "on this surface price is an integer beside currency",
      );
      return proved(`${items.length} 件商品`, `${items.length} items`);
    },
  },
  {
    id: "shared-wallet",
    group: "shared",
    source: "T8 2",
    title: {
      zh: "共享钱包：其他平台的用户也能拥有钱包",
      en: "Shared wallet: a user of another platform owns one",
    },
    remedy: {
      zh: "返回 500/503 说明外键仍将 wallets 绑定到 players：运行 newday repair plan。",
      en: "A 500 or 503 means that a foreign key still ties wallets to players: run `newday repair plan`.",
    },
    async run(session) {
      for (const userId of ["test-user-id", "allinone-prod-test-123"]) {
        const answer = await session.call("GET", `${PATHS.sharedWallet}/${userId}`);
        expectStatus(answer, 200);
        expectValue(answer, "userId", userId);
        expectValue(answer, "wallet.userId", userId);
      }
      return proved("两个验收用户均返回 200", "both acceptance users answer 200");
    },
  },
  {
    id: "stranger-wallet",
    group: "shared",
    source: "T6 · A1",
    title: {
      zh: "从未见过的用户：首次创建，余额 1000 / 0 / 0",
      en: "A never-seen user: created on the first call with 1000 / 0 / 0",
    },
    remedy: {
      zh: "首次应 isNewWallet:true，之后 false；检查 wallets.user_id 的唯一约束与默认值。",
      en: "First isNewWallet:true, then false; check the UNIQUE on wallets.user_id and the starter balances.",
    },
    async run(session) {
      const path = `${PATHS.sharedWallet}/${session.id("stranger")}`;
      const first = await session.call("GET", path);
      expectStatus(first, 200);
      expectValue(first, "isNewWallet", true);
      for (const [currency, amount] of Object.entries(STARTER)) {
        expectValue(first, currency, amount);
        expectValue(first, `wallet.${currency}`, amount);
      }
      const second = await session.call("GET", path);
      expectValue(second, "isNewWallet", false);
      expectValue(second, "id", valueAt(first.body, "id"));
      return proved(
        "首次创建一次，再次读取是同一个钱包",
        "created once, the same wallet afterwards",
      );
    },
  },
  {
    id: "stranger-parallel",
    group: "shared",
    source: "A1",
    title: {
      zh: `${USERS_AT_ONCE} 个并发请求只创建一个钱包`,
      en: `${USERS_AT_ONCE} calls at once create one wallet`,
    },
    remedy: {
      zh: "并发首次访问必须全部 200 且恰好一个 isNewWallet:true（insert … on conflict do nothing）。",
      en: "All first calls must be 200 with exactly one isNewWallet:true (insert … on conflict do nothing).",
    },
    async run(session) {
      const path = `${PATHS.sharedWallet}/${session.id("crowd")}`;
      const [shown, ...others] = await Promise.all(
        Array.from({ length: USERS_AT_ONCE }, (_, at) =>
          session.call("GET", path, { quiet: at > 0 }),
        ),
      );
      const answers = shown ? [shown, ...others] : others;
      for (const answer of answers) expectStatus(answer, 200);
      const created = answers.filter(({ body }) => valueAt(body, "isNewWallet") === true).length;
      expectSame("isNewWallet:true ×", created, 1);
      const wallets = new Set(answers.map(({ body }) => valueAt(body, "id")));
      expectSame("wallet id ×", wallets.size, 1);
      return proved(
        `${answers.length} 个 200，恰好一个新建`,
        `${answers.length} times 200, created exactly once`,
      );
    },
  },
];
