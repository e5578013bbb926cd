/** The name under which others see a user: decoration beside the id (docs/incidents.md B12). */

/** Of a user whose platform has sent no name. */
export const DEFAULT_DISPLAY_NAME = "Player";

const LENGTH_MAX = 64; // the legacy column `players.nickname`

/** Strips markup and control characters and cuts to the length; undefined for an empty rest. */
export function cleanDisplayName(name: unknown): string | undefined {
  if (typeof name !== "string") return undefined;
  const clean = name.replaceAll(/[\p{Cc}\p{Cs}<>\u2028-\u202e\u2066-\u2069]/gu, "").trim();
  return Array.from(clean).slice(0, LENGTH_MAX).join("") || undefined;
}
