/** `GET /api/v1/listings/{id}`: one listing, active or not. */
import { requireOffer } from "../../../market/offers.ts";
import { toListing } from "../../v1/listing-reply.ts";
import { ItemId, Listing } from "../../v1/schemas-items.ts";
import { ref, strictObject } from "../../v1/schemas.ts";
import type { V1App, V1Services } from "../../v1/v1-app.ts";

const schema = {
  operationId: "getListing",
  tags: ["Market"],
  summary: "Read a listing",
  params: strictObject({ id: ref(ItemId) }),
  response: { 200: ref(Listing) },
};

const config = { access: { scope: "market:read", users: true } } as const;

export function getListingRoute(v1: V1App, services: V1Services): void {
  v1.get("/listings/:id", { schema, config }, async (request) =>
    toListing(await requireOffer(services.economy, request.params.id)),
  );
}
