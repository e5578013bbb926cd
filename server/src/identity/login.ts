/**
 * Login: verifies who a user is, or limits an unverified caller in the sandbox.
 *
 * An unverified login opens only users that were never verified; reserved names and native players
 * of the game stay closed (docs/incidents.md G1, G2). Production takes assertions only. An
 * assertion is valid for the platform that signed it and opens only that platform's ids (G3).
 */
import type { Database, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { verifyAssertion } from "./assertion.ts";
import { cleanDisplayName, DEFAULT_DISPLAY_NAME } from "./display-name.ts";
import { markSecret, type LoginPolicy } from "./login-policy.ts";
import { HOME_PLATFORM, LEGACY_PLATFORMS, platformOf, publicUserId } from "./platforms.ts";
import { lockSessionsOfUser, revokeUnverifiedSessions } from "./session-queries.ts";
import { openSession, type Session, type SessionReader } from "./sessions.ts";
import { findTestUsers, testBudgetOf } from "./test-users.ts";
import { requireUserId } from "./user-id.ts";
import {
  findPlayer,
  findUser,
  insertUsedAssertion,
  insertUser,
  isKnownPlatform,
  updateDisplayName,
  updateUserProven,
  type UserRow,
} from "./user-queries.ts";
import type { Message } from "../lib/messages.ts";

export interface LoginRequest {
  readonly externalId: string;
  /** Absent when the body has no name. */
  readonly displayName: string | undefined;
  readonly platform: string;
  readonly token: string | undefined;
  readonly assertion: string | undefined;
}

export interface LoginResult extends Session {
  readonly token: string;
  readonly isNewUser: boolean;
  readonly autoLogin: boolean;
  /** True when this login ended unverified sessions of the user, which caches still hold. */
  readonly endedSessions: boolean;
}

/**
 * Opens a session, or returns the one of a live token of the same user. Errors: `invalid_token`
 * (bad token or assertion), `forbidden` (this user needs an assertion), `invalid_user_id`.
 */
export async function login(
  db: Database,
  request: LoginRequest,
  policy: LoginPolicy,
  readSession: SessionReader,
): Promise<LoginResult> {
  if (request.token !== undefined) return autoLogin(request, request.token, readSession);
  const userId = requireUserId(publicUserId(request.platform, request.externalId), "userId");
  const [testUser] = await findTestUsers(db, [userId]);
  const proof = await checkProof(request, policy, testUser !== undefined);
  return db.transaction(async (tx) => {
    if (proof && !(await insertUsedAssertion(tx, proof)))
      throw new NewDayError("invalid_token", {
        field: "assertion",
        rule: { en: "was used before", zh: "已被使用过" },
      });
    const isNewUser = await findOrInsertUser(tx, userId, request, {
      proven: proof !== undefined,
      secrets: policy.secrets,
    });
    // From here on logins of this user wait: the row is read as the one before has left it.
    await lockSessionsOfUser(tx, userId);
    const user = await findUser(tx, userId);
    if (!user) throw new Error("a user that was just found or inserted is missing");
    const proven = proof !== undefined;
    if (!proven && user.provenAt !== null) throw neededBefore();
    const endedSessions = proven && (await recordProof(tx, userId));
    const username = isNewUser ? user.displayName : await rename(tx, user, { ...request, proven });
    const { platform } = request;
    const secret = proven ? policy.secrets.get(platform) : undefined;
    const secretMark = secret === undefined ? null : markSecret(secret);
    const session = await openSession(tx, { userId, platform, secretMark });
    return {
      ...session,
      userId,
      username,
      platform,
      proven,
      testBudget: testBudgetOf(
        { userId, testBudget: testUser?.dailyBudget ?? null },
        policy.allowUnverified,
      ),
      isNewUser,
      autoLogin: false,
      endedSessions,
    };
  });
}

async function autoLogin(
  request: LoginRequest,
  token: string,
  readSession: SessionReader,
): Promise<LoginResult> {
  const session = await readSession(token);
  if (session.userId !== publicUserId(request.platform, request.externalId))
    throw new NewDayError("invalid_token", {
      field: "token",
      rule: { en: "belongs to another user", zh: "属于其他用户" },
      remedy: { en: "Log in without it.", zh: "请不带此字段登录" },
    });
  return { ...session, token, isNewUser: false, autoLogin: true, endedSessions: false };
}

async function checkProof(request: LoginRequest, policy: LoginPolicy, isTestUser: boolean) {
  if (request.assertion === undefined) {
    if (!policy.allowUnverified && !isTestUser)
      throw needsProof({ en: "this server runs in production mode", zh: "服务器以生产模式运行" });
    return undefined;
  }
  const proof = await verifyAssertion(request.assertion, request.platform, {
    secrets: policy.secrets,
    tellsReason: policy.allowUnverified,
  });
  if (proof.externalId !== request.externalId)
    throw needsProof({ en: "the assertion names another user", zh: "断言属于其他用户" });
  return proof;
}

/** Returns true when the user is new. */
async function findOrInsertUser(
  tx: Transaction,
  userId: string,
  request: LoginRequest,
  { proven, secrets }: { proven: boolean; secrets: LoginPolicy["secrets"] },
): Promise<boolean> {
  const { platform, externalId } = request;
  const existing = await findUser(tx, userId);
  if (existing) requireShared(existing.platform, platform);
  if (existing && existing.provenAt !== null && !proven) throw neededBefore();
  const player = existing ? undefined : await findPlayer(tx, userId);
  if (player?.platform === HOME_PLATFORM && !proven)
    throw needsProof({
      en: "this id is a player of the game itself",
      zh: "此 ID 是游戏自身的玩家",
    });
  if (!existing && !player) await refuseForeignId(tx, userId, platform, secrets);
  // A player of the old server keeps the name of his first login there.
  const displayName =
    cleanDisplayName(player?.nickname) ?? request.displayName ?? DEFAULT_DISPLAY_NAME;
  const inserted =
    !existing && (await insertUser(tx, { userId, platform, externalId, displayName }));
  return inserted;
}

/**
 * Marks the user as verified and ends every session that was opened without a proof: its holder may be
 * anybody. Returns true when there was one.
 */
async function recordProof(tx: Transaction, userId: string): Promise<boolean> {
  await updateUserProven(tx, userId);
  return (await revokeUnverifiedSessions(tx, userId)) > 0;
}

/**
 * The name after this login. A platform that vouches for the user may rename them; a login without a proof
 * only names a user who had no name (docs/contract.md 2.1). A player of the game keeps the nickname.
 */
async function rename(
  tx: Transaction,
  { userId, displayName: known }: UserRow,
  { displayName, proven }: { displayName: string | undefined; proven: boolean },
): Promise<string> {
  const mayRename = proven || known === DEFAULT_DISPLAY_NAME;
  if (displayName === undefined || displayName === known || !mayRename) return known;
  if (await findPlayer(tx, userId)) return known;
  await updateDisplayName(tx, userId, displayName);
  return displayName;
}

function neededBefore(): NewDayError {
  return needsProof({ en: "this user was opened with a proof before", zh: "此用户曾以证明登录" });
}

/** A new id may belong to another platform by its prefix (G3). */
async function refuseForeignId(
  tx: Transaction,
  userId: string,
  platform: string,
  secrets: LoginPolicy["secrets"],
): Promise<void> {
  const named = platformOf(userId);
  if (named === undefined || named === platform) return;
  if (secrets.has(named) || (await isKnownPlatform(tx, named))) requireShared(named, platform);
}

/** Bare ids are shared by the first three platforms; `steam:ada` belongs to steam alone. */
function requireShared(owner: string, platform: string): void {
  if (owner === platform) return;
  if (LEGACY_PLATFORMS.includes(owner) && LEGACY_PLATFORMS.includes(platform)) return;
  throw new NewDayError("invalid_user_id", {
    field: "userId",
    rule: { en: "belongs to another platform", zh: "属于其他平台" },
    remedy: { en: "Send the id of a user of this platform.", zh: "请发送本平台用户的 ID" },
  });
}

function needsProof(reason: Message): NewDayError {
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
