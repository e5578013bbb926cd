/**
 * `wallet/init`, `wallet/deduct` and `wallet/reward`: the game's own servers only (docs/contract.md
 * 3.3).
 */
import type { FastifyInstance } from "fastify";
import { NewDayError } from "../../../errors/errors.ts";
import { HOME_PLATFORM } from "../../../identity/platforms/platform-ids.ts";
import { resolveUserIdSaidBy } from "../../../identity/platforms/user-naming.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import {
  currencyNamed,
  requireCurrency,
  type CurrencyCode,
} from "../../../ledger/currencies/currency-names.ts";
import { GAME_AMOUNT_MAX, moveGameMoney } from "../../../game/rewards/game-money.ts";
import { authenticateService } from "../../auth/authenticate-service.ts";
import {
  bodyOf,
  firstOf,
  missingFields,
  optionalText,
  type Body,
} from "../request/contract-body.ts";
import { readIdempotencyKey } from "../../context/idempotency-key.ts";
import type { Services } from "../../context/services.ts";
import { balanceOf } from "../allinone/get-wallet-balance.ts";

const REASON_LENGTH_MAX = 200;
const USER_NAMES = ["userId", "playerId"];

export function walletCallRoutes(app: FastifyInstance, services: Services): void {
  app.post("/api/wallet/init", async (request) => {
    await authenticateService(services, request);
    const { wallet, isNewWallet } = await services.findOrOpenWallet(
      await userOf(services, bodyOf(request)),
    );
    const shown = { id: wallet.id, userId: wallet.userId, ...balanceOf(wallet) };
    return { success: true, wallet: shown, isNewWallet, data: shown };
  });

  for (const direction of ["deduct", "reward"] as const)
    app.post(`/api/wallet/${direction}`, async (request) => {
      await authenticateService(services, request);
      const body = bodyOf(request);
      const userId = await userOf(services, body);
      const amounts = amountsOf(body);
      await services.findOrOpenWallet(userId);
      const posted = await moveGameMoney(services, direction, {
        userId,
        amounts,
        reason: optionalText(body, ["reason"], REASON_LENGTH_MAX) ?? direction,
        gameId: optionalText(body, ["gameId"], REASON_LENGTH_MAX) ?? null,
        idempotencyKey: readIdempotencyKey(request),
      });
      const { wallet } = await services.findOrOpenWallet(userId);
      const balance = balanceOf(wallet);
      const transactionId = posted[0]?.transferId;
      return {
        success: true,
        transactionId,
        balance,
        ...balance,
        userId,
        data: { transactionId, balance },
      };
    });
}

async function userOf({ platforms }: Services, body: Body): Promise<string> {
  const sent = firstOf(body, USER_NAMES);
  if (sent === undefined) throw missingFields(["userId"]);
  return resolveUserIdSaidBy(platforms, HOME_PLATFORM, requireUserId(sent, "userId"));
}

/** `{amount, currency}`, or one member per currency as AllinONE's game SDK sends them. */
function amountsOf(body: Body): Partial<Record<CurrencyCode, bigint>> {
  // AllinONE's SDK always sends the member; New Day holds no diamonds, so only 0 is accepted.
  if (body["diamonds"] !== undefined && body["diamonds"] !== 0)
    throw new NewDayError("invalid_currency", { field: "diamonds" });
  const amount = firstOf(body, ["amount"]);
  if (amount !== undefined) {
    const currency = requireCurrency(firstOf(body, ["currency", "currencyType"]), "currency");
    return { [currency]: requireGameAmount(amount, "amount") };
  }
  const amounts: Partial<Record<CurrencyCode, bigint>> = {};
  for (const [name, value] of Object.entries(body)) {
    const code = currencyNamed(name);
    if (code && value !== 0) amounts[code] = requireGameAmount(value, name);
  }
  if (Object.keys(amounts).length === 0) throw missingFields(["amount", "currency"]);
  return amounts;
}

function requireGameAmount(value: unknown, field: string): bigint {
  const whole = typeof value === "number" && Number.isInteger(value);
  if (whole && value >= 1 && value <= GAME_AMOUNT_MAX) return BigInt(value);
  throw new NewDayError("invalid_price", {
    field,
    rule: {
      en: `must be a whole number from 1 to ${GAME_AMOUNT_MAX}`,
      zh: `必须是 1 到 ${GAME_AMOUNT_MAX} 的整数`,
    },
  });
}
