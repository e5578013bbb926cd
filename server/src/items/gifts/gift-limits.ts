/**
 * Limits of unsolicited gifts. Every gift stays an item of its own in the receiver's inventory
 * (docs/incidents.md D3), so the number of gifts is bounded.
 */
import type { Refusal, View } from "../../engine/operation.ts";
import { rowKey, type RowChange, type RowKey } from "../../engine/resource.ts";
import type { ItemRow } from "../items/item-rows.ts";
import { counterId, limitCounters, moveCounter } from "../../ledger/limits/limit-counters.ts";
import type { Message } from "../../lib/messages.ts";
import type { WithOnly } from "../../lib/nothing-else.ts";

/** From one giver to one receiver in a UTC day: more than friends exchange. */
const GIFTS_PER_PAIR_AND_DAY = 20n;
/**
 * Gifts of a receiver that wait for acceptance, of all givers. 64 with the longest facts and ids keep
 * the inventory reply under a megabyte.
 */
const GIFTS_WAITING_MAX = 64n;

export interface Gift {
  readonly giverId: string;
  readonly receiverId: string;
  /** The UTC day. */
  readonly day: string;
}

function dayCounter({ giverId, receiverId, day }: Gift): string {
  return counterId("gift", giverId, receiverId, day);
}

export function waitingCounter(receiverId: string): string {
  return counterId("gifts waiting", receiverId);
}

export function giftRowKeys(gift: Gift): RowKey[] {
  return [dayCounter(gift), waitingCounter(gift.receiverId)].map((id) => rowKey(limitCounters, id));
}

/** The counters moved by one gift, or the refusal that names the limit. */
export function countGift(
  view: View,
  gift: WithOnly<Gift, "giverId" | "receiverId" | "day">,
): RowChange[] | Refusal {
  const today = moveCounter(view, dayCounter(gift), { by: 1n, limit: GIFTS_PER_PAIR_AND_DAY });
  if (!today)
    return refusal(
      {
        en: `at most ${GIFTS_PER_PAIR_AND_DAY} gifts a day from one user to another`,
        zh: `同一用户每天最多向另一用户赠送 ${GIFTS_PER_PAIR_AND_DAY} 次`,
      },
      { en: "Send the gift tomorrow.", zh: "请明日再赠送" },
    );
  const limit = { by: 1n, limit: GIFTS_WAITING_MAX };
  const waiting = moveCounter(view, waitingCounter(gift.receiverId), limit);
  if (waiting) return [today, waiting];
  return refusal(
    {
      en: `at most ${GIFTS_WAITING_MAX} gifts wait for the receiver's acceptance`,
      zh: `最多有 ${GIFTS_WAITING_MAX} 件赠品等待接收方接受`,
    },
    { en: "Ask the receiver to accept their gifts.", zh: "请接收方先接受已有赠品" },
  );
}

function refusal(rule: Message, remedy: Message): Refusal {
  return { refuse: "gift_limit", details: { rule, remedy } };
}

/**
 * The counter after an answer of the receiver to those of their items that are waiting gifts. Acting on a gift
 * accepts it too: using, listing, exporting it, crafting with it or giving it on.
 */
export function acceptedGifts(view: View, acted: readonly ItemRow[]): RowChange[] {
  const gifts = acted.filter(({ giftFrom }) => giftFrom !== null);
  const [first] = gifts;
  if (!first) return [];
  const change = moveCounter(view, waitingCounter(first.ownerId), { by: BigInt(-gifts.length) });
  return change ? [change] : [];
}
