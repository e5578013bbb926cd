/** Items change hands once, however often a client repeats the call: export, gift and return. */
import { PATHS, proved, readInventory, type Check } from "./check.ts";
import { expectRefusal, expectSame, expectStatus, expectThat, expectValue } from "./expect.ts";
import { requireAbsent, requireInventory, stringsOf } from "./inventory-checks.ts";
import { stringAt, valueAt } from "./json.ts";
import type { Session } from "./session.ts";

export const transferChecks: readonly Check[] = [
  {
    id: "export-twice",
    group: "transfer",
    source: "T8 8 · APP · E1",
    title: {
      zh: "导出两次（真实按钮就是这样）：同一个 transferId",
      en: "Export twice, as the real button does: the same transferId",
    },
    remedy: {
      zh: "第二次导出必须 200 并返回同一个 transferId 与 alreadyTransferred:true，绝不能 404。",
      en: "The second export must be 200 with the same transferId and alreadyTransferred:true, never 404.",
    },
    async run(session) {
      const { token } = session.take("player");
      const { itemId } = session.take("purchase");
      const body = { itemId, targetPlatform: "allinone", quantity: 1 };
      const first = await session.call("POST", PATHS.transfer, { token, body });
      expectStatus(first, 200);
      const transferId = stringAt(first.body, "transferId") ?? "(a string)";
      const second = await session.call("POST", PATHS.transfer, { token, body });
      expectStatus(second, 200);
      expectValue(second, "transferId", transferId);
      expectValue(second, "alreadyTransferred", true);
      await requireAbsent(session, itemId);
      session.leave("exported", { itemId, transferId });
      return proved(
        "第二次是同一张回执，道具已离开库存",
        "the second is the same receipt; the item has left",
      );
    },
  },
  {
    id: "stranger-refused",
    group: "transfer",
    source: "G8 G26",
    title: { zh: "别人的 token 动不了我的道具", en: "Another user's token cannot move my items" },
    remedy: {
      zh: "操作者只能由 token 决定；不属于自己的道具应返回 404。",
      en: "The actor is the token; an item of another user reads as 404.",
    },
    async run(session) {
      const { token } = session.take("player");
      const stranger = session.take("stranger").token;
      const before = await readInventory(session, token);
      const mine = stringAt(requireInventory(before.body)[0], "id");
      expectThat(mine !== undefined, "库存为空", "the inventory is empty");
      const body = { itemId: mine, targetPlatform: "allinone", quantity: 1 };
      const answer = await session.call("POST", PATHS.transfer, { token: stranger, body });
      expectRefusal(answer, 404, "ITEM_NOT_FOUND");
      expectSame("inventory", stringsOf(await readInventory(session, token)), stringsOf(before));
      return proved("404，道具仍在", "404, and the item is still there");
    },
  },
  {
    id: "gift",
    group: "transfer",
    source: "4.3 · G17",
    title: {
      zh: "赠送：道具易主一次，重试仍是同一张回执",
      en: "A gift changes hands once; a retry is the same receipt",
    },
    remedy: {
      zh: "赠送与重放必须返回同一个 transferId；收件人不存在时应返回 404 PLAYER_NOT_FOUND，道具不动。",
      en: "A gift and its replay share one transferId; an unknown receiver is 404 PLAYER_NOT_FOUND and moves nothing.",
    },
    async run(session) {
      const { token } = session.take("player");
      const { userId: friend, token: friendToken } = session.take("stranger");
      const itemId = await idOf(session, "最小数据");
      const give = (targetUserId: string) =>
        session.call("POST", PATHS.transfer, {
          token,
          body: { itemId, targetUserId, quantity: 1 },
          headers: { "idempotency-key": session.id(`gift-${targetUserId}`) },
        });
      expectRefusal(await give(session.id("nobody")), 404, "PLAYER_NOT_FOUND");
      const first = await give(friend);
      expectStatus(first, 200);
      const second = await give(friend);
      expectStatus(second, 200);
      expectValue(second, "transferId", stringAt(first.body, "transferId") ?? "(a string)");
      await requireAbsent(session, itemId);
      const theirs = requireInventory((await readInventory(session, friendToken)).body);
      const received = theirs.filter((item) => valueAt(item, "name") === "最小数据").length;
      expectSame("收到的件数 / items received", received, 1);
      return proved("对方收到一件，我方少一件", "the friend has one more, the player one less");
    },
  },
  {
    id: "return",
    group: "transfer",
    source: "4.3 · APP",
    title: {
      zh: "导出的道具可以退回，而且只回来一次",
      en: "An exported item can come back, and comes back once",
    },
    remedy: {
      zh: "targetPlatform:newday 必须让道具回到库存；重复退回不得产生第二件。",
      en: "targetPlatform:newday must bring the item back; a repeated return must not make a second one.",
    },
    async run(session) {
      const { token } = session.take("player");
      const itemId = await idOf(session, "生命药水");
      const before = stringsOf(await readInventory(session, token));
      const move = (targetPlatform: string) =>
        session.call("POST", PATHS.transfer, {
          token,
          body: { itemId, targetPlatform, quantity: 1 },
        });
      expectStatus(await move("allinone"), 200);
      await requireAbsent(session, itemId);
      for (const back of [await move("newday"), await move("newday")]) expectStatus(back, 200);
      expectSame("inventory", stringsOf(await readInventory(session, token)), before);
      return proved("离开又回来，库存与之前相同", "gone and back, the inventory as before");
    },
  },
];

/** The player's item of this name; a missing one makes the check red. */
async function idOf(session: Session, name: string): Promise<string> {
  const inventory = await readInventory(session, session.take("player").token);
  const mine = requireInventory(inventory.body).find((item) => valueAt(item, "name") === name);
  const itemId = stringAt(mine, "id");
  expectThat(itemId !== undefined, `库存里没有「${name}」`, `“${name}” is not in the inventory`);
  return itemId;
}
