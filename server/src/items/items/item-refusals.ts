/** Refusals that every operation on an item shares. */
import type { Refusal, View } from "../../engine/operation.ts";
import { verifiedUsers } from "../../identity/verified-users.ts";
import type { ItemRow } from "./item-rows.ts";

/** The refusal for an item outside the user's hands. */
export function refuseUnlessOwned(item: ItemRow): Refusal | undefined {
  if (item.state === "owned") return undefined;
  if (item.state === "escrowed") return { refuse: "item_in_escrow", details: {} };
  if (item.state === "used") return { refuse: "item_already_used", details: {} };
  return { refuse: "item_not_found", details: {} };
}

/** The refusal for an item that locked coins bought; the lock ends when its owner is verified. */
export function refuseLocked(view: View, { ownerId, locked }: ItemRow): Refusal | undefined {
  if (!locked || view.get(verifiedUsers, ownerId)) return undefined;
  return { refuse: "item_locked", details: {} };
}

export function tooMany(item: ItemRow): Refusal {
  return {
    refuse: "invalid_quantity",
    details: {
      field: "quantity",
      rule: { en: `must be at most ${item.quantity}`, zh: `不能超过 ${item.quantity}` },
      held: `${item.quantity}`,
    },
  };
}
