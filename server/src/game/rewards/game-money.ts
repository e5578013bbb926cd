/** Payouts and charges of the game: minted and burnt by its own servers, with a reason. */
import { NewDayError } from "../../errors/errors.ts";
import { requirePosted } from "../../engine/outcome.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { PostedOutcome } from "../../engine/operation.ts";
import { fingerprintOf } from "../../engine/identifiers.ts";
import { operationOf, type Exactly } from "../../engine/operation-type.ts";
import { prepareMinting } from "../../ledger/transfers/mint-money.ts";
import { useOnceOperation } from "../../ledger/transfers/use-once-operation.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import type { CurrencyCode } from "../../ledger/currencies/currency-names.ts";
import { ownAccountOf } from "../../ledger/wallets/wallet-accounts.ts";
import type { NothingElse } from "../../lib/nothing-else.ts";

/** The largest single reward or charge of the game; a mistake in it stays small (G9). */
export const GAME_AMOUNT_MAX = 1_000_000;

export interface GameMovement {
  readonly userId: string;
  readonly amounts: Readonly<Partial<Record<CurrencyCode, bigint>>>;
  readonly reason: string;
  readonly gameId: string | null;
  readonly idempotencyKey: string | undefined;
}

/**
 * Mints (`reward`) or burns (`deduct`) all amounts together. Errors: `insufficient_funds`,
 * `wallet_not_found`, `idempotency_conflict`.
 */
export async function moveGameMoney<Given extends GameMovement>(
  services: PostingServices,
  direction: "reward" | "deduct",
  movement: Exactly<GameMovement, Given>,
): Promise<readonly PostedOutcome[]> {
  const {
    userId,
    amounts,
    reason,
    gameId,
    idempotencyKey: key,
    ...unread
  }: GameMovement = movement;
  unread satisfies NothingElse;
  const wallet = await services.directory.walletNumber(userId);
  const fingerprint = fingerprintOf({ direction, userId, amounts, reason, gameId });
  // Each currency is an operation of its own; the mark reserves the key for one request in any
  // currency.
  const mark =
    key === undefined
      ? []
      : [
          operationOf(
            useOnceOperation,
            {},
            {
              caller: "game",
              idempotency: { key: `money:${key}`, fingerprint },
            },
          ),
        ];
  const movements = await Promise.all(
    Object.entries(amounts).map(([currency, amount]) => {
      const account = ownAccountOf(wallet, currency as CurrencyCode);
      const minting = {
        direction: direction === "reward" ? "mint" : "burn",
        platform: HOME_PLATFORM,
        account,
        amount,
      } as const;
      return prepareMinting(services, minting, {
        caller: "game",
        metadata: { reason, ...(gameId === null ? {} : { gameId }) },
        idempotency: key === undefined ? undefined : { key: `${key}:${currency}`, fingerprint },
      });
    }),
  );
  const outcomes = await services.engine.submitMany([...mark, ...movements], "atomic");
  const refused = outcomes.find(
    (outcome) => outcome.status === "refused" && outcome.code !== "atomic_group_refused",
  );
  if (refused?.status === "refused") throw new NewDayError(refused.code, refused.details);
  return outcomes.slice(mark.length).map((outcome) => requirePosted(outcome));
}
