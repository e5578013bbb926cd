/** Replays are normal traffic: every call again, with the state unchanged. */
import {
  PATHS,
  proved,
  readBalance,
  readInventory,
  readSharedWallet,
  type Check,
} from "./check.ts";
import { expectRefusal, expectSame, expectStatus, expectThat, expectValue } from "./expect.ts";
import { stringsOf } from "./inventory-checks.ts";
import { valueAt } from "./json.ts";
import { showMs, summarize } from "./latency.ts";
import { CLIENT_TIMEOUT_MS } from "./transport.ts";

export const againChecks: readonly Check[] = [
  {
    id: "second-pass",
    group: "again",
    source: "F4 · E1",
    title: {
      zh: "全部重来一遍：余额与库存都不变",
      en: "Everything once more: neither balance nor inventory changes",
    },
    remedy: {
      zh: "客户端超时后会重试三次；每个 POST 都必须经得起重放。",
      en: "Clients retry three times after a timeout; every POST must survive a replay.",
    },
    async run(session) {
      const { userId, token } = session.take("player");
      const coins = valueAt((await readBalance(session, token)).body, "gameCoins");
      const items = stringsOf(await readInventory(session, token));
      const body = { allinoneUserId: userId, allinoneUsername: "集成测试" };
      const login = await session.call("POST", PATHS.login, { body });
      expectStatus(login, 200);
      expectValue(login, "isNewUser", false);
      for (const again of session.take("imports"))
        expectRefusal(
          await session.call("POST", PATHS.inventoryAdd, { token, body: again }),
          409,
          "ITEM_ALREADY_EXISTS",
        );
      const { key, transactionId } = session.take("purchase");
      const bought = await session.call("POST", PATHS.purchase, {
        token,
        body: { itemId: session.take("offer").id, currencyType: "gameCoins", quantity: 1 },
        headers: { "idempotency-key": key },
      });
      expectValue(bought, "transactionId", transactionId);
      const { itemId, transferId } = session.take("exported");
      const exported = await session.call("POST", PATHS.transfer, {
        token,
        body: { itemId, targetPlatform: "allinone", quantity: 1 },
      });
      expectValue(exported, "transferId", transferId);
      expectValue(await readSharedWallet(session, userId), "isNewWallet", false);
      expectValue(await readBalance(session, token), "gameCoins", coins);
      expectSame("inventory", stringsOf(await readInventory(session, token)), items);
      return proved(
        "登录、导入、购买、导出重放后一切如前",
        "login, imports, purchase and export replayed, all as before",
      );
    },
  },
  {
    id: "latency",
    group: "again",
    source: "F4",
    title: {
      zh: "响应时间在客户端的期限之内",
      en: "Answers come well within the clients' patience",
    },
    remedy: {
      zh: "客户端 10 秒后放弃并重试：查看最慢的请求、网络与数据库负载。",
      en: "Clients give up after 10 s and retry: look at the slowest request, the network and the database.",
    },
    async run(session) {
      const { requests, medianMs, p95Ms, maxMs } = summarize(session.latencies);
      expectThat(
        maxMs < CLIENT_TIMEOUT_MS,
        `最慢的请求用了 ${Math.round(maxMs)} 毫秒`,
        `the slowest request took ${Math.round(maxMs)} ms`,
      );
      return Promise.resolve(
        proved(
          `${requests} 个请求，中位数 ${showMs(medianMs)} 毫秒，95% 在 ${showMs(p95Ms)} 毫秒内，最慢 ${showMs(maxMs)} 毫秒`,
          `${requests} requests, median ${showMs(medianMs)} ms, 95 % within ${showMs(p95Ms)} ms, slowest ${showMs(maxMs)} ms`,
        ),
      );
    },
  },
];
