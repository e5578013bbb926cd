/** The name under which others see a user: decoration beside the id (docs/incidents.md B12). */
import { isReservedName } from "../lib/reserved-name.ts";
import { isVisible } from "../lib/visible-text.ts";

/** Of a user whose platform has sent no name. */
export const DEFAULT_DISPLAY_NAME = "Player";

const LENGTH_MAX = 64; // the legacy column `players.nickname`

/**
 * Strips markup and control characters and cuts to the length; undefined when nothing that can be seen
 * is left, and for the names of the game itself.
 */
export function cleanDisplayName(sent: unknown): string | undefined {
  if (typeof sent !== "string") return undefined;
  const clean = sent
    .replaceAll(/[\p{Cc}\p{Cs}<>\u2028-\u202e\u2066-\u2069]/gu, "")
    .normalize("NFC")
    .trim();
  const name = Array.from(clean).slice(0, LENGTH_MAX).join("");
  return isVisible(name) && !isReservedName(name) ? name : undefined;
}
