/** `POST /api/v1/holds/{id}/captures`: takes the reserved amount, wholly or in parts. */
import { walletOf } from "../../../ledger/accounts/accounts.ts";
import { captureOperation } from "../../../ledger/holds/hold-operation.ts";
import type { HoldView } from "../../../ledger/holds/hold-view-queries.ts";
import { submitOrRepeat } from "../../../ledger/transfers/submit-resolved.ts";
import { refuseSuspended } from "../../../identity/platforms/platform-directory.ts";
import { isWithinReach } from "../app/authorization-scope.ts";
import type { Caller } from "../app/caller.ts";
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
  title: { en: "Take what a hold reserves", zh: "扣除预留金额" },
  description:
    "Without an amount: everything that is left. With `final: false` the rest stays reserved for " +
    "further captures; otherwise it is let go. A hold under a consent is captured while the consent is open, and not " +
    "from users of a suspended platform.",
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
    const terms = termsFor(request, options);
    const asked = { type: captureOperation, terms };
    const submitted = await submitOrRepeat(services.db, asked, async () => {
      const hold = await requireHold(services, caller, request.params.id);
      await refuseOfSuspended(services, caller, hold);
      const currency = await directory.codeOf(hold.account);
      const taken = amount === undefined ? null : parseAmount(amount);
      const to =
        payee === undefined
          ? null
          : await resolvePeer(directory, caller, { userId: payee, currency });
      const capture = { holdId: hold.id, amount: taken, to, final };
      return captureHold(postingFor(services, request), capture, terms);
    });
    return answerTransfer(services, { request, reply }, submitted);
  });
}

/** The users of a suspended platform cannot object, so that others take nothing of them. */
async function refuseOfSuspended(
  { directory, platforms }: Services,
  caller: Caller,
  { account }: HoldView,
): Promise<void> {
  const payer = (await directory.walletsOf([account])).get(walletOf(account));
  if (!payer || isWithinReach(caller, payer)) return;
  refuseSuspended(await platforms.requirePlatform(payer.platform, "id"));
}
