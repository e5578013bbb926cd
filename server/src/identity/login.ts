/**
 * Login: verifies who a user is, or limits an unverified caller in the sandbox.
 *
 * An unverified login opens only users that were never verified; reserved names and native players
 * of the game stay closed (docs/incidents.md G1, G2). Production takes assertions only, but for a
 * platform with a compatibility login. An assertion is valid for the platform that signed it and opens only
 * that platform's ids (G3), or the wallet that a link of its user opens (link-identity.ts).
 */
import type { Database, Transaction } from "../db/database.ts";
import { NewDayError } from "../errors/errors.ts";
import { assertionRulesOf, identifyByAssertion, useAssertionOnce } from "./assertion-login.ts";
import { verifyAssertion, type Assertion } from "./assertion.ts";
import { DEFAULT_DISPLAY_NAME } from "./display-name.ts";
import {
  findOrInsertUser,
  needsProof,
  needsProofAsBefore,
  recordProof,
} from "./find-or-insert-user.ts";
import { findLinkOf } from "./link-queries.ts";
import type { LoginPolicy } from "./login-policy.ts";
import { compatibilityCapOf } from "./platforms/compatibility.ts";
import { refuseSuspended, type Platform } from "./platforms/platform-directory.ts";
import { requireOwnUserId, resolveUserId } from "./platforms/user-naming.ts";
import { lockSessionsOfUser } from "./session-queries.ts";
import { openSession, spendingCapOf, type Session, type SessionReader } from "./sessions.ts";
import { findTestUsers, testBudgetOf, type TestUserRow } from "./test-users.ts";
import { requireUnfrozenUser } from "../policy/user-freezes/frozen-login.ts";
import { requireUserId } from "./platforms/user-id.ts";
import { findPlayer, findUser, updateDisplayName, type UserRow } from "./user-queries.ts";

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
 * (bad token or assertion), `forbidden` (this user needs an assertion), `invalid_user_id`,
 * `platform_suspended`, `user_frozen`, `invalid_field` for an unknown platform.
 */
export async function login(
  db: Database,
  request: LoginRequest,
  policy: LoginPolicy,
  readSession: SessionReader,
): Promise<LoginResult> {
  const platform = await policy.platforms.requirePlatform(request.platform, "platform");
  const said = requireUserId(request.externalId, "userId");
  const userId = await requireOwnUserId(policy.platforms, platform, said, "userId");
  if (request.token !== undefined) return autoLogin(userId, request.token, readSession);
  refuseSuspended(platform);
  const [testUser] = await findTestUsers(db, [userId]);
  const proof = await checkProof(request, { platform, userId, testUser }, policy);
  return openLogin(db, { ...request, platform, userId, proof, testUser }, policy);
}

/**
 * Opens a session of the user whom an assertion names, at the platform that signed it. Errors:
 * `invalid_token`, `invalid_user_id`, `platform_suspended`, `proof_unavailable`.
 */
export async function loginByAssertion(
  db: Database,
  { assertion, displayName }: { assertion: string; displayName: string | undefined },
  policy: LoginPolicy,
): Promise<LoginResult> {
  const asserted = await identifyByAssertion(assertion, policy);
  const [testUser] = await findTestUsers(db, [asserted.userId]);
  return openLogin(db, { ...asserted, displayName, testUser }, policy);
}

interface LoginWanted {
  readonly platform: Platform;
  readonly userId: string;
  readonly displayName: string | undefined;
  readonly proof: Assertion | undefined;
  readonly testUser: TestUserRow | undefined;
}

function openLogin(db: Database, wanted: LoginWanted, policy: LoginPolicy): Promise<LoginResult> {
  const { userId, platform, proof, testUser } = wanted;
  return db.transaction(async (tx) => {
    if (proof) await useAssertionOnce(tx, proof);
    const isVerified = proof !== undefined;
    const isNewUser = await findOrInsertUser(tx, { ...wanted, isVerified });
    // From here on logins of this user wait: the row is read as the one before has left it.
    await lockSessionsOfUser(tx, userId);
    const user = await findUser(tx, userId);
    if (!user) throw new Error("a user that was just found or inserted is missing");
    if (!isVerified && user.verifiedAt !== null) throw needsProofAsBefore();
    await requireUnfrozenUser(tx, userId);
    const endedSessions = isVerified && (await recordProof(tx, userId, platform.name));
    const username = isNewUser
      ? user.displayName
      : await rename(tx, user, { ...wanted, isVerified });
    const own = { userId, username, platform: platform.name, through: null };
    const opened = (await openedByLink(tx, { userId, platform }, policy)) ?? own;
    const session = await openSession(tx, {
      userId: opened.userId,
      throughUserId: opened.through?.userId ?? null,
      platform: platform.name,
      secretMark: proof?.keyMark ?? null,
    });
    const testBudget = opened.through ? null : (testUser?.dailyBudget ?? null);
    return {
      ...session,
      ...opened,
      isVerified,
      testBudget: testBudgetOf({ userId: opened.userId, testBudget }, policy.allowUnverified),
      spendingCap: spendingCapOf({ isVerified, testBudget }, platform, policy),
      isNewUser,
      autoLogin: false,
      endedSessions,
    };
  });
}

type OpenedUser = Pick<Session, "userId" | "username" | "platform" | "through">;

/**
 * The user whose wallet the link of a linked user opens; undefined without a link. A link is made and deleted
 * under the lock of the linked user's row. Errors: `user_frozen`, `platform_suspended`.
 */
async function openedByLink(
  tx: Transaction,
  { userId: linkedUserId, platform }: Pick<LoginWanted, "userId" | "platform">,
  policy: LoginPolicy,
): Promise<OpenedUser | undefined> {
  const link = await findLinkOf(tx, linkedUserId);
  if (!link) return undefined;
  await requireUnfrozenUser(tx, link.userId);
  const user = await findUser(tx, link.userId);
  if (!user) throw new Error("the user whom a link opens is missing");
  refuseSuspended(await policy.platforms.requirePlatform(user.platform, "platform"));
  const through = { userId: linkedUserId, platform: platform.name };
  return { userId: user.userId, username: user.displayName, platform: user.platform, through };
}

async function autoLogin(
  userId: string,
  token: string,
  readSession: SessionReader,
): Promise<LoginResult> {
  const session = await readSession(token);
  if (session.userId !== userId && session.through?.userId !== userId)
    throw new NewDayError("invalid_token", {
      field: "token",
      rule: { en: "belongs to another user", zh: "属于其他用户" },
      remedy: { en: "Log in without it.", zh: "请不带此字段登录" },
    });
  return { ...session, token, isNewUser: false, autoLogin: true, endedSessions: false };
}

async function checkProof(
  { assertion }: LoginRequest,
  { platform, userId, testUser }: Pick<LoginWanted, "platform" | "userId" | "testUser">,
  policy: LoginPolicy,
): Promise<Assertion | undefined> {
  if (assertion === undefined) {
    if (!policy.allowUnverified && !testUser && compatibilityCapOf(platform) === null)
      throw needsProof({ en: "this server runs in production mode", zh: "服务器以生产模式运行" });
    return undefined;
  }
  const proof = await verifyAssertion(assertion, platform, assertionRulesOf(policy));
  if ((await resolveUserId(policy.platforms, platform, proof.externalId)) !== userId)
    throw needsProof({ en: "the assertion names another user", zh: "断言属于其他用户" });
  return proof;
}

/**
 * The name after this login. A platform that vouches for the user may rename them; a login without a proof
 * only names a user who had no name (docs/contract.md 2.1). A player of the game keeps the nickname.
 */
async function rename(
  tx: Transaction,
  { userId, displayName: known }: UserRow,
  { displayName, isVerified }: { displayName: string | undefined; isVerified: boolean },
): Promise<string> {
  const mayRename = isVerified || known === DEFAULT_DISPLAY_NAME;
  if (displayName === undefined || displayName === known || !mayRename) return known;
  if (await findPlayer(tx, userId)) return known;
  await updateDisplayName(tx, userId, displayName);
  return displayName;
}
