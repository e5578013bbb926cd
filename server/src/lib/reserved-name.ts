/** The names of the game itself, which no user and no origin of an item may take. */
import { skeletonOf } from "./skeleton.ts";

/** Forms of the game's name, its shop and its people, such as "The New Day Official Store". */
const RESERVED = new RegExp(
  `^(?:${skeletonOf("the")})?${skeletonOf("newday")}(?:${["game", "official"].map(skeletonOf).join("|")}|官方)*` +
    `(?:${["shop", "store", "market", "team", "support", "admin", "staff"].map(skeletonOf).join("|")}|商店|客服|团队)?$`,
);

/** True for the names of the game, however they are spaced, cased, widened or written in look-alikes. */
export function isReservedName(name: string): boolean {
  return RESERVED.test(skeletonOf(name));
}
