/**
 * Items of a frozen user stay where they are, whatever the operation; none come to a user who receives nothing.
 * What goes back to its owner from the end of a listing does, because nothing leaves their hands.
 */
import type { View } from "../../engine/operation.ts";
import type { PostingGuard } from "../../engine/posting-rules.ts";
import { rowAfter, type RowChange } from "../../engine/resource.ts";
import { refuseFrozenOwners, type OwnerPart } from "../../policy/user-freezes/require-unfrozen.ts";
import { items, type ItemAction, type ItemRow } from "./item-rows.ts";

export const frozenOwnerGuard: PostingGuard = {
  check(view, { changes = [], overrides }, { now }) {
    const owners = changes.flatMap((change) => ownersOf(view, change));
    refuseFrozenOwners(view, owners, { now, despite: overrides });
  },
};

function ownersOf(view: View, change: RowChange): OwnerPart[] {
  const changed = rowAfter(items, change);
  if (!changed) return [];
  const before = change.inserted ? undefined : view.get(items, changed.id);
  return before ? partsOfMove(before, changed.row) : [partOfNew(changed.row)];
}

function partsOfMove(before: ItemRow, after: ItemRow): OwnerPart[] {
  const owns = before.state !== "offered";
  const staysOwned = before.ownerId === after.ownerId;
  const endsListing = staysOwned && before.state === "escrowed" && after.state === "owned";
  return [
    ...(owns && !endsListing ? [{ userId: before.ownerId, part: "items" as const }] : []),
    ...(staysOwned && owns ? [] : [{ userId: after.ownerId, part: "credit" as const }]),
  ];
}

/** A user's own acts, of which an item is the product. */
const OWN_ACTS: ReadonlySet<ItemAction> = new Set(["import", "craft"]);

function partOfNew({ ownerId, pending }: ItemRow): OwnerPart {
  const action = pending.at(-1)?.action;
  const isOwnAct = action !== undefined && OWN_ACTS.has(action);
  return { userId: ownerId, part: isOwnAct ? "items" : "credit" };
}
