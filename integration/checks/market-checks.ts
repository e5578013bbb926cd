/**
 * Covers the gap of the old test pages: the purchase debits, the item arrives, a listing holds its
 * item.
 */
import {
  PATHS,
  proved,
  readBalance,
  readInventory,
  readSharedWallet,
  type Check,
} from "./check.ts";
import { expectRefusal, expectSame, expectStatus, expectThat, expectValue } from "./expect.ts";
import { requireAbsent, requireInventory } from "./inventory-checks.ts";
import { listAt, numberAt, stringAt, valueAt } from "./json.ts";
import type { Session } from "./session.ts";

/** Listings of a test run end by themselves after ten minutes. */
const TEST_LISTING_MS = 10 * 60_000;

export const marketChecks: readonly Check[] = [
  {
    id: "market-items",
    group: "market",
    source: "APP · T8 6 · BAT",
    title: {
      zh: "市场列表：两个路径相同，第一件新手买得起",
      en: "Market lists: both paths agree, the first item is affordable",
    },
    remedy: {
      zh: "market/items 与 market/list（GET）是同一处理；默认排序第一件应为官方商品。",
      en: "market/items and GET market/list are one handler; official stock comes first by default.",
    },
    async run(session) {
      const { token } = session.take("player");
      const list = await session.call("GET", PATHS.marketList, { token });
      expectStatus(list, 200);
      const items = requireMarket(list.body);
      const other = await session.call("GET", `${PATHS.marketItems}?platform=newday`);
      expectStatus(other, 200);
      requireMarket(other.body);
      const first = items[0];
      const price = numberAt(first, "price.gameCoins");
      expectThat(
        price !== undefined && price > 0 && price <= session.take("coins"),
        "第一件商品应能用新手的金币购买",
        "the first item should be affordable in coins for a newcomer",
      );
      expectSame("price.newDayGameCoins", numberAt(first, "price.newDayGameCoins"), price);
      expectSame("typeof listedAt", typeof valueAt(first, "listedAt"), "number");
      const name = String(valueAt(first, "name"));
      session.leave("offer", { id: String(valueAt(first, "id")), name, price });
      return proved(`第一件：${name}，${price} 金币`, `first: ${name}, ${price} coins`);
    },
  },
  {
    id: "purchase",
    group: "market",
    source: "T8 7 · C1",
    title: {
      zh: "购买真的扣款：余额 A → A − 总价，两个接口相同",
      en: "The purchase really debits: A → A − total on both surfaces",
    },
    remedy: {
      zh: "购买必须在一个事务里扣款、交付道具、记录交易。",
      en: "Debit, delivery and record must happen in one transaction.",
    },
    async run(session) {
      const { token } = session.take("player");
      const { id, price } = session.take("offer");
      const key = session.id("purchase");
      const body = { itemId: id, currencyType: "gameCoins", quantity: 1 };
      const before = session.take("coins");
      const headers = { "idempotency-key": key };
      const answer = await session.call("POST", PATHS.purchase, { token, body, headers });
      expectStatus(answer, 200);
      expectValue(answer, "price", price);
      const total = numberAt(answer.body, "totalAmount") ?? Number.NaN;
      const commission = numberAt(answer.body, "commission") ?? Number.NaN;
      expectSame("price + commission", price + commission, total);
      const after = before - total;
      await requireCoins(session, after);
      session.leave("coins", after);
      const transactionId = stringAt(answer.body, "transactionId") ?? "";
      session.leave("purchase", {
        key,
        transactionId,
        itemId: stringAt(answer.body, "item.id") ?? "",
      });
      return proved(`${before} → ${after}，两个接口一致`, `${before} → ${after} on both surfaces`);
    },
  },
  {
    id: "purchase-arrives",
    group: "market",
    source: "E4 · 5.3",
    title: { zh: "买到的道具真的进入库存", en: "The bought item really arrives in the inventory" },
    remedy: {
      zh: "购买响应的 item.id 必须能在库存里找到。",
      en: "The item.id of the purchase's answer must be found in the inventory.",
    },
    async run(session) {
      const { itemId } = session.take("purchase");
      const answer = await readInventory(session, session.take("player").token);
      expectStatus(answer, 200);
      const item = requireInventory(answer.body).find((one) => valueAt(one, "id") === itemId);
      expectThat(item !== undefined, `库存里没有 ${itemId}`, `${itemId} is not in the inventory`);
      const name = session.take("offer").name;
      expectSame("name", valueAt(item, "name"), name);
      return proved(`${name} 已到账`, `${name} has arrived`);
    },
  },
  {
    id: "purchase-replay",
    group: "market",
    source: "F4 G17",
    title: {
      zh: "同一 Idempotency-Key 重试只扣一次款",
      en: "A retry with the same Idempotency-Key pays once",
    },
    remedy: {
      zh: "重试必须返回第一次的结果，不得再次扣款。",
      en: "A retry must return the first outcome and must not debit again.",
    },
    async run(session) {
      const { token } = session.take("player");
      const { key, transactionId } = session.take("purchase");
      const body = { itemId: session.take("offer").id, currencyType: "gameCoins", quantity: 1 };
      const headers = { "idempotency-key": key };
      const answer = await session.call("POST", PATHS.purchase, { token, body, headers });
      expectStatus(answer, 200);
      expectValue(answer, "transactionId", transactionId);
      await requireCoins(session, session.take("coins"));
      return proved("同一笔交易，余额不变", "the same transaction, the balance unchanged");
    },
  },
  {
    id: "purchase-refused",
    group: "market",
    source: "G14 G15",
    title: {
      zh: "不合规的购买被拒绝，余额不变",
      en: "Wrong purchases are refused and cost nothing",
    },
    remedy: {
      zh: "货币、数量、商品错误应分别返回 400、400、404。",
      en: "A wrong currency, quantity or item should be 400, 400 and 404.",
    },
    async run(session) {
      const { token } = session.take("player");
      const offer = session.take("offer").id;
      const buy = (body: Record<string, unknown>) =>
        session.call("POST", PATHS.purchase, {
          token,
          body: { itemId: offer, currencyType: "gameCoins", ...body },
        });
      expectRefusal(await buy({ currencyType: "aCoins" }), 400, "INVALID_CURRENCY");
      expectRefusal(await buy({ quantity: -5 }), 400, "INVALID_QUANTITY");
      expectRefusal(await buy({ itemId: "no-such-listing" }), 404, "ITEM_NOT_FOUND");
      await requireCoins(session, session.take("coins"));
      return proved("三种都被拒绝，余额不变", "all three refused, the balance unchanged");
    },
  },
  {
    id: "list-declared",
    group: "market",
    source: "APP · BAT",
    title: { zh: "上架「集成测试道具」，100 金币", en: "List 集成测试道具 at 100 coins" },
    remedy: {
      zh: "上架响应必须包含 item；APP 把缺少 item 当作失败。",
      en: "The answer must carry item; APP takes a missing item as failure.",
    },
    async run(session) {
      const { token } = session.take("player");
      const body = {
        name: "集成测试道具",
        description: "集成测试自动上架，十分钟后自动下架",
        platform: "newday",
        itemType: "material",
        price: { gameCoins: 100 },
        expiresAt: Date.now() + TEST_LISTING_MS,
      };
      const answer = await session.call("POST", PATHS.marketList, { token, body });
      expectStatus(answer, 200, 201);
      expectValue(answer, "item.name", body.name);
      expectValue(answer, "item.price.gameCoins", 100);
      return proved("上架成功，十分钟后自动下架", "listed; it takes itself off after ten minutes");
    },
  },
  {
    id: "list-owned",
    group: "market",
    source: "D13 · 5.2",
    title: {
      zh: "上架自己的道具：立即离开库存（托管）",
      en: "Listing an owned item takes it out of the inventory (escrow)",
    },
    remedy: {
      zh: "上架必须托管道具，否则同一件道具可以卖两次。",
      en: "A listing must take the item into escrow, or it could be sold twice.",
    },
    async run(session) {
      const { token } = session.take("player");
      const inventory = await readInventory(session, token);
      const mine = requireInventory(inventory.body).find(
        (item) => valueAt(item, "name") === "护甲",
      );
      const itemId = stringAt(mine, "id");
      expectThat(itemId !== undefined, "库存里没有「护甲」", "“护甲” is not in the inventory");
      const body = {
        itemId,
        name: "护甲",
        description: "集成测试",
        platform: "newday",
        itemType: "armor",
        price: { gameCoins: 40 },
        expiresAt: Date.now() + TEST_LISTING_MS,
      };
      const answer = await session.call("POST", PATHS.marketList, { token, body });
      expectStatus(answer, 200, 201);
      await requireAbsent(session, itemId);
      const listing = stringAt(answer.body, "item.id") ?? "";
      const own = { itemId: listing, currencyType: "gameCoins", quantity: 1 };
      const bought = await session.call("POST", PATHS.purchase, { token, body: own });
      expectStatus(bought, 403, 400);
      return proved("已托管；不能买自己的商品", "in escrow; one's own listing cannot be bought");
    },
  },
];

function requireMarket(body: unknown): readonly unknown[] {
  const items = listAt(body, "items");
  expectThat(items.length > 0, "市场列表为空", "the market list is empty");
  expectSame("data", valueAt(body, "data"), items);
  return items;
}

/** The player's coins on the partner surface and on the shared one. */
async function requireCoins(session: Session, coins: number): Promise<void> {
  const { userId, token } = session.take("player");
  const balance = await readBalance(session, token);
  expectStatus(balance, 200);
  expectValue(balance, "balance.newDayGameCoins", coins);
  const shared = await readSharedWallet(session, userId);
  expectStatus(shared, 200);
  expectValue(shared, "wallet.gameCoins", coins);
}
