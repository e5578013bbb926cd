/**
 * `inventory/sync-status` and `inventory/sync`: the state of an import, and an acknowledgement
 * (docs/contract.md 4.4, 4.5).
 */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import { requireItemId } from "../../../items/items/item-fields.ts";
import { findImport } from "../../../items/items/item-queries.ts";
import { fingerprintOf } from "../../../engine/identifiers.ts";
import { authenticateActor } from "../../auth/actor.ts";
import { bodyOf, firstOf, missingFields, type Body } from "../request/contract-body.ts";
import type { Services } from "../../context/services.ts";

export function inventorySyncRoutes(app: FastifyInstance, services: Services): void {
  app.get("/api/allinone/inventory/sync-status", async (request) => {
    const { userId } = await authenticateActor(services, request);
    const sent = firstOf(request.query as Body, ["itemId", "allinoneItemId"]);
    if (sent === undefined) throw missingFields(["itemId"]);
    const found = await findImport(services.db, userId, requireItemId(sent));
    const status = {
      synced: found !== undefined,
      syncedAt: found?.importedAt.toISOString() ?? null,
      itemId: sent,
      newDayItemId: found?.itemId ?? null,
    };
    return { success: true, ...status, data: status };
  });

  // Creates nothing: a reported item exists in New Day already, or belongs elsewhere.
  app.post("/api/allinone/inventory/sync", async (request) => {
    const { userId } = await authenticateActor(services, request);
    const body = bodyOf(request);
    const named = firstOf(body, ["userId"]);
    if (named !== undefined && named !== userId)
      throw new NewDayError("invalid_token", {
        field: "userId",
        rule: { en: "is not the token's user", zh: "与令牌的用户不一致" },
      });
    const itemId = requireItemId(itemIdOf(body));
    const syncId = `sync_${fingerprintOf({ userId, itemId })}`;
    return { success: true, syncId, data: { syncId, itemId } };
  });
}

function itemIdOf(body: Body): unknown {
  const item = body["item"];
  const nested =
    typeof item === "object" && item !== null ? firstOf(item as Body, ["id"]) : undefined;
  const itemId = nested ?? firstOf(body, ["itemId"]);
  if (itemId === undefined) throw missingFields(["item.id"]);
  return itemId;
}
