/**
 * `GET /api/shared/wallet/{userId}`: the wallet of any user of any platform (docs/contract.md 3.2).
 */
import type { FastifyInstance } from "fastify";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import type { FoundWallet } from "../../../ledger/wallets/wallet.ts";
import { limitTo, OPEN_READS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import { DEFAULT_PLATFORM } from "../../../identity/platforms/platform-ids.ts";
import { resolveUserIdSaidBy } from "../../../identity/platforms/user-naming.ts";
import type { Services } from "../../context/services.ts";

export function getSharedWalletRoute(app: FastifyInstance, services: Services): void {
  app.get<{ Params: { userId: string } }>(
    "/api/shared/wallet/:userId",
    limitTo(OPEN_READS_PER_WINDOW),
    async (request, reply) => {
      const said = requireUserId(request.params.userId, "userId");
      const userId = await resolveUserIdSaidBy(services.platforms, DEFAULT_PLATFORM, said);
      const found = await services.findOrOpenWallet(userId);
      return reply.type("application/json; charset=utf-8").send(toReply(found));
    },
  );
}

/**
 * The bare shape and both wrapped ones in one text. The wallet is serialised once and repeated as
 * text. Three times would be most of this route's cost (measured).
 */
function toReply({ wallet, isNewWallet }: FoundWallet): string {
  const shown = JSON.stringify({
    id: wallet.id,
    userId: wallet.userId,
    gameCoins: Number(wallet.gameCoins),
    cashBalance: Number(wallet.cashBalance),
    computingPower: Number(wallet.computingPower),
    createdAt: wallet.createdAt,
    updatedAt: wallet.updatedAt,
  });
  const fields = shown.slice(1, -1);
  return `{"success":true,"wallet":${shown},"isNewWallet":${isNewWallet},${fields},"data":${shown}}`;
}
