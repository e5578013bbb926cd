/** `GET /api/shared/wallet/{userId}`: the wallet of any user of any platform (CONTRACT.md 3.2). */
import type { FastifyInstance } from "fastify";
import { requireUserId } from "../../../identity/user-id.ts";
import type { FoundWallet } from "../../../wallets/wallet.ts";
import { limitTo, OPEN_READS_PER_WINDOW } from "../../plugins/rate-limits.ts";
import type { Services } from "../../services.ts";

export function getWalletRoute(app: FastifyInstance, services: Services): void {
  app.get<{ Params: { userId: string } }>(
    "/api/shared/wallet/:userId",
    limitTo(OPEN_READS_PER_WINDOW),
    async (request) => {
      const userId = requireUserId(request.params.userId, "userId");
      return toReply(await services.findOrOpenWallet(userId));
    },
  );
}

function toReply({ wallet, isNewWallet }: FoundWallet): Record<string, unknown> {
  const shown = {
    id: wallet.id,
    userId: wallet.userId,
    gameCoins: Number(wallet.gameCoins),
    cashBalance: Number(wallet.cashBalance),
    computingPower: Number(wallet.computingPower),
    createdAt: wallet.createdAt.toISOString(),
    updatedAt: wallet.updatedAt.toISOString(),
  };
  return { success: true, wallet: shown, isNewWallet, ...shown, data: shown };
}
