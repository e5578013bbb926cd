/** `POST market/transfer`: gift, export and return under one path (docs/contract.md 4.3). */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import { resolveUserIdSaidBy } from "../../../identity/platforms/user-naming.ts";
import type { Session } from "../../../identity/sessions.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import { readQuantity, requireItemId } from "../../../items/items/item-fields.ts";
import type { Outcome } from "../../../engine/operation.ts";
import { detailText, requirePosted } from "../../../engine/outcome.ts";
import { findItemToMove, findItemToReturn } from "../../../items/gifts/find-item-to-move.ts";
import { exportItem, giveItem, returnItem } from "../../../items/gifts/move-item.ts";
import { returnItemOperation } from "../../../items/gifts/return-item-operation.ts";
import {
  transferItemOperation,
  type ItemMoveResult,
} from "../../../items/gifts/transfer-item-operation.ts";
import type { Item } from "../../../items/items/item-queries.ts";
import { requireItemOf } from "../../../items/items/item-snapshot.ts";
import { contractTerms } from "../request/contract-terms.ts";
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
    const session = await authenticateActor(services, request);
    const { userId } = session;
    const body = bodyOf(request);
    const sent = firstOf(body, ["itemId", "id"]);
    if (sent === undefined) throw missingFields(["itemId"]);
    const to = await destinationOf(services, session, body);
    const asked = {
      userId,
      itemId: requireItemId(sent),
      quantity: readQuantity(firstOf(body, ["quantity", "count"]), 1),
    };
    const key = readIdempotencyKey(request);
    if ("platform" in to && to.platform === "newday")
      return toReply("return", await bringBack(services, session, { asked, key }));
    return toReply(
      "user" in to ? "gift" : "export",
      await sendAway(services, session, { asked: { ...asked, to }, key }),
    );
  });
}

interface Asked {
  readonly userId: string;
  readonly itemId: string;
  readonly quantity: number;
}

interface Keyed<Wanted> {
  readonly asked: Wanted;
  readonly key: string | undefined;
}

async function sendAway(
  services: Services,
  session: Session,
  { asked, key }: Keyed<Asked & { readonly to: Destination }>,
): Promise<ItemTransfer> {
  const { userId, to } = asked;
  const terms = contractTerms(session, key, { kind: transferItemOperation.name, ...asked });
  const leaving = async () => ({
    itemId: await findItemToMove(services, asked),
    userId,
    quantity: BigInt(asked.quantity),
  });
  const outcome = await ("user" in to
    ? giveItem(
        services,
        async () => ({ ...(await leaving()), recipientId: to.user, unsolicited: true }),
        terms,
      )
    : exportItem(services, async () => ({ ...(await leaving()), ...to }), terms));
  return toItemTransfer(services, outcome);
}

async function bringBack(
  services: Services,
  session: Session,
  { asked, key }: Keyed<Asked>,
): Promise<ItemTransfer> {
  const { userId } = asked;
  const terms = contractTerms(session, key, { kind: returnItemOperation.name, ...asked });
  const find = async () => ({ userId, itemId: await findItemToReturn(services.db, asked) });
  return toItemTransfer(services, await returnItem(services, find, terms));
}

interface ItemTransfer {
  readonly transferId: string;
  readonly item: Item;
  readonly remaining: bigint;
  readonly alreadyTransferred: boolean;
}

/** The real export button sends every export twice: a repetition is answered as a success. */
async function toItemTransfer(
  services: Services,
  outcome: Outcome<ItemMoveResult>,
): Promise<ItemTransfer> {
  if (outcome.status === "refused" && outcome.code === "already_transferred") {
    const { details } = outcome;
    return {
      transferId: detailText(details, "transferId"),
      item: await requireItemOf(services, { itemId: detailText(details, "itemId") }),
      remaining: BigInt(detailText(details, "remaining")),
      alreadyTransferred: true,
    };
  }
  const { transferId, result, replayed } = requirePosted(outcome);
  return {
    transferId,
    item: await requireItemOf(services, result),
    remaining: BigInt(result.remaining),
    alreadyTransferred: replayed,
  };
}

async function destinationOf(
  { platforms }: Services,
  session: Session,
  body: Body,
): Promise<Destination> {
  const user = firstOf(body, ["targetUserId"]);
  const platform = firstOf(body, ["targetPlatform"]);
  if (user === undefined && platform === undefined)
    throw missingFields(["targetUserId/targetPlatform"]);
  if (user !== undefined && platform !== undefined)
    throw new NewDayError("invalid_field", {
      field: "targetUserId/targetPlatform",
      rule: { en: "exactly one of the two says whereto", zh: "只能填写其中一个" },
    });
  if (user !== undefined) {
    const said = requireUserId(user, "targetUserId");
    return { user: await resolveUserIdSaidBy(platforms, session.platform, said, "targetUserId") };
  }
  const word = typeof platform === "string" ? platform.toLowerCase() : "";
  if (word === "allinone" || word === "newday") return { platform: word };
  throw new NewDayError("invalid_field", {
    field: "targetPlatform",
    rule: { en: "must be allinone or newday", zh: "必须是 allinone 或 newday" },
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
