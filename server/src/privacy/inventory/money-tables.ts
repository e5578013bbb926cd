/** A user's money, and the rules about it. */
import {
  dropped,
  removed,
  stays,
  hiddenRenamed,
  hiddenRemoved,
  ofOwnAccounts,
  words,
  type PersonalTable,
} from "./personal-column.ts";

export const MONEY_TABLES: readonly PersonalTable[] = [
  {
    name: "newday.accounts",
    rowsOf: ofOwnAccounts("id"),
    key: ["id"],
    columns: {
      balance: stays("balance of the wallet in one currency", "钱包某一货币的余额"),
      claim: removed("starter coins that were not posted yet", "尚未入账的新手币"),
    },
    facts: words("id held version minimum maximum flags changed_at locked"),
    internal: words("revision room last_transfer"),
    isShownElsewhere: true,
  },
  {
    name: "newday.transfers",
    rowsOf: `(${ofOwnAccounts("from_account")} or ${ofOwnAccounts("to_account")})`,
    key: ["id", "line"],
    columns: {
      caller: hiddenRenamed("who asked: `user:<id>`, or a platform", "发起方：user:<ID> 或平台"),
      reference: dropped("text that the caller gave", "调用方提供的文本"),
      reason: dropped("why, in the words of the caller", "调用方给出的原因"),
      metadata: dropped("object that the caller gave", "调用方提供的对象"),
      result: hiddenRenamed(
        "outcome for a repeated request; its ids are renamed, its reasons dropped",
        "供重复请求使用的结果；其中的 ID 被替换，原因被删除",
      ),
    },
    facts: words(
      "id line kind amount from_account to_account from_balance to_balance from_version to_version recorded_at effective_at related refusal",
    ),
    internal: words("fingerprint from_previous to_previous sequence"),
    isShownElsewhere: true,
  },
  {
    name: "newday.holds",
    rowsOf: ofOwnAccounts("account"),
    key: ["id"],
    columns: { account: stays("whose money is reserved", "被预留资金的账户") },
    facts: words("id to_account amount captured state expires_at created_at"),
    internal: words("revision"),
  },
  {
    name: "newday.consents",
    rowsOf: ofOwnAccounts("account"),
    key: ["account", "platform"],
    columns: {
      user_id: removed("who permits", "授权人"),
      granted_by: removed("the person, or their platform", "本人或其平台"),
    },
    facts: words("platform currency per_day verbs expires_at revoked_at day spent_on_day"),
    internal: words("account version revision"),
  },
  {
    name: "newday.spending_limits",
    rowsOf: `subject ~ '^account:\\d{1,18}$' and ${ofOwnAccounts("substring(subject from 9)::bigint")}`,
    key: ["subject"],
    columns: { limits: removed("limits of the person's spending", "对本人支出的限额") },
    facts: [],
    internal: words("subject revision"),
  },
  {
    name: "newday.limit_counters",
    rowsOf: "newday.is_counter_of(id, $1)",
    key: ["id"],
    columns: {
      id: hiddenRemoved("what is counted, of whom, on which day", "计数的对象、用户与日期"),
    },
    facts: words("count"),
    internal: words("revision"),
    isShownElsewhere: true,
  },
];
