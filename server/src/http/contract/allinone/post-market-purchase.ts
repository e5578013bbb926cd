/** `POST market/purchase`: buys one listing, or part of it (docs/contract.md 5.3). */
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Session } from "../../../identity/sessions.ts";
import { readQuantity, requireItemId } from "../../../items/items/item-fields.ts";
import { ICONS } from "../../../items/items/item-vocabulary.ts";
import {
  emittedName,
  requireCurrency,
  type CurrencyCode,
} from "../../../ledger/currencies/currency-names.ts";
import type { Offer } from "../../../market/listings/offers.ts";
import { buyItem, type PurchaseRequest } from "../../../market/purchases/buy-item.ts";
import { requirePosted } from "../../../engine/outcome.ts";
import { contractTerms } from "../request/contract-terms.ts";
import { authenticateActor } from "../../auth/actor.ts";
import { bodyOf, requireFields } from "../request/contract-body.ts";
import { readIdempotencyKey } from "../../context/idempotency-key.ts";
import type { Services } from "../../context/services.ts";
import { balanceOf } from "./get-wallet-balance.ts";
import { statsReply } from "./inventory-reply.ts";

const REQUIRED = {
  itemId: ["itemId", "listingId"],
  currencyType: ["currencyType", "currency"],
};

const FIELDS = { listing: "itemId", currency: "currencyType" };

export function postMarketPurchaseRoute(app: FastifyInstance, services: Services): void {
  app.post("/api/allinone/market/purchase", async (request, reply) => {
    const session = await authenticateActor(services, request);
    const { userId, isVerified, testBudget, spendingCap, through } = session;
    const body = bodyOf(request);
    const { itemId, currencyType } = requireFields(body, REQUIRED);
    const purchase = await buyOnMarket(services, request, {
      buyerId: userId,
      isVerified,
      testBudget,
      spendingCap,
      through,
      listingId: requireItemId(itemId),
      quantity: readQuantity(body["quantity"], 1),
      currency: requireCurrency(currencyType, "currencyType"),
    });
    if (purchase.replayed) void reply.header("idempotency-replayed", "true");
    return reply.type("application/json; charset=utf-8").send(purchaseReply(userId, purchase));
  });
}

export interface Purchase {
  readonly transferId: string;
  readonly itemId: string;
  readonly offer: Offer;
  readonly currency: string;
  readonly quantity: bigint;
  readonly price: bigint;
  readonly commission: bigint;
  /** The buyer's balances after it: New Day's own currencies, and the one of the payment. */
  readonly balances: Readonly<Record<CurrencyCode, bigint> & Record<string, bigint>>;
  readonly boughtAt: Date;
  readonly replayed: boolean;
}

/** Buys for a user of an older surface. Errors: those of `buyItem`, and the refusal. */
export async function buyOnMarket(
  services: Services,
  request: FastifyRequest,
  {
    spendingCap,
    through,
    ...wanted
  }: Omit<PurchaseRequest, "fields"> & Pick<Session, "spendingCap" | "through">,
): Promise<Purchase> {
  const { buyerId, listingId, quantity, currency } = wanted;
  const key = readIdempotencyKey(request);
  const terms = contractTerms({ userId: buyerId, spendingCap, through }, key, {
    listingId,
    quantity,
    currency,
  });
  const purchase = { ...wanted, fields: FIELDS };
  const { offer, outcome } = await buyItem(services, purchase, terms);
  const { result, transferId, recordedAt, replayed } = requirePosted(outcome);
  return {
    transferId,
    itemId: result.itemId,
    offer,
    currency: result.currency,
    quantity: BigInt(result.quantity),
    price: BigInt(result.price),
    commission: BigInt(result.commission),
    balances: balancesOf(result.balances),
    boughtAt: recordedAt,
    replayed,
  };
}

function balancesOf(stored: Readonly<Record<string, string>>): Purchase["balances"] {
  const balances: Purchase["balances"] & Record<string, bigint> = {
    game_coins: 0n,
    cash: 0n,
    computing_power: 0n,
  };
  for (const code of Object.keys(stored)) balances[code] = BigInt(stored[code] ?? 0);
  return balances;
}

/**
 * Serialised once and repeated under `data` as text. `item.id` is the item's id in the buyer's
 * inventory, ready for an export; the listing's id stands elsewhere.
 */
export function purchaseReply(userId: string, purchase: Purchase): string {
  const { itemId, price, commission, balances, offer } = purchase;
  const { what, looks, listingId } = offerText(offer);
  const user = JSON.stringify(userId);
  const currency = JSON.stringify(emittedName(purchase.currency));
  const balance = JSON.stringify(
    balanceOf({
      gameCoins: balances.game_coins,
      cashBalance: balances.cash,
      computingPower: balances.computing_power,
    }),
  );
  const fields =
    `"transactionId":"${purchase.transferId}","item":{"id":${JSON.stringify(itemId)},${what},` +
    `"quantity":${purchase.quantity},${looks},"obtainedAt":${purchase.boughtAt.getTime()},` +
    `"userId":${user},"source":"newday","obtainedFrom":"marketplace","listingId":${listingId}},` +
    `"balance":${balance},"newBalance":${Number(balances[purchase.currency])},` +
    `"price":${price},"commission":${commission},"totalAmount":${price + commission},` +
    `"currency":${currency},"currencyType":${currency},"listingId":${listingId},"userId":${user}`;
  return `{"success":true,"message":"购买成功",${fields},"data":{${fields}}}`;
}

/** Members of the reply that are equal for every buyer of a listing, as JSON. */
interface OfferText {
  readonly what: string;
  readonly looks: string;
  readonly listingId: string;
}

/** Cache: the constant part of a listing's reply as JSON; evicted with the listing. */
const written = new WeakMap<Offer, OfferText>();

function offerText(offer: Offer): OfferText {
  const known = written.get(offer);
  if (known) return known;
  const { name, description, itemType, rarity } = offer;
  const what = { name, description, type: itemType, itemType, category: itemType, rarity };
  const looks = { ...statsReply(offer), icon: offer.icon ?? ICONS[itemType] };
  const text = {
    what: JSON.stringify(what).slice(1, -1),
    looks: JSON.stringify(looks).slice(1, -1),
    listingId: JSON.stringify(offer.id),
  };
  written.set(offer, text);
  return text;
}
