/** `POST /api/v1/holds/{id}/captures`: takes the reserved amount, wholly or in parts. */
import { Type } from "typebox";
import { parseAmount } from "../request/amount.ts";
import { requireHold } from "../replies/hold-reply.ts";
import { captureOperation } from "../../../ledger/holds/hold-operation.ts";
import { operationFor, postOperation } from "../request/post-operation.ts";
import { resolvePeer } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount, dryRunQuery, Id, postingOptions, ref, strictObject, UserId,
} from "../schemas/schemas.ts"; // prettier-ignore
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postHoldCapture",
  tags: ["Holds"],
  summary: "Take what a hold reserves",
  description:
    "Without an amount: everything that is left. With `final: false` the rest stays reserved for " +
    "further captures; otherwise it is let go.",
  params: strictObject({ id: ref(Id) }),
  querystring: dryRunQuery,
  body: strictObject({
    amount: Type.Optional(ref(Amount)),
    to: Type.Optional(ref(UserId)),
    final: Type.Optional(Type.Boolean({ description: "true or false; true unless given" })),
    ...postingOptions,
  }),
  response: { 200: ref(Transfer), 201: ref(Transfer) },
};

const config = {
  access: { scope: "holds:write", users: false },
  writes: true,
  dryRun: true,
} as const;

export function postHoldCaptureRoute(v1: V1App, services: Services): void {
  v1.post("/holds/:id/captures", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { amount, to, final = true, ...options } = request.body;
    const hold = await requireHold(services, caller, request.params.id);
    const currency = await services.directory.codeOf(hold.account);
    const payload = {
      holdId: hold.id,
      amount: amount === undefined ? null : parseAmount(amount),
      to:
        to === undefined
          ? null
          : await resolvePeer(services.directory, caller, { userId: to, currency }),
      final,
    };
    const operation = operationFor(request, captureOperation, payload, options);
    return postOperation(services, { request, reply }, operation);
  });
}
