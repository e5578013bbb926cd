/** `POST /api/v1/holds/{id}/void`: releases a hold's reserved amount. */
import { voidHold } from "../../../ledger/holds/hold-money.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { requireHold, toHold } from "../replies/hold-reply.ts";
import { HoldSchema } from "../schemas/schemas-holds.ts";
import { Id, postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postHoldVoid",
  tags: ["Holds"],
  summary: "Let go of a hold",
  params: strictObject({ id: ref(Id) }),
  body: strictObject(postingOptions),
  response: { 201: ref(HoldSchema) },
};

const config = { access: { scope: "holds:write", users: false }, writes: true } as const;

export function postHoldVoidRoute(v1: V1App, services: Services): void {
  v1.post("/holds/:id/void", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { id } = await requireHold(services, caller, request.params.id);
    const { outcome } = await voidHold(services, { holdId: id }, termsFor(request, request.body));
    answerPosted({ request, reply }, outcome);
    return toHold(services, await requireHold(services, caller, id));
  });
}
