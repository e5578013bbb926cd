/** `POST /api/v1/holds/{id}/captures`: takes the reserved amount, wholly or in parts. */
import { captureHold } from "../../../ledger/holds/hold-money.ts";
import { answerTransfer, postingFor, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { parseAmount } from "../request/amount.ts";
import { requireHold } from "../replies/hold-reply.ts";
import { resolvePeer } from "../app/resolve.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import {
  Amount,
  dryRunQuery,
  Id,
  postingOptions,
  ref,
  strictObject,
  UserId,
} from "../schemas/schemas.ts";
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
    const { amount, to: payee, final = true, ...options } = request.body;
    const { directory } = services;
    const hold = await requireHold(services, caller, request.params.id);
    const currency = await directory.codeOf(hold.account);
    const taken = amount === undefined ? null : parseAmount(amount);
    const to =
      payee === undefined
        ? null
        : await resolvePeer(directory, caller, { userId: payee, currency });
    const capture = { holdId: hold.id, amount: taken, to, final };
    const terms = termsFor(request, options);
    const submitted = await captureHold(postingFor(services, request), capture, terms);
    return answerTransfer(services, { request, reply }, submitted);
  });
}
