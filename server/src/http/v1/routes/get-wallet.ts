/** `GET /api/v1/wallets/{userId}`: a wallet with all its accounts. */
import { Type } from "typebox";
import { listAccounts } from "../../../ledger/statements/statement-queries.ts";
import { accountEtag, toAccount } from "../replies/account-reply.ts";
import { answersNotModified, etagOf } from "../replies/etag.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { WalletSchema } from "../schemas/schemas-money.ts";
import { ref, strictObject, UserId } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "getWallet",
  tags: ["Wallets"],
  title: { en: "Read a wallet", zh: "查询钱包" },
  description: "With `If-None-Match` the answer is 304 while nothing has changed.",
  params: strictObject({ userId: ref(UserId) }),
  response: { 200: ref(WalletSchema), 304: Type.Null() },
};

const config = { access: { scope: "wallets:read", users: true } } as const;

export function getWalletRoute(v1: V1App, services: Services): void {
  v1.get("/wallets/:userId", { schema, config }, async (request, reply) => {
    const { userId } = request.params;
    const wallet = await requireWallet(services.directory, callerOf(request), userId);
    const accounts = await listAccounts(services.db, wallet.number);
    const etag = etagOf(
      ...accounts.map((row) => `${row.currency}:${accountEtag(row).slice(1, -1)}`),
    );
    if (answersNotModified(request, reply, etag)) return reply.code(304).send(null);
    return {
      id: wallet.id,
      userId: wallet.userId,
      platform: wallet.platform,
      accounts: accounts.map(toAccount),
      createdAt: wallet.createdAt.toISOString(),
    };
  });
}
