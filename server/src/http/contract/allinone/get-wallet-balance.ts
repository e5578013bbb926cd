/**
 * `GET /api/allinone/wallet/balance`: the caller's balances under every name (docs/contract.md
 * 3.1).
 */
import type { FastifyInstance } from "fastify";
import type { Wallet } from "../../../ledger/wallets/wallet.ts";
import { authenticate } from "../../auth/authenticate.ts";
import type { Services } from "../../context/services.ts";

/** Cash is in minor units, two digits to the whole; the reply says so (docs/incidents.md C11). */
const CASH_SCALE = 2;

export function getWalletBalanceRoute(app: FastifyInstance, services: Services): void {
  app.get("/api/allinone/wallet/balance", async (request) => {
    const { userId } = await authenticate(services, request);
    const { wallet } = await services.findOrOpenWallet(userId);
    return toReply(wallet);
  });
}

function toReply(wallet: Wallet): Record<string, unknown> {
  const balance = balanceOf(wallet);
  return {
    success: true,
    balance,
    data: balance,
    ...balance,
    cashScale: CASH_SCALE,
    userId: wallet.userId,
    updatedAt: wallet.updatedAt.toISOString(),
    timestamp: new Date().toISOString(),
  };
}

/**
 * One coin under three names; `aCoins` belongs to AllinONE and is always 0 (docs/contract.md 10).
 */
export function balanceOf(
  wallet: Pick<Wallet, "cashBalance" | "gameCoins" | "computingPower">,
): Record<string, number> {
  const cash = Number(wallet.cashBalance);
  const gameCoins = Number(wallet.gameCoins);
  return {
    cash,
    cashBalance: cash,
    gameCoins,
    newDayGameCoins: gameCoins,
    newDayCoins: gameCoins,
    computingPower: Number(wallet.computingPower),
    aCoins: 0,
  };
}
