/** `GET /api/v1/issuance`: what was issued of each currency, where it is, and each platform's budget. */
import { Type } from "typebox";
import type {
  CurrencyIssuance,
  PlatformIssuance,
} from "../../../ledger/policies/prove-issuance.ts";
import { issuedToday, nextDay } from "../../../policy/issuance/charge-budget.ts";
import { CurrencyIssuanceSchema } from "../schemas/schemas-policies.ts";
import { ref, Timestamp } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Caller } from "../app/caller.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "getIssuance",
  tags: ["Currencies"],
  title: { en: "Prove what was issued", zh: "核对货币发行" },
  description:
    "From the books, in one snapshot: of every currency, `issued = held + sunk`. Platforms shown: the " +
    "caller's own, and those that issued the currency. The answer is renewed as often as its cost allows; " +
    "`asOf` is its time.",
  response: {
    200: Type.Object({ asOf: ref(Timestamp), data: Type.Array(ref(CurrencyIssuanceSchema)) }),
  },
};

const config = { access: { scope: "wallets:read", users: false } } as const;

export function getIssuanceRoute(v1: V1App, services: Services): void {
  v1.get("/issuance", { schema, config }, async (request) => {
    const caller = callerOf(request);
    const { asOf, currencies } = await services.proveIssuance();
    const data = currencies.map((one) => toCurrency(one, caller, asOf));
    return { asOf: asOf.toISOString(), data };
  });
}

function toCurrency(one: CurrencyIssuance, caller: Caller, asOf: Date) {
  const { currency, issued, sunk, held, platforms } = one;
  const isOperator = caller.kind === "key" && caller.operator;
  const shown = platforms.filter(
    ({ platform, issued: own }) => isOperator || platform === caller.platform || own > 0n,
  );
  return {
    currency,
    issued: `${issued}`,
    sunk: `${sunk}`,
    held: `${held}`,
    balanced: issued === held + sunk,
    platforms: shown.map((row) => toPlatform(row, asOf)),
  };
}

function toPlatform(row: PlatformIssuance, asOf: Date) {
  const { platform, issued, sunk, held, fromOthers, budget } = row;
  return {
    platform,
    issued: `${issued}`,
    sunk: `${sunk}`,
    held: `${held}`,
    fromOthers: `${fromOthers}`,
    budget: budget
      ? {
          version: Number(budget.version),
          perDay: budget.perDay === null ? null : `${budget.perDay}`,
          issuedToday: `${issuedToday(budget, asOf)}`,
          total: budget.total === null ? null : `${budget.total}`,
          issued: `${budget.issued}`,
          nextDay: nextDay(asOf).toISOString(),
        }
      : null,
  };
}
