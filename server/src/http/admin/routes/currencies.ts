/** `/api/admin/currencies` and `/exchange-pairs`: by the use cases of `newday currency` and `newday exchange-pair`. */
import { Type } from "typebox";
import type { CurrencyRow } from "../../../ledger/currencies/currencies.ts";
import { listCurrencies } from "../../../ledger/currencies/currency-queries.ts";
import { DEFAULT_EXPOSURE, DEFAULT_MAXIMUM } from "../../../ledger/currencies/define-currencies.ts";
import { listExchangePairs } from "../../../ledger/currencies/operator-queries.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";
import {
  addCurrencySetting,
  closePairSetting,
  offerPairSetting,
  setBoundsSetting,
  setMinterSetting,
} from "../../../operators/settings/currency-settings.ts";
import type { Services } from "../../context/services.ts";
import type { V1App } from "../../v1/app/v1-app.ts";
import { CurrencyCodeSchema, dryRunQuery, ref, strictObject } from "../../v1/schemas/schemas.ts";
import { PlatformName } from "../../v1/schemas/schemas-policies.ts";
import { answerSetting, changesFor } from "../app/answer-setting.ts";
import { actReplies, ReasonSchema } from "../app/schemas-admin.ts";
import {
  currencyBounds,
  ExchangePairSchema,
  ManagedCurrencySchema,
  RatePart,
} from "../app/schemas-settings.ts";

const tags = ["Currencies"];
const viewers = { operators: { role: "viewer" } } as const;
const economists = changesFor("economist");
const changed = { tags, querystring: dryRunQuery, response: actReplies };
const onlyReason = strictObject({ reason: ref(ReasonSchema) });
const pairParams = strictObject({ from: ref(CurrencyCodeSchema), to: ref(CurrencyCodeSchema) });
const minterParams = strictObject({ code: ref(CurrencyCodeSchema), platform: PlatformName });

const listSchema = {
  operationId: "listManagedCurrencies",
  tags,
  title: { en: "List the currencies with their bounds", zh: "列出货币及其上下限" },
  response: { 200: strictObject({ data: Type.Array(ref(ManagedCurrencySchema)) }) },
};

const addSchema = {
  ...changed,
  operationId: "postCurrency",
  title: { en: "Add a currency", zh: "新增货币" },
  description: "Its scale is for ever. Bounds are minor units; running servers follow at once.",
  body: strictObject({
    code: ref(CurrencyCodeSchema),
    scale: Type.Optional(Type.Integer({ minimum: 0, maximum: 15, default: 0 })),
    ...currencyBounds,
    minters: Type.Optional(Type.Array(PlatformName, { maxItems: 100, uniqueItems: true })),
    reason: ref(ReasonSchema),
  }),
};

const boundsSchema = {
  ...changed,
  operationId: "patchCurrency",
  title: { en: "Change the bounds of a currency", zh: "更改货币的余额上下限" },
  description:
    "Of every account that has none of its own; a balance outside refuses. Postings wait while the accounts follow.",
  params: strictObject({ code: ref(CurrencyCodeSchema) }),
  body: strictObject({ ...currencyBounds, reason: ref(ReasonSchema) }),
};

const allowSchema = {
  ...changed,
  operationId: "putCurrencyMinter",
  title: { en: "Let a platform issue a currency", zh: "允许平台发行货币" },
  params: minterParams,
  body: onlyReason,
};

const forbidSchema = {
  ...changed,
  operationId: "deleteCurrencyMinter",
  title: { en: "Let a platform no longer issue a currency", zh: "不再允许平台发行货币" },
  params: minterParams,
  body: onlyReason,
};

const pairsSchema = {
  operationId: "listExchangePairs",
  tags,
  title: { en: "List the exchange pairs", zh: "列出兑换对" },
  response: { 200: strictObject({ data: Type.Array(ref(ExchangePairSchema)) }) },
};

const offerSchema = {
  ...changed,
  operationId: "putExchangePair",
  title: { en: "Offer an exchange pair", zh: "开放兑换对" },
  description: "Or gives it another rate; quotes at the old rate are refused then.",
  params: pairParams,
  body: strictObject({
    numerator: ref(RatePart),
    denominator: ref(RatePart),
    reason: ref(ReasonSchema),
  }),
};

const closeSchema = {
  ...changed,
  operationId: "deleteExchangePair",
  title: { en: "Close an exchange pair", zh: "关闭兑换对" },
  description: "What was exchanged stays.",
  params: pairParams,
  body: onlyReason,
};

export function currencyRoutes(admin: V1App, services: Services): void {
  admin.get("/currencies", { schema: listSchema, config: viewers }, async () => ({
    data: (await listCurrencies(services.db)).map(showCurrency),
  }));
  admin.post("/currencies", { schema: addSchema, config: economists }, async (request, reply) => {
    const { code, scale = 0, minters = [], reason, ...bounds } = request.body;
    const { minimum = "0", maximum = `${DEFAULT_MAXIMUM}`, ...more } = bounds;
    const { exposure = `${DEFAULT_EXPOSURE}`, ...unread } = more;
    unread satisfies NothingElse;
    const wanted = { code, scale, minters, minimum, maximum, exposure, reason };
    return answerSetting(services, { request, reply }, addCurrencySetting, wanted);
  });
  admin.patch(
    "/currencies/:code",
    { schema: boundsSchema, config: economists },
    async (request, reply) => {
      const { minimum, maximum, exposure, reason, ...unread } = request.body;
      unread satisfies NothingElse;
      const wanted = {
        ...request.params,
        ...(minimum !== undefined && { minimum }),
        ...(maximum !== undefined && { maximum }),
        ...(exposure !== undefined && { exposure }),
        reason,
      };
      return answerSetting(services, { request, reply }, setBoundsSetting, wanted);
    },
  );
  addMinterRoutes(admin, services);
  addPairRoutes(admin, services);
}

function showCurrency({ code, scale, minimum, maximum, exposure, minters }: CurrencyRow) {
  const bounds = { minimum: `${minimum}`, maximum: `${maximum}`, exposure: `${exposure}` };
  return { code, scale, ...bounds, minters: [...minters] };
}

function addMinterRoutes(admin: V1App, services: Services): void {
  const path = "/currencies/:code/minters/:platform";
  admin.put(path, { schema: allowSchema, config: economists }, async (request, reply) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { ...request.params, allowed: true, reason };
    return answerSetting(services, { request, reply }, setMinterSetting, wanted);
  });
  admin.delete(path, { schema: forbidSchema, config: economists }, async (request, reply) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { ...request.params, allowed: false, reason };
    return answerSetting(services, { request, reply }, setMinterSetting, wanted);
  });
}

function addPairRoutes(admin: V1App, services: Services): void {
  const path = "/exchange-pairs/:from/:to";
  admin.get("/exchange-pairs", { schema: pairsSchema, config: viewers }, async () => ({
    data: (await listExchangePairs(services.db)).map((pair) => ({
      ...pair,
      numerator: `${pair.numerator}`,
      denominator: `${pair.denominator}`,
    })),
  }));
  admin.put(path, { schema: offerSchema, config: economists }, async (request, reply) => {
    const { numerator, denominator, reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { ...request.params, numerator, denominator, reason };
    return answerSetting(services, { request, reply }, offerPairSetting, wanted);
  });
  admin.delete(path, { schema: closeSchema, config: economists }, async (request, reply) => {
    const { reason, ...unread } = request.body;
    unread satisfies NothingElse;
    const wanted = { ...request.params, reason };
    return answerSetting(services, { request, reply }, closePairSetting, wanted);
  });
}
