/**
 * Compatibility login: production accepts logins without a proof for one platform, whose clients cannot sign yet.
 * Such a session opens only users who were never verified, and all of a user's sessions spend at most the cap.
 */
import type { Message } from "../../lib/messages.ts";
import { requirePlatformForm } from "./platform-rules.ts";
import type { PlatformRow, PlatformWanted } from "./platform-queries.ts";

/** What an operator types to switch it on; it says what is permitted. */
export const ACCEPTANCE: Message = {
  en: "anyone may act as any unverified user of this platform",
  zh: "任何人都可以冒充该平台的任何未验证用户",
};

/** The most that a user of the platform spends in total without a proof; null: production wants proofs. */
export function compatibilityCapOf({
  loginPolicy,
  compatibilityCap,
}: Pick<PlatformRow, "loginPolicy" | "compatibilityCap">): bigint | null {
  return loginPolicy === "compatibility" ? compatibilityCap : null;
}

/** Errors: `invalid_field` without the cap, or the sentence in either language. */
export function requireCompatibility({
  loginPolicy,
  compatibilityCap,
  compatibilityAccepted,
}: PlatformWanted): void {
  if (loginPolicy !== "compatibility") return;
  requirePlatformForm(compatibilityCap !== null, "compatibility-cap", {
    en: "is required: what a user may spend in total without a proof",
    zh: "不能为空：未验证用户总共可支出的金额",
  });
  const typed = Object.values(ACCEPTANCE).some((sentence) => sentence === compatibilityAccepted);
  requirePlatformForm(typed, "accept", {
    en: `must be the sentence "${ACCEPTANCE.en}"`,
    zh: `必须是这句话：“${ACCEPTANCE.zh}”`,
  });
}
