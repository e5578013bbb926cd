/** `POST /api/v1/holds`: reserves an amount until it is captured, voided or expires. */
import { holdOperation } from "../../../ledger/holds/hold-operation.ts";
import { submitOrRepeat } from "../../../ledger/transfers/submit-resolved.ts";
import { holdMoney } from "../../../ledger/holds/hold-money.ts";
import { answerPosted, termsFor } from "../request/post-operation.ts";
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { parseAmount } from "../request/amount.ts";
import { requireHold, toHold } from "../replies/hold-reply.ts";
import { resolvePayment } from "../app/resolve-payment.ts";
import { HoldSchema } from "../schemas/schemas-holds.ts";
import {
  Amount,
  CurrencyCodeSchema,
  postingOptions,
  ref,
  strictObject,
  Timestamp,
  UserId,
} from "../schemas/schemas.ts";
import { callerOf, parseTime, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "postHold",
  tags: ["Holds"],
  title: { en: "Reserve an amount", zh: "预留金额" },
  description:
    "Reserved money cannot be spent. Without `expiresAt` the hold stays until it is ended. A hold under a consent ends " +
    "after 7 days at most, and without `expiresAt` then.",
  body: strictObject({
    from: ref(UserId),
    to: Type.Optional(ref(UserId)),
    currency: ref(CurrencyCodeSchema),
    amount: ref(Amount),
    expiresAt: Type.Optional(ref(Timestamp)),
    ...postingOptions,
  }),
  response: { 201: ref(HoldSchema) },
};

const config = { access: { scope: "holds:write", users: false }, writes: true } as const;

export function postHoldRoute(v1: V1App, services: Services): void {
  v1.post("/holds", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const { from, to, currency, amount, expiresAt, ...options } = request.body;
    const named = { from, to, currency, verb: "hold" } as const;
    const terms = termsFor(request, options);
    const asked = { type: holdOperation, terms };
    const { outcome } = await submitOrRepeat(services.db, asked, async () => {
      const { consents, ...payment } = await resolvePayment(services, caller, named);
      const hold = {
        account: payment.from,
        amount: parseAmount(amount),
        to: payment.to ?? null,
        expiresAt: endOf(parseTime(expiresAt, "expiresAt"), consents !== undefined),
      };
      return holdMoney(services, hold, { ...terms, consents });
    });
    const { transferId } = answerPosted({ request, reply }, outcome);
    return toHold(services, await requireHold(services, caller, transferId));
  });
}

/** A user whose consent expired without a revocation gets the money back by then. */
const CONSENTED_HOLD_DAYS_MAX = 7;

const DAY_MS = 86_400_000;

/** When the hold ends; null: never. Errors: `invalid_field` for a later end than a consent bears. */
function endOf(wanted: Date | undefined, isConsented: boolean): Date | null {
  if (!isConsented) return wanted ?? null;
  const latest = new Date(Date.now() + CONSENTED_HOLD_DAYS_MAX * DAY_MS);
  if (wanted === undefined || wanted.getTime() <= latest.getTime()) return wanted ?? latest;
  throw new NewDayError("invalid_field", {
    field: "expiresAt",
    rule: {
      en: `lies at most ${CONSENTED_HOLD_DAYS_MAX} days ahead for a hold under a consent`,
      zh: `按授权预留时，最晚为 ${CONSENTED_HOLD_DAYS_MAX} 天后`,
    },
    remedy: { en: "Send an earlier time, or none.", zh: "请发送更早的时间，或不发送" },
  });
}
