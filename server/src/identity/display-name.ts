/**
 * The name under which others see a user: decoration, never an identity (docs/incidents.md B12).
 */

const LENGTH_MAX = 64; // the legacy column `players.nickname`

/** Without markup and control characters, cut to its length; undefined when nothing is left. */
export function cleanDisplayName(name: unknown): string | undefined {
  if (typeof name !== "string") return undefined;
  const clean = name.replaceAll(/[\p{Cc}\p{Cs}<>\u2028-\u202e\u2066-\u2069]/gu, "").trim();
  return Array.from(clean).slice(0, LENGTH_MAX).join("") || undefined;
}
