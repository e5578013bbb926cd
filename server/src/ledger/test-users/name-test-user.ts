/** Naming test users, and taking the name away: changes of operators, recorded with their author. */
import type { Database } from "../../db/database.ts";
import { NewDayError } from "../../errors/errors.ts";
import { operationOf } from "../../engine/operation-type.ts";
import { submitOperation } from "../../engine/submit-operation.ts";
import {
  deleteTestUser,
  findTestUsers,
  isUserOfKnownPage,
  upsertTestUser,
} from "../../identity/test-users.ts";
import { findPlayer, findUser } from "../../identity/user-queries.ts";
import { HOME_PLATFORM } from "../../identity/platforms/platform-ids.ts";
import { requireUserId } from "../../identity/platforms/user-id.ts";
import {
  insertOperatorChange,
  type ModelChange,
  type OperatorContext,
} from "../../identity/operator-changes/operator-changes.ts";
import { accountId } from "../accounts/accounts.ts";
import { OWN_CURRENCY_NUMBERS } from "../currencies/currencies.ts";
import { listAccounts } from "../statements/statement-queries.ts";
import { createWalletFinder } from "../wallets/open-wallets.ts";
import type { PostingServices } from "../wallets/posting-services.ts";
import type { Message } from "../../lib/messages.ts";
import { markTestUserOperation } from "./mark-test-user-operation.ts";
import { findTraces } from "./test-user-queries.ts";

/** As in the schema: no page spends more in a day. */
const BUDGET_MAX = 1_000_000_000n;

/**
 * Names a user, or changes its budget. The accounts are marked first: a name without the mark would let test money
 * out. Errors: `invalid_field` for a budget out of range, `forbidden` for a real person's user.
 */
export async function nameTestUser(
  services: PostingServices,
  context: OperatorContext,
  { userId: named, dailyBudget }: { userId: string; dailyBudget: bigint },
): Promise<ModelChange> {
  const { db } = services;
  const userId = requireUserId(named, "userId");
  if (dailyBudget < 0n || dailyBudget > BUDGET_MAX)
    throw new NewDayError("invalid_field", {
      field: "daily-budget",
      rule: {
        en: `is a number of coins from 0 to ${BUDGET_MAX}`,
        zh: `必须是 0 到 ${BUDGET_MAX} 之间的游戏币数量`,
      },
    });
  const [before] = await findTestUsers(db, [userId]);
  if (!before) await refuseRealPerson(db, userId);
  const planned = {
    what: "test-user add",
    subject: userId,
    before: before ? { dailyBudget: `${before.dailyBudget}` } : null,
    after: { dailyBudget: `${dailyBudget}` },
    accounts: 0n,
  };
  if (context.dryRun) return planned;
  const marked = await markAccounts(services, userId);
  await db.transaction(async (tx) => {
    await upsertTestUser(tx, { userId, dailyBudget, namedBy: context.operator });
    await insertOperatorChange(tx, context, planned);
  });
  return { ...planned, accounts: marked };
}

/** Ends login and budget; the accounts stay marked. Errors: `invalid_field` for a user without the name. */
export async function unnameTestUser(
  db: Database,
  context: OperatorContext,
  userId: string,
): Promise<ModelChange> {
  const [before] = await findTestUsers(db, [userId]);
  if (!before)
    throw new NewDayError("invalid_field", {
      field: "userId",
      rule: { en: `${userId} is not a test user`, zh: `${userId} 不是测试用户` },
      remedy: {
        en: "Use a user that newday test-user list shows.",
        zh: "请使用 newday test-user list 显示的用户",
      },
    });
  const planned = {
    what: "test-user remove",
    subject: userId,
    before: { dailyBudget: `${before.dailyBudget}` },
    after: null,
    accounts: 0n,
  };
  if (context.dryRun) return planned;
  await db.transaction(async (tx) => {
    await deleteTestUser(tx, userId);
    await insertOperatorChange(tx, context, planned);
  });
  return planned;
}

/**
 * Every caller may log in as a test user and spend what it has, so a user that may have an owner cannot become one. The
 * users of the known pages have none, whatever their presses left on the old server.
 */
async function refuseRealPerson(db: Database, userId: string): Promise<void> {
  const user = await findUser(db, userId);
  const player = await findPlayer(db, userId);
  if (user?.verifiedAt)
    throw realPerson(userId, { en: "it was verified by a login", zh: "曾以证明登录" });
  if (player?.platform === HOME_PLATFORM)
    throw realPerson(userId, { en: "it is a player of the game", zh: "是游戏自身的玩家" });
  if (isUserOfKnownPage(userId)) return;
  const traces = await findTraces(db, userId);
  if (traces.marked) return;
  if (player || traces.adopted)
    throw realPerson(userId, { en: "the old server knew it", zh: "旧服务器已有此用户" });
  if (traces.paid || traces.traded)
    throw realPerson(userId, {
      en: "it has money beyond a newcomer's, items, listings or purchases",
      zh: "其资金超出新用户，或已有道具、挂单或购买记录",
    });
  if (traces.known)
    throw realPerson(userId, {
      en: "a login or its platform has made it known",
      zh: "已由登录或其平台登记",
    });
}

function realPerson(userId: string, reason: Message): NewDayError {
  return new NewDayError("forbidden", {
    field: "userId",
    rule: {
      en: `${userId} may be a real person's user: ${reason.en}`,
      zh: `${userId} 可能属于真实用户：${reason.zh}`,
    },
    remedy: {
      en: "Name an id that only test pages use and that no user had before.",
      zh: "请指定仅供测试页使用、从未有人用过的 ID",
    },
  });
}

async function markAccounts(services: PostingServices, userId: string): Promise<bigint> {
  await createWalletFinder(services)(userId);
  const wallet = await services.directory.walletNumber(userId);
  const own = Object.values(OWN_CURRENCY_NUMBERS).map((number) => accountId(wallet, number));
  const existing = await listAccounts(services.db, wallet);
  const accounts = [...new Set([...own, ...existing.map(({ account }) => account)])];
  const terms = { caller: HOME_PLATFORM };
  await submitOperation(services.engine, operationOf(markTestUserOperation, { accounts }, terms));
  return BigInt(accounts.length);
}
