/** `GET /api/v1/currencies`: every currency. */
import { Type } from "typebox";
import { listCurrencies } from "../../../ledger/currencies/currency-queries.ts";
import { Currency } from "../schemas/schemas-money.ts";
import { ref } from "../schemas/schemas.ts";
import type { V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "listCurrencies",
  tags: ["Currencies"],
  title: { en: "List the currencies", zh: "列出货币" },
  response: { 200: Type.Object({ data: Type.Array(ref(Currency)) }) },
};

export function listCurrenciesRoute(v1: V1App, services: Services): void {
  v1.get("/currencies", { schema }, async () => {
    const currencies = await listCurrencies(services.db);
    return {
      data: currencies.map(({ code, scale, minimum, maximum, minters }) => ({
        code,
        scale,
        minimum: `${minimum}`,
        maximum: `${maximum}`,
        minters: [...minters],
      })),
    };
  });
}
