/**
 * One person, one id: how a platform names its own users.
 *
 * A user of `moon` is `moon:ada`, whether the platform says `ada` or `moon:ada`. A user of a platform with
 * bare ids is `ada`, whether it says `ada` or `allinone:ada`. A prefix that no platform has is part of the
 * platform's own id.
 */
import { NewDayError } from "../../errors/errors.ts";
import type { Platform, PlatformDirectory } from "./platform-directory.ts";
import { LEGACY_PLATFORMS, platformOf } from "./platform-ids.ts";
import { requireUserId } from "./user-id.ts";

declare const resolved: unique symbol;

/** A public id that `resolveUserId` returned. Said again by a platform, it may name another user. */
export type ResolvedUserId = string & { readonly [resolved]: true };

/** A user id as a caller sends it; the compiler refuses one that is resolved already. */
export type SentUserId = string & { readonly [resolved]?: never };

type Naming = Pick<Platform, "name" | "hasBareIds">;

/**
 * The public id that the platform means; a prefix names the user of another platform. Errors:
 * `invalid_user_id` about `field`, also for a reserved name or a second prefix behind a prefix.
 */
export async function resolveUserId(
  platforms: Pick<PlatformDirectory, "find">,
  platform: Naming,
  said: SentUserId,
  field = "userId",
): Promise<ResolvedUserId> {
  const prefix = platformOf(said);
  if (prefix === undefined) return requirePublicUserId(platform, said, field);
  const named = prefix === platform.name ? platform : await platforms.find(prefix);
  if (!named) return requirePublicUserId(platform, said, field);
  const externalId = said.slice(prefix.length + 1);
  if (named.hasBareIds) await refuseSecondPrefix(platforms, externalId, field);
  return requirePublicUserId(named, externalId, field);
}

/** `allinone:moon:ada` would be the user `ada` of `moon`. Errors: `invalid_user_id`. */
async function refuseSecondPrefix(
  platforms: Pick<PlatformDirectory, "find">,
  externalId: string,
  field: string,
): Promise<void> {
  const prefix = platformOf(externalId);
  if (prefix === undefined || !(await platforms.find(prefix))) return;
  throw new NewDayError("invalid_user_id", {
    field,
    rule: { en: "names two platforms", zh: "包含两个平台的名称" },
    remedy: {
      en: "Send the id of the user behind the name of one platform at most.",
      zh: "请发送用户的 ID，前面至多加一个平台的名称",
    },
  });
}

/** As `resolveUserId`, for the name of a platform that a credential carries. */
export async function resolveUserIdSaidBy(
  platforms: PlatformDirectory,
  platform: string,
  said: SentUserId,
  field = "userId",
): Promise<ResolvedUserId> {
  if (platformOf(said) === undefined && LEGACY_PLATFORMS.includes(platform))
    return said as string as ResolvedUserId;
  const saidBy = await platforms.requirePlatform(platform, "Authorization");
  return resolveUserId(platforms, saidBy, said, field);
}

/** As `resolveUserId`, for a user of the platform itself. Errors: `invalid_user_id` about `field`. */
export async function requireOwnUserId(
  platforms: Pick<PlatformDirectory, "find">,
  platform: Naming,
  said: SentUserId,
  field: string,
): Promise<ResolvedUserId> {
  const prefix = platformOf(said);
  const isOwn = prefix === undefined || prefix === platform.name;
  if (isOwn || !(await platforms.find(prefix)))
    return resolveUserId(platforms, platform, said, field);
  throw new NewDayError("invalid_user_id", {
    field,
    rule: {
      en: `begins with ${prefix}:, the name of another platform`,
      zh: `以其他平台的名称 ${prefix}: 开头`,
    },
    remedy: {
      en: `Send the id of a user of ${platform.name}, without a prefix.`,
      zh: `请发送 ${platform.name} 用户的 ID，不带前缀`,
    },
  });
}

/** The platform's own id of its user. */
export function externalIdOf({ name, hasBareIds }: Naming, userId: string): string {
  return hasBareIds ? userId : userId.slice(name.length + 1);
}

function requirePublicUserId(
  { name, hasBareIds }: Naming,
  externalId: string,
  field: string,
): ResolvedUserId {
  const userId = hasBareIds ? externalId : `${name}:${externalId}`;
  return requireUserId(userId, field) as ResolvedUserId;
}
