/** `GET /api/v1/transfers/{id}`: a posted transfer, for its parties. */
import { requireTransfer } from "../request/recorded-transfer.ts";
import { Transfer } from "../schemas/schemas-money.ts";
import { Id, ref, strictObject } from "../schemas/schemas.ts";
import { toTransfer } from "../replies/transfer-reply.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "getTransfer",
  tags: ["Transfers"],
  title: { en: "Read a transfer", zh: "查询转账" },
  params: strictObject({ id: ref(Id) }),
  response: { 200: ref(Transfer) },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function getTransferRoute(v1: V1App, services: Services): void {
  v1.get("/transfers/:id", { schema, config }, async (request) => {
    const caller = callerOf(request);
    const recorded = await requireTransfer(services, caller, request.params.id, "any");
    return toTransfer(services.directory, caller, { ...recorded, dryRun: false });
  });
}
