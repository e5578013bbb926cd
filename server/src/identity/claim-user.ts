/**
 * A platform's server registers its own user. The id must lie in the platform's namespace; users of
 * other platforms and native players of the game stay theirs.
 */
import type { Queryable } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import type { Message } from "../lib/messages.ts";
import { cleanDisplayName, DEFAULT_DISPLAY_NAME } from "./display-name.ts";
import { LEGACY_PLATFORMS } from "./platforms.ts";
import { findPlayer, findUser, insertUser, updateDisplayName } from "./user-queries.ts";

interface ClaimedUser {
  readonly userId: string;
  readonly platform: string;
  readonly displayName: string | undefined;
}

const PREFIX = /^([a-z][a-z0-9-]{0,31}):(.+)$/;

/** Records a new user, or the new name of a known one. Errors: `invalid_user_id`, `wallet_exists`. */
export async function claimUser(
  db: Queryable,
  { userId, platform, displayName }: ClaimedUser,
): Promise<void> {
  const externalId = externalIdOf(userId, platform);
  const known = await findUser(db, userId);
  const player = known ? undefined : await findPlayer(db, userId);
  requireOwn(known?.platform ?? player?.platform, platform);
  if (known) {
    if (displayName !== undefined && displayName !== known.displayName)
      await updateDisplayName(db, userId, displayName);
    return;
  }
  const name = cleanDisplayName(player?.nickname) ?? displayName ?? DEFAULT_DISPLAY_NAME;
  if (await insertUser(db, { userId, platform, externalId, displayName: name })) return;
  // Another caller was first, perhaps another platform: the stored row decides.
  requireOwn((await findUser(db, userId))?.platform, platform);
}

/** An unowned user may be claimed. Errors: `wallet_exists`. */
export function requireOwn(owner: string | undefined, platform: string): void {
  if (owner === undefined || owner === platform) return;
  throw new NewDayError("wallet_exists", {
    field: "userId",
    rule: { en: "belongs to a user of another platform", zh: "属于其他平台的用户" },
    remedy: { en: "Use another id.", zh: "请使用其他 ID" },
  });
}

/** The platform's own id of the user. Errors: `invalid_user_id` outside the platform's namespace. */
export function externalIdOf(userId: string, platform: string): string {
  const [, prefix, externalId] = PREFIX.exec(userId) ?? [];
  if (LEGACY_PLATFORMS.includes(platform)) {
    if (prefix === undefined) return userId;
    throw refusal(
      { en: "must not begin with the name of a platform", zh: "不能以平台名称开头" },
      {
        en: "Send the bare id.",
        zh: "请发送不带前缀的 ID",
      },
    );
  }
  if (prefix === platform && externalId !== undefined) return externalId;
  throw refusal(
    { en: `must begin with ${platform}:`, zh: `必须以 ${platform}: 开头` },
    {
      en: `Send ${platform}:<your id of the user>.`,
      zh: `请发送 ${platform}:<贵方的用户 ID>`,
    },
  );
}

function refusal(rule: Message, remedy: Message): NewDayError {
  return new NewDayError("invalid_user_id", {
    field: "userId",
    rule,
    remedy,
  });
}
