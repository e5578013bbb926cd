/** `POST /api/allinone/inventory/add`: imports one item, once (docs/contract.md 4.2). */
import type { FastifyInstance } from "fastify";
import { importItem, type ImportRequest } from "../../../items/imports/import-item.ts";
import {
  optionalItemText,
  readDescription,
  readIcon,
  readImageUrl,
  readOrigin,
  readQuantity,
  readStats,
  requireItemId,
  requireName,
} from "../../../items/items/item-fields.ts";
import { readImportedFacts } from "../../../items/imports/imported-facts.ts";
import { authenticateActor } from "../../auth/actor.ts";
import { bodyOf, firstOf, requireFields, type Body } from "../request/contract-body.ts";
import type { Services } from "../../context/services.ts";
import { itemReply } from "./inventory-reply.ts";

const DEFAULT_SOURCE = "allinone_official_store";
const REQUIRED = {
  itemId: ["itemId"],
  name: ["name", "itemName"],
  itemType: ["itemType", "type", "category"],
  rarity: ["rarity"],
};

export function postInventoryAddRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/inventory/add", async (request) => {
    const { userId, platform } = await authenticateActor(services, request);
    const wanted = await readImport(services, platform, bodyOf(request));
    const owner = { ownerId: userId, address: services.readAddress(request.raw) };
    const item = await importItem(services, { ...wanted, ...owner });
    const shown = { ...itemReply(item), addedAt: item.obtainedAt.toISOString() };
    return { success: true, message: "道具添加成功", item: shown, data: shown };
  });
}

async function readImport(
  { db }: Services,
  platform: string,
  body: Body,
): Promise<Omit<ImportRequest, "ownerId" | "address">> {
  const { itemId, name, itemType, rarity } = requireFields(body, REQUIRED);
  return {
    externalId: requireItemId(itemId),
    source: readOrigin(firstOf(body, ["originalSource", "source"]), "source") ?? DEFAULT_SOURCE,
    allinoneItemId: optionalItemText(
      firstOf(body, ["allinoneItemId", "externalId"]),
      "allinoneItemId",
    ),
    quantity: readQuantity(firstOf(body, ["quantity", "count"]), 1),
    facts: {
      name: requireName(name),
      description: readDescription(firstOf(body, ["description", "itemDescription"])),
      ...(await readImportedFacts(db, {
        platform,
        itemType,
        rarity,
        stats: readStats(firstOf(body, ["stats", "attributes"])),
      })),
      icon: readIcon(firstOf(body, ["icon", "itemIcon"])),
      imageUrl: readImageUrl(firstOf(body, ["imageUrl"])),
    },
  };
}
