/** `GET /api/v1/listings/{id}`: one listing, active or ended. */
import { NewDayError } from "../../../errors/errors.ts";
import { requireOffer } from "../../../market/listings/offers.ts";
import { isFrozen, isUpcoming, toListing } from "../replies/listing-reply.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import { ItemId, Listing } from "../schemas/schemas-items.ts";
import { ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "getListing",
  tags: ["Market"],
  title: { en: "Read a listing", zh: "查询商品" },
  description:
    "One that is not on sale yet, and one of a frozen seller or a suspended platform (`frozen`), exists for its seller only.",
  params: strictObject({ id: ref(ItemId) }),
  response: { 200: ref(Listing) },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function getListingRoute(v1: V1App, services: Services): void {
  v1.get("/listings/:id", { schema, config }, async (request) => {
    const offer = await requireOffer(services, request.params.id, "id");
    if ((isUpcoming(offer) || isFrozen(offer)) && offer.sellerId !== null) {
      const seller = await services.directory.findWallet(offer.sellerId);
      if (!seller || !isWithinReach(callerOf(request), seller))
        throw new NewDayError("item_not_found", { field: "id" });
    }
    return toListing(offer);
  });
}
