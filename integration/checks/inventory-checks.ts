/** One balance under every name, and imports that arrive exactly as sent. */
import {
  PATHS,
  proved,
  readBalance,
  readInventory,
  readSharedWallet,
  type Check,
} from "./check.ts";
import { expectRefusal, expectSame, expectStatus, expectThat, expectValue } from "./expect.ts";
import { listAt, numberAt, stringAt, valueAt } from "./json.ts";
import { STARTER } from "./shared-checks.ts";
import type { Session } from "./session.ts";

const COIN_PATHS = ["gameCoins", "newDayGameCoins", "balance.gameCoins", "balance.newDayGameCoins"];

export const inventoryChecks: readonly Check[] = [
  {
    id: "balance",
    group: "inventory",
    source: "APP · T8 4 · C1",
    title: {
      zh: "余额：三种读法、所有别名、两个接口一致",
      en: "Balance: three places, every alias, both surfaces agree",
    },
    remedy: {
      zh: "balance、data 与顶层必须是同一份余额，并与 /api/shared/wallet 相同；不得是常量。",
      en: "balance, data and the top level must be one balance, equal to /api/shared/wallet; never constants.",
    },
    async run(session) {
      const { userId, token } = session.take("player");
      const answer = await readBalance(session, token);
      expectStatus(answer, 200);
      for (const path of [...COIN_PATHS, "balance.newDayCoins", "data.gameCoins"])
        expectValue(answer, path, STARTER.gameCoins);
      for (const path of ["cash", "balance.cash", "balance.cashBalance", "computingPower"])
        expectValue(answer, path, 0);
      expectValue(answer, "userId", userId);
      const shared = await readSharedWallet(session, userId);
      expectValue(shared, "gameCoins", STARTER.gameCoins);
      session.leave("coins", STARTER.gameCoins);
      return proved(
        `${STARTER.gameCoins} 金币，所有写法一致`,
        `${STARTER.gameCoins} coins under every name`,
      );
    },
  },
  {
    id: "inventory",
    group: "inventory",
    source: "APP · T8 5",
    title: {
      zh: "库存：完整列表，items 与 data 相同",
      en: "Inventory: complete, items and data the same",
    },
    remedy: {
      zh: "items 与 data 必须是同一个数组，total 等于其长度。",
      en: "items and data must be the same array, and total its length.",
    },
    async run(session) {
      const answer = await readInventory(session, session.take("player").token);
      expectStatus(answer, 200);
      const items = requireInventory(answer.body);
      return proved(`${items.length} 件道具`, `${items.length} items`);
    },
  },
  {
    id: "import",
    group: "inventory",
    source: "TADD · APP",
    title: {
      zh: "导入：四个预设与一个 45 字符 ID、带表情的道具",
      en: "Import: the four presets, and an item with a long id and an emoji",
    },
    remedy: {
      zh: "看响应的 errorCode 与 errorDetail：它指出哪个字段不符合规则。",
      en: "Read errorCode and errorDetail of the answer: they name the field and the rule.",
    },
    async run(session) {
      const { token } = session.take("player");
      const bodies = importBodies(session);
      for (const body of bodies) {
        const answer = await session.call("POST", PATHS.inventoryAdd, { token, body });
        expectStatus(answer, 200);
        expectValue(answer, "success", true);
        expectValue(answer, "item.name", body["name"]);
      }
      session.leave("imports", bodies);
      return proved(`${bodies.length} 次导入成功`, `${bodies.length} imports succeeded`);
    },
  },
  {
    id: "import-again",
    group: "inventory",
    source: "TADD · D8",
    title: {
      zh: "重复导入返回 409 并指出已有道具",
      en: "Importing again is a 409 that names the existing item",
    },
    remedy: {
      zh: "重复导入必须是 409 ITEM_ALREADY_EXISTS 加 existingItem，不得是 500 或 200。",
      en: "A repetition must be 409 ITEM_ALREADY_EXISTS with existingItem, neither 500 nor 200.",
    },
    async run(session) {
      const { token } = session.take("player");
      const bodies = session.take("imports");
      for (const body of bodies) {
        const answer = await session.call("POST", PATHS.inventoryAdd, { token, body });
        expectRefusal(answer, 409, "ITEM_ALREADY_EXISTS");
        expectValue(answer, "existingItem.name", body["name"]);
      }
      return proved(`409 × ${bodies.length}`, `409 × ${bodies.length}`);
    },
  },
  {
    id: "import-arrives",
    group: "inventory",
    source: "D2 D5 D6",
    title: {
      zh: "导入的道具立即出现，类型、稀有度、属性原样保留",
      en: "Imported items appear at once with type, rarity and stats unchanged",
    },
    remedy: {
      zh: "库存必须返回存入的内容；旧服务器曾把所有道具变成普通消耗品。",
      en: "The inventory must return what was stored; the old server made everything a common consumable.",
    },
    async run(session) {
      const answer = await readInventory(session, session.take("player").token);
      expectStatus(answer, 200);
      const items = requireInventory(answer.body);
      for (const body of session.take("imports")) requireArrived(items, body);
      expectThat(
        listAt(answer.body, "items").length === numberAt(answer.body, "total"),
        "total 应等于道具数量",
        "total should be the number of items",
      );
      return proved("全部出现，ID 不重复", "all present, no id twice");
    },
  },
  {
    id: "import-refused",
    group: "inventory",
    source: "APP · G15 G20",
    title: {
      zh: "错误的导入被逐一拒绝，库存不变",
      en: "Wrong imports are refused one by one and change nothing",
    },
    remedy: {
      zh: "每种错误都应是 400 和对应的 errorCode。",
      en: "Each fault should be a 400 with its own errorCode.",
    },
    async run(session) {
      const { token } = session.take("player");
      const [good] = importBodies(session);
      const cases: readonly (readonly [Record<string, unknown>, string])[] = [
        [{ name: undefined }, "MISSING_FIELDS"],
        [{ type: "spaceship" }, "INVALID_ITEM_TYPE"],
        [{ rarity: "shiny" }, "INVALID_RARITY"],
        [{ quantity: 0 }, "INVALID_QUANTITY"],
        [{ quantity: 1.5 }, "INVALID_QUANTITY"],
      ];
      const before = stringsOf(await readInventory(session, token));
      for (const [change, code] of cases) {
        const body = { ...good, itemId: session.id(`bad-${code}`), ...change };
        const answer = await session.call("POST", PATHS.inventoryAdd, { token, body });
        expectRefusal(answer, 400, code);
      }
      expectSame("inventory", stringsOf(await readInventory(session, token)), before);
      return proved(`${cases.length} 种错误各有代码`, `${cases.length} faults, each with its code`);
    },
  },
  {
    id: "sync",
    group: "inventory",
    source: "SYNC · D11",
    title: {
      zh: "同步状态与同步确认：不凭空产生道具",
      en: "Sync status and acknowledgement create nothing",
    },
    remedy: {
      zh: "inventory/sync 只确认并返回稳定的 syncId；AllinONE 的 token 必须得到 401。",
      en: "inventory/sync only acknowledges, with a stable syncId; an AllinONE token must get 401.",
    },
    async run(session) {
      const { userId, token } = session.take("player");
      const [first] = session.take("imports");
      const known = encodeURIComponent(String(first?.["itemId"]));
      const status = (id: string) =>
        session.call("GET", `${PATHS.inventory}/sync-status?itemId=${id}`, { token });
      expectValue(await status(known), "synced", true);
      expectValue(await status("never-imported"), "synced", false);
      const before = stringsOf(await readInventory(session, token));
      const item = { id: session.id("sync"), name: "同步", type: "material", rarity: "common" };
      const body = { userId, item: { ...item, quantity: 1, source: "newday" } };
      const one = await session.call("POST", PATHS.inventorySync, { token, body });
      const two = await session.call("POST", PATHS.inventorySync, { token, body });
      expectStatus(one, 200);
      expectValue(two, "syncId", stringAt(one.body, "syncId") ?? "(a string)");
      const foreign = `allinone_token_${userId}`;
      const refused = await session.call("POST", PATHS.inventorySync, { token: foreign, body });
      expectRefusal(refused, 401, "INVALID_TOKEN");
      expectSame("inventory", stringsOf(await readInventory(session, token)), before);
      return proved("syncId 稳定，库存不变", "the syncId is stable, the inventory unchanged");
    },
  },
];

/** Returns the items of an inventory answer; a wrong shape makes the check red. */
export function requireInventory(body: unknown): readonly unknown[] {
  const items = valueAt(body, "items");
  expectThat(Array.isArray(items), "items 应为数组", "items should be an array");
  expectSame("data", valueAt(body, "data"), items);
  const ids = items.map((item) => valueAt(item, "id"));
  expectSame("不同的 id 数 / distinct ids", new Set(ids).size, ids.length);
  return items;
}

/** Requires that the item is absent from the player's inventory. */
export async function requireAbsent(session: Session, itemId: string): Promise<void> {
  const answer = await readInventory(session, session.take("player").token);
  expectStatus(answer, 200);
  const found = requireInventory(answer.body).some((item) => valueAt(item, "id") === itemId);
  expectThat(!found, `${itemId} 仍在库存里`, `${itemId} is still in the inventory`);
}

/** The inventory's content, in a comparable form. */
export function stringsOf({ body }: { body: unknown }): readonly string[] {
  return requireInventory(body)
    .map((item) => `${String(valueAt(item, "id"))} × ${String(valueAt(item, "quantity"))}`)
    .toSorted();
}

function requireArrived(items: readonly unknown[], body: Readonly<Record<string, unknown>>): void {
  const name = String(body["name"]);
  const item =
    items.find((candidate) => valueAt(candidate, "externalId") === body["itemId"]) ??
    items.find((candidate) => valueAt(candidate, "name") === name);
  expectThat(item !== undefined, `库存里没有「${name}」`, `“${name}” is not in the inventory`);
  expectSame(`${name}.type`, valueAt(item, "type"), body["type"] ?? body["itemType"]);
  expectSame(`${name}.rarity`, valueAt(item, "rarity"), body["rarity"]);
  expectSame(`${name}.quantity`, valueAt(item, "quantity"), body["quantity"]);
  expectSame(`${name}.description`, valueAt(item, "description"), body["description"] ?? "");
  if (body["stats"] !== undefined)
    expectSame(`${name}.stats`, valueAt(item, "stats"), body["stats"]);
  expectSame(`typeof ${name}.obtainedAt`, typeof valueAt(item, "obtainedAt"), "number");
}

function importBodies(session: Session): Readonly<Record<string, unknown>>[] {
  const preset = (label: string, rest: Record<string, unknown>) => ({
    itemId: session.id(label),
    quantity: 1,
    ...rest,
  });
  return [
    preset("potion", {
      name: "生命药水",
      description: "恢复生命值",
      type: "consumable",
      rarity: "common",
      stats: { healAmount: 50 },
    }),
    preset("weapon", {
      name: "武器",
      description: "锋利",
      type: "weapon",
      rarity: "legendary",
      stats: { attack: 150, speed: 10 },
    }),
    preset("armor", {
      name: "护甲",
      description: "坚固",
      type: "armor",
      rarity: "epic",
      stats: { defense: 120 },
    }),
    preset("least", { name: "最小数据", type: "material", rarity: "common" }),
    {
      itemId: `nd_nd_store_material_001_${session.runId}`,
      name: "[New Day] 龙晶石 💎",
      description: "来自 AllinONE 官方商城",
      itemType: "material",
      rarity: "rare",
      quantity: 1,
      icon: "gem",
      originalSource: "allinone_official_store",
    },
  ];
}
