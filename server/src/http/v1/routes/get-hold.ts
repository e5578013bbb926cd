/** `GET /api/v1/holds/{id}`: a hold, exact at the time of the answer. */
import { requireHold, toHold } from "../replies/hold-reply.ts";
import { HoldSchema } from "../schemas/schemas-holds.ts";
import { Id, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "getHold",
  tags: ["Holds"],
  title: { en: "Read a hold", zh: "查询预留" },
  params: strictObject({ id: ref(Id) }),
  response: { 200: ref(HoldSchema) },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function getHoldRoute(v1: V1App, services: Services): void {
  v1.get("/holds/:id", { schema, config }, async (request) =>
    toHold(services, await requireHold(services, callerOf(request), request.params.id)),
  );
}
