/** Platforms that bring users, and how a platform's user gets its public id. */

/**
 * The three names that the existing clients send. They shared one id space in the legacy database:
 * `wallets.user_id` is unique across them. So their users keep bare ids (docs/incidents.md G3).
 */
export const LEGACY_PLATFORMS: readonly string[] = ["allinone", "newday", "direct"];
export const DEFAULT_PLATFORM = "allinone";
/** New Day itself, whose mint, fees and adjustments the game and its operators use. */
export const HOME_PLATFORM = "newday";

/** The platform prefix of an id, as in `steam:ada`; undefined for a bare id. */
export function platformOf(userId: string): string | undefined {
  return /^([a-z][a-z0-9-]{0,31}):./.exec(userId)?.[1];
}
