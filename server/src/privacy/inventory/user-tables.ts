/** Who a user is, and how they log in. */
import {
  renamed,
  dropped,
  removed,
  hiddenRemoved,
  hiddenStays,
  ofOwnAccounts,
  words,
  type PersonalTable,
} from "./personal-column.ts";

export const USER_TABLES: readonly PersonalTable[] = [
  {
    name: "newday.users",
    rowsOf: "user_id = $1",
    key: ["user_id"],
    columns: {
      user_id: renamed("public id of the user", "用户的公开 ID"),
      external_id: renamed("id that the platform gave", "平台分配的 ID"),
      display_name: renamed("name that others see", "显示名称"),
    },
    facts: words("platform proven_at verified_by created_at"),
    internal: [],
  },
  {
    name: "newday.ledger_wallets",
    rowsOf: "number = $2",
    key: ["number"],
    columns: { user_id: renamed("owner of the wallet", "钱包所有者") },
    facts: words("id platform role created_at updated_at"),
    internal: words("number"),
  },
  {
    name: "newday.sessions",
    rowsOf: "user_id = $1 or through_user_id = $1",
    exportOf: "user_id = $1",
    key: ["token_hash"],
    columns: {
      user_id: removed("who is logged in", "已登录的用户"),
      through_user_id: hiddenRemoved("the linked user who logged in", "登录所用的关联用户"),
      created_at: removed("when the person logged in", "登录时间"),
      token_hash: hiddenRemoved("hash of the credential", "凭证的哈希"),
    },
    facts: words("platform proven expires_at revoked_at"),
    internal: words("secret_mark"),
  },
  {
    name: "newday.identity_links",
    rowsOf: "linked_user_id = $1 or user_id = $1",
    key: ["linked_user_id"],
    columns: {
      linked_user_id: hiddenRemoved("an identity of the person", "该用户的另一身份"),
      user_id: hiddenRemoved("the user whose wallet it opens", "所打开钱包的用户"),
      linked_by: hiddenRemoved("who linked it", "建立关联者"),
    },
    facts: words("linked_at"),
    internal: [],
  },
  {
    name: "newday.linked_transfers",
    rowsOf: `through_user_id = $1 or transfer_id in (select id from newday.transfers
      where ${ofOwnAccounts("from_account")} or ${ofOwnAccounts("to_account")})`,
    exportOf: "false",
    key: ["transfer_id"],
    columns: {
      through_user_id: hiddenRemoved(
        "the identity through which a user asked for a transfer",
        "发起转账所用的关联身份",
      ),
    },
    facts: words("transfer_id"),
    internal: [],
  },
  {
    name: "newday.user_freezes",
    rowsOf: "wallet = $2",
    key: ["wallet"],
    columns: {
      user_id: renamed("who is frozen", "被冻结的用户"),
      platform_reason: dropped("why the platform froze the person", "平台冻结的原因"),
      operator_reason: dropped("why an operator froze the person", "运维冻结的原因"),
      audit_reason: dropped("why the audit froze the person", "审计冻结的原因"),
    },
    facts: words(
      "platform_blocks platform_since platform_until operator_blocks operator_since operator_until audit_blocks audit_since audit_until",
    ),
    internal: words("wallet erased_as revision"),
  },
  {
    name: "newday.test_users",
    rowsOf: "user_id = $1",
    key: ["user_id"],
    columns: {
      user_id: removed("a user for tests", "测试用户"),
      named_by: hiddenRemoved("the operator who named it", "指定它的运维人员"),
    },
    facts: words("daily_budget named_at"),
    internal: [],
  },
  {
    name: "newday.erased_people",
    rowsOf: "mark = newday.person_mark($1)",
    key: ["mark"],
    columns: {
      mark: hiddenStays(
        "keyed hash of the id of a user who was erased, against a second starter grant",
        "已抹除用户 ID 的带密钥哈希，用于防止重复领取新手币",
      ),
    },
    facts: words("platform erased_on"),
    internal: [],
  },
];
