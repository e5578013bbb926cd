/** The stored user of a login, inserted by the first one, and what a proof changes about them. */
import type { Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import type { Message } from "../lib/messages.ts";
import { cleanDisplayName, DEFAULT_DISPLAY_NAME } from "./display-name.ts";
import type { Platform } from "./platforms/platform-directory.ts";
import { HOME_PLATFORM, LEGACY_PLATFORMS } from "./platforms/platform-ids.ts";
import { externalIdOf } from "./platforms/user-naming.ts";
import { revokeUnverifiedSessions } from "./session-queries.ts";
import { findPlayer, findUser, insertUser, updateUserVerified } from "./user-queries.ts";

interface UserOfLogin {
  readonly userId: string;
  readonly platform: Platform;
  readonly displayName: string | undefined;
  readonly isVerified: boolean;
}

/** Returns true when the user is new. Errors: `forbidden` without a proof, `invalid_user_id`. */
export async function findOrInsertUser(
  tx: Transaction,
  { userId, platform, displayName: named, isVerified }: UserOfLogin,
): Promise<boolean> {
  const existing = await findUser(tx, userId);
  if (existing) requireShared(existing.platform, platform.name);
  if (existing && existing.verifiedAt !== null && !isVerified) throw needsProofAsBefore();
  const player = existing ? undefined : await findPlayer(tx, userId);
  if (player?.platform === HOME_PLATFORM) {
    if (!isVerified)
      throw needsProof({
        en: "this id is a player of the game itself",
        zh: "此 ID 是游戏自身的玩家",
      });
    // The proof of another platform is about a user of its own, who happens to have the same id.
    if (platform.name !== HOME_PLATFORM) throw belongsElsewhere();
  }
  if (existing) return false;
  // A player of the old server keeps the name of his first login there.
  const displayName = cleanDisplayName(player?.nickname) ?? named ?? DEFAULT_DISPLAY_NAME;
  const externalId = externalIdOf(platform, userId);
  return insertUser(tx, { userId, platform: platform.name, externalId, displayName });
}

/**
 * Marks the user as verified by the platform and ends every session that was opened without a proof: its holder
 * has shown no proof. Returns true when there was one. Errors: `invalid_user_id` for a user whom another platform
 * has verified: platforms with bare ids share them only until the first proof (docs/incidents.md G3).
 */
export async function recordProof(
  tx: Transaction,
  userId: string,
  platform: string,
): Promise<boolean> {
  if (!(await updateUserVerified(tx, userId, platform))) throw belongsElsewhere();
  return (await revokeUnverifiedSessions(tx, userId)) > 0;
}

/** Bare ids are shared by the first three platforms; `steam:ada` belongs to steam alone. */
function requireShared(owner: string, platform: string): void {
  if (owner === platform) return;
  if (LEGACY_PLATFORMS.includes(owner) && LEGACY_PLATFORMS.includes(platform)) return;
  throw belongsElsewhere();
}

function belongsElsewhere(): NewDayError {
  return new NewDayError("invalid_user_id", {
    field: "userId",
    rule: { en: "belongs to another platform", zh: "属于其他平台" },
    remedy: { en: "Send the id of a user of this platform.", zh: "请发送本平台用户的 ID" },
  });
}

export function needsProofAsBefore(): NewDayError {
  return needsProof({ en: "this user was opened with a proof before", zh: "此用户曾以证明登录" });
}

export function needsProof(reason: Message): NewDayError {
  return new NewDayError("forbidden", {
    field: "assertion",
    rule: {
      en: `a signed assertion is required: ${reason.en}`,
      zh: `需要平台签名的断言：${reason.zh}`,
    },
    remedy: {
      en: "Send `assertion`, signed with the platform's secret; see docs/login.md.",
      zh: "请发送以平台密钥签名的 assertion，见 docs/login.md",
    },
  });
}
