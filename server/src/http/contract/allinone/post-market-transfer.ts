/** `POST market/transfer`: gift, export and return under one path (docs/contract.md 4.3). */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import { requireUserId } from "../../../identity/user-id.ts";
import { readQuantity, requireItemId } from "../../../items/items/item-fields.ts";
import { returnItem, transferItem, type ItemTransfer } from "../../../items/gifts/transfer-item.ts";
import { authenticateActor } from "../../auth/actor.ts";
import { bodyOf, firstOf, missingFields, type Body } from "../request/contract-body.ts";
import { readIdempotencyKey } from "../../context/idempotency-key.ts";
import type { Services } from "../../context/services.ts";
import { itemReply } from "./inventory-reply.ts";

const MESSAGES = {
  gift: "赠送成功",
  export: "道具已转移",
  return: "道具已退回 New Day",
} as const;

type Destination = { readonly user: string } | { readonly platform: string };

export function postMarketTransferRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/market/transfer", async (request) => {
    const { userId } = await authenticateActor(services, request);
    const body = bodyOf(request);
    const sent = firstOf(body, ["itemId", "id"]);
    if (sent === undefined) throw missingFields(["itemId"]);
    const to = destinationOf(body);
    const asked = {
      userId,
      itemId: requireItemId(sent),
      quantity: readQuantity(firstOf(body, ["quantity", "count"]), 1),
      idempotencyKey: readIdempotencyKey(request),
    };
    if ("platform" in to && to.platform === "newday")
      return toReply("return", await returnItem(services, asked));
    const moved = await transferItem(services, { ...asked, to });
    return toReply("user" in to ? "gift" : "export", moved);
  });
}

function destinationOf(body: Body): Destination {
  const user = firstOf(body, ["targetUserId"]);
  const platform = firstOf(body, ["targetPlatform"]);
  if (user === undefined && platform === undefined)
    throw missingFields(["targetUserId/targetPlatform"]);
  if (user !== undefined && platform !== undefined)
    throw new NewDayError("invalid_field", {
      field: "targetUserId/targetPlatform",
      rule: "exactly one of the two says whereto",
      ruleZh: "只能填写其中一个",
    });
  if (user !== undefined) return { user: requireUserId(user, "targetUserId") };
  const word = typeof platform === "string" ? platform.toLowerCase() : "";
  if (word === "allinone" || word === "newday") return { platform: word };
  throw new NewDayError("invalid_field", {
    field: "targetPlatform",
    rule: "must be allinone or newday",
    ruleZh: "必须是 allinone 或 newday",
  });
}

function toReply(what: keyof typeof MESSAGES, moved: ItemTransfer): Record<string, unknown> {
  const result = {
    transferId: moved.transferId,
    item: itemReply(moved.item),
    remaining: Number(moved.remaining),
    alreadyTransferred: moved.alreadyTransferred,
  };
  return { success: true, message: MESSAGES[what], ...result, data: result };
}
