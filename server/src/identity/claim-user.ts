/**
 * A platform's server registers its own user; users of other platforms and native players of the game stay
 * theirs.
 */
import type { Queryable } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { cleanDisplayName, DEFAULT_DISPLAY_NAME } from "./display-name.ts";
import type { Platform } from "./platforms/platform-directory.ts";
import { externalIdOf } from "./platforms/user-naming.ts";
import { findPlayer, findUser, insertUser, updateDisplayName } from "./user-queries.ts";

interface ClaimedUser {
  /** Of the platform, as `requireOwnUserId` returns it. */
  readonly userId: string;
  readonly platform: Pick<Platform, "name" | "hasBareIds">;
  readonly displayName: string | undefined;
}

/** Records a new user, or the new name of a known one. Errors: `wallet_exists`. */
export async function claimUser(
  db: Queryable,
  { userId, platform: { name: platform, hasBareIds }, displayName }: ClaimedUser,
): Promise<void> {
  const externalId = externalIdOf({ name: platform, hasBareIds }, userId);
  const known = await findUser(db, userId);
  const player = known ? undefined : await findPlayer(db, userId);
  requireOwn(known?.platform ?? player?.platform, platform);
  if (known) {
    if (displayName !== undefined && displayName !== known.displayName)
      await updateDisplayName(db, userId, displayName);
    return;
  }
  const shown = cleanDisplayName(player?.nickname) ?? displayName ?? DEFAULT_DISPLAY_NAME;
  if (await insertUser(db, { userId, platform, externalId, displayName: shown })) return;
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
