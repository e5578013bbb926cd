/** `POST /api/v1/holds/{id}/void`: releases a hold's reserved amount. */
import { voidHold } from "../../../ledger/holds/hold-money.ts";
import { findConsentOfHold } from "../../../ledger/holds/hold-view-queries.ts";
import { NewDayError } from "../../../errors/errors.ts";
import { consentState } from "../../../policy/consents/charge-consent.ts";
import { consents } from "../../../policy/consents/consent-rows.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { requireHold, toHold } from "../replies/hold-reply.ts";
import { HoldSchema } from "../schemas/schemas-holds.ts";
import { Id, postingOptions, ref, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postHoldVoid",
  tags: ["Holds"],
  title: { en: "Let go of a hold", zh: "取消预留" },
  description:
    "By the platform that placed it and by the user's own platform at any time; by the user when the consent under " +
    "which another platform placed it was revoked or has expired.",
  params: strictObject({ id: ref(Id) }),
  body: strictObject(postingOptions),
  response: { 201: ref(HoldSchema) },
};

const config = { access: { scope: "holds:write", users: true }, writes: true } as const;

export function postHoldVoidRoute(v1: V1App, services: Services): void {
  v1.post("/holds/:id/void", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { id } = await requireHold(services, caller, request.params.id);
    if (caller.kind === "user") await requireWithoutConsent(services, id);
    const { outcome } = await voidHold(services, { holdId: id }, termsFor(request, request.body));
    answerPosted({ request, reply }, outcome);
    return toHold(services, await requireHold(services, caller, id));
  });
}

/** While its consent is open, a hold is a promise to the platform that placed it. Errors: `forbidden`. */
async function requireWithoutConsent({ db }: Services, id: string): Promise<void> {
  const key = await findConsentOfHold(db, id);
  const row = key === undefined ? undefined : (await consents.read(db, [key], false)).get(key);
  if (row && consentState(row, new Date()) !== "open") return;
  throw new NewDayError("forbidden", {
    field: "id",
    rule: row
      ? { en: "is a hold under an open consent", zh: "是有效授权下的预留" }
      : { en: "is a hold of the user's own platform", zh: "是用户所属平台的预留" },
    remedy: row
      ? {
          en: "Revoke the consent: POST /api/v1/wallets/{userId}/consents/revoke; that gives the amount back.",
          zh: "请撤销授权：POST /api/v1/wallets/{userId}/consents/revoke，金额随即退回",
        }
      : { en: "Ask that platform to void it.", zh: "请联系该平台取消" },
  });
}
