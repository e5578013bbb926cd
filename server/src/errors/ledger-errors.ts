/** Errors of accounts, transfers, holds, refunds, exchange and currencies. */
import type { ErrorRows } from "./error-row.ts";

const READ_AGAIN = {
  en: "Read the present state, then decide anew. Nothing was changed.",
  zh: "请重新读取当前状态后再决定；未做任何更改",
};

export const LEDGER_ERRORS = {
  wallet_not_found: {
    status: 404,
    contractCode: "PLAYER_NOT_FOUND",
    exitCode: 2,
    message: { en: "Wallet not found.", zh: "用户不存在" },
    remedy: {
      en: "Check the id, or open the wallet first. Wallets of other platforms are not shown.",
      zh: "请检查 ID，或先开通钱包；其他平台的钱包不可见",
    },
  },
  wallet_exists: {
    status: 409,
    contractCode: "WALLET_EXISTS",
    exitCode: 2,
    message: { en: "The user has a wallet already.", zh: "钱包已存在" },
    remedy: { en: "Use the wallet that exists.", zh: "请使用已有的钱包" },
  },
  insufficient_funds: {
    status: 400,
    problemStatus: 422,
    contractCode: "INSUFFICIENT_BALANCE",
    exitCode: 2,
    message: { en: "The account does not have that much available.", zh: "余额不足" },
    remedy: {
      en: "Ask for less, or wait until the account has more. Nothing was changed.",
      zh: "请减少金额，或等账户余额充足；未做任何更改",
    },
  },
  coins_locked: {
    status: 403,
    contractCode: "COINS_LOCKED",
    exitCode: 2,
    message: {
      en: "The payment is not allowed: it needs starter coins, which are locked until the user is verified.",
      zh: "新手币在用户通过平台验证前只能用于官方商店，不能转出",
    },
    remedy: {
      en: "Log the user in with an assertion of their platform, or spend the coins in the official shop; see docs/login.md.",
      zh: "请以平台签名的断言登录该用户，或在官方商店使用，见 docs/login.md",
    },
  },
  starter_budget_spent: {
    status: 409,
    contractCode: "STARTER_BUDGET_SPENT",
    exitCode: 2,
    aboutForm: true,
    message: {
      en: "The payment is not allowed: today's budget for starter coins of the user's platform is spent.",
      zh: "该平台今日的新手币预算已用完",
    },
    remedy: {
      en: "Send the request again after 00:00 UTC, or ask New Day's operators for a larger budget. Operator: `newday platform set <name> --starter-budget <coins>`.",
      zh: "请在 UTC 零点后重新发送，或请 New Day 运维人员提高预算。运维人员：newday platform set <name> --starter-budget <coins>",
    },
  },
  starter_grant_due: {
    status: 409,
    contractCode: "STARTER_GRANT_DUE",
    exitCode: 2,
    aboutForm: true,
    message: {
      en: "The payment needs the starter coins of the wallet, which are not posted yet.",
      zh: "此支付需要尚未入账的新手币",
    },
    remedy: { en: "Send the request again.", zh: "请重新发送请求" },
  },
  balance_limit: {
    status: 409,
    contractCode: "BALANCE_LIMIT",
    exitCode: 2,
    message: {
      en: "The transfer is not allowed: the balance would pass the account's upper limit.",
      zh: "余额将超过账户上限",
    },
    remedy: {
      en: "Send a smaller amount, or spend from the account first. Nothing was changed.",
      zh: "请减少金额，或先从该账户支出；未做任何更改",
    },
  },
  test_users_only: {
    status: 403,
    contractCode: "FORBIDDEN",
    exitCode: 2,
    message: {
      en: "Not allowed: test users deal with test users and the shop only.",
      zh: "测试用户只能与测试用户及官方商店交易",
    },
    remedy: {
      en: "Use another user on one of the two sides.",
      zh: "请更换其中一方的用户",
    },
  },
  test_budget_spent: {
    status: 403,
    contractCode: "TEST_BUDGET_SPENT",
    exitCode: 2,
    message: {
      en: "The purchase is not allowed: the test user's budget of today is spent.",
      zh: "测试用户今日的预算已用完",
    },
    remedy: {
      en: "Try again after 00:00 UTC. Operator: raise it with `newday test-user add <userId> --daily-budget <coins>`.",
      zh: "请在 UTC 零点后重试。运维人员：可用 newday test-user add <userId> --daily-budget <coins> 提高预算",
    },
  },
  account_frozen: {
    status: 403,
    contractCode: "ACCOUNT_FROZEN",
    exitCode: 2,
    message: {
      en: "The transfer is not allowed: the account is frozen for this direction.",
      zh: "账户的这一方向已冻结，由冻结方解除",
    },
    remedy: {
      en: "Ask the party that froze the account to lift the freeze.",
      zh: "请联系冻结方解除冻结",
    },
  },
  user_frozen: {
    status: 403,
    contractCode: "USER_FROZEN",
    exitCode: 2,
    message: {
      en: "Not allowed: the user is frozen.",
      zh: "用户已被冻结，无法进行此操作",
    },
    remedy: {
      en: "Wait until the freeze ends, or ask the side that froze the user to lift it. Nothing was changed.",
      zh: "请等待冻结到期，或联系冻结方解除；未做任何更改",
    },
  },
  account_closed: {
    status: 409,
    contractCode: "ACCOUNT_CLOSED",
    exitCode: 2,
    message: { en: "The transfer is not allowed: the account is closed.", zh: "账户已关闭" },
    remedy: {
      en: "Reopen the account first, or use another one.",
      zh: "请先重新开启账户，或使用其他账户",
    },
  },
  account_not_empty: {
    status: 409,
    contractCode: "ACCOUNT_NOT_EMPTY",
    exitCode: 2,
    message: {
      en: "Closing is not allowed: the account has a balance or an open hold.",
      zh: "账户仍有余额或预留金额，无法关闭",
    },
    remedy: {
      en: "Move the balance out and end the holds, then close the account.",
      zh: "请先转出余额并结束预留，再关闭账户",
    },
  },
  same_account: {
    status: 400,
    problemStatus: 422,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    aboutForm: true,
    message: {
      en: "A transfer to the same account is not allowed: payer and payee must differ.",
      zh: "付款方与收款方不能相同",
    },
    remedy: { en: "Name another payer or payee.", zh: "请指定不同的付款方或收款方" },
  },
  unbalanced_legs: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    message: {
      en: "The legs of a transfer must sum to zero in each currency.",
      zh: "每种货币的分录之和必须为零",
    },
    remedy: {
      en: "Correct the amounts so that each currency sums to zero.",
      zh: "请更正金额，使每种货币的总和为零",
    },
  },
  invalid_currency: {
    status: 400,
    contractCode: "INVALID_CURRENCY",
    exitCode: 2,
    aboutForm: true,
    message: { en: "The currency is unknown.", zh: "不支持的货币" },
    remedy: { en: "Use a currency that New Day lists.", zh: "请使用 New Day 支持的货币" },
  },
  mint_not_allowed: {
    status: 403,
    contractCode: "FORBIDDEN",
    exitCode: 2,
    message: {
      en: "Minting and burning this currency is not allowed for this platform.",
      zh: "该平台无权发行或销毁此货币",
    },
    remedy: {
      en: "Ask New Day's operators for the right. Operator: run `newday currency allow`.",
      zh: "请向 New Day 运维人员申请授权。运维人员：请运行 newday currency allow",
    },
  },
  issuance_budget_exceeded: {
    status: 409,
    problemStatus: 422,
    contractCode: "ISSUANCE_BUDGET_EXCEEDED",
    exitCode: 2,
    message: {
      en: "Issuing this amount is not allowed: the platform's budget for this currency is used up.",
      zh: "发行预算不足",
    },
    remedy: {
      en: "Issue at most what `left` names, or wait until `passesAt`. Operator: raise it with `newday budget set`.",
      zh: "请将金额减至 left 以内，或等到 passesAt 所示时间。运维人员：可用 newday budget set 提高预算",
    },
  },
  spending_limit_exceeded: {
    status: 409,
    problemStatus: 422,
    contractCode: "SPENDING_LIMIT_EXCEEDED",
    exitCode: 2,
    message: {
      en: "The payment is not allowed: it would pass a spending limit.",
      zh: "超出支出限额",
    },
    remedy: {
      en: "Pay at most what `left` names, wait until `passesAt`, or ask the platform or operator that set the limit.",
      zh: "请将金额减至 left 以内，等到 passesAt 所示时间，或联系限额的设置方",
    },
  },
  consent_required: {
    status: 403,
    contractCode: "CONSENT_REQUIRED",
    exitCode: 2,
    message: {
      en: "The payment across platforms is not allowed: the payer has not consented to it.",
      zh: "未获付款方的跨平台授权",
    },
    remedy: {
      en: "Have the payer or their platform consent: `POST /api/v1/wallets/{userId}/consents`.",
      zh: "请由付款方或其平台授权：POST /api/v1/wallets/{userId}/consents",
    },
  },
  consent_exceeded: {
    status: 409,
    problemStatus: 422,
    contractCode: "CONSENT_EXCEEDED",
    exitCode: 2,
    message: {
      en: "The payment across platforms is not allowed: it would pass what the payer permits a day.",
      zh: "超出付款方每日授权额度",
    },
    remedy: {
      en: "Pay at most what `left` names, wait until `passesAt`, or ask the payer for more.",
      zh: "请将金额减至 left 以内，等到 passesAt 所示时间，或请付款方提高额度",
    },
  },
  policy_not_found: {
    status: 404,
    contractCode: "NOT_FOUND",
    exitCode: 2,
    message: { en: "Limit or consent not found.", zh: "未找到限额或授权" },
    remedy: {
      en: "List those that stand: `GET /api/v1/limits` or `GET /api/v1/consents`.",
      zh: "请查看现有的限额或授权：GET /api/v1/limits 或 GET /api/v1/consents",
    },
  },
  already_so: {
    status: 409,
    contractCode: "ALREADY_SO",
    exitCode: 2,
    message: { en: "Nothing to change: it is so already.", zh: "无需更改：已经如此" },
    remedy: {
      en: "Read the rule as it stands; to change it, send other values.",
      zh: "请查看现有规则；如需更改，请发送不同的值",
    },
  },
  hold_not_found: {
    status: 404,
    contractCode: "NOT_FOUND",
    exitCode: 2,
    message: { en: "Hold not found.", zh: "未找到预留" },
    remedy: {
      en: "Check the id. Holds of other platforms are not shown.",
      zh: "请检查 ID；其他平台的预留不可见",
    },
  },
  hold_not_open: {
    status: 409,
    contractCode: "HOLD_NOT_OPEN",
    exitCode: 2,
    message: {
      en: "The hold is not open: it was captured, voided or has expired.",
      zh: "预留已完成、取消或过期",
    },
    remedy: {
      en: "Read the hold; make a new one if money has to be reserved again.",
      zh: "请读取该预留；如需再次预留请新建",
    },
  },
  capture_too_large: {
    status: 409,
    contractCode: "CAPTURE_TOO_LARGE",
    exitCode: 2,
    message: {
      en: "The capture is not allowed: it takes more than the hold still reserves.",
      zh: "扣款金额超过预留余额",
    },
    remedy: { en: "Capture at most what the hold still reserves.", zh: "请扣款不超过预留余额" },
  },
  transfer_not_found: {
    status: 404,
    contractCode: "NOT_FOUND",
    exitCode: 2,
    message: { en: "Transfer not found.", zh: "未找到交易" },
    remedy: {
      en: "Check the id. Transfers of other platforms are not shown.",
      zh: "请检查 ID；其他平台的交易不可见",
    },
  },
  refund_too_large: {
    status: 409,
    contractCode: "REFUND_TOO_LARGE",
    exitCode: 2,
    message: {
      en: "The refund is not allowed: refunds together would exceed the original transfer.",
      zh: "退款总额不能超过原交易",
    },
    remedy: {
      en: "Refund at most what is left of the original transfer.",
      zh: "请退款不超过原交易的剩余金额",
    },
  },
  exchange_not_offered: {
    status: 400,
    contractCode: "INVALID_CURRENCY",
    exitCode: 2,
    message: {
      en: "The exchange is not allowed: this pair of currencies is not offered.",
      zh: "不支持该货币兑换",
    },
    remedy: {
      en: "Ask New Day's operators for a pair that is offered. Operator: `newday exchange-pair list` shows them.",
      zh: "请向 New Day 运维人员了解支持的兑换对。运维人员：newday exchange-pair list 可列出",
    },
  },
  quote_expired: {
    status: 409,
    contractCode: "QUOTE_EXPIRED",
    exitCode: 2,
    message: { en: "The quote has expired.", zh: "报价已过期" },
    remedy: { en: "Ask for a new quote.", zh: "请重新询价" },
  },
  quote_changed: {
    status: 409,
    contractCode: "QUOTE_CHANGED",
    exitCode: 2,
    message: { en: "The rate differs from the quoted one.", zh: "汇率已变化，请重新询价" },
    remedy: { en: "Ask for a new quote.", zh: "请重新询价" },
  },
  quote_used: {
    status: 409,
    contractCode: "QUOTE_USED",
    exitCode: 2,
    message: { en: "The quote was used by another request.", zh: "该报价已被使用，请重新询价" },
    remedy: { en: "Ask for a new quote.", zh: "请重新询价" },
  },
  nothing_to_move: {
    status: 409,
    contractCode: "NOTHING_TO_MOVE",
    exitCode: 2,
    message: {
      en: "There is nothing that can be moved within the limits.",
      zh: "没有可转移的金额",
    },
    remedy: READ_AGAIN,
  },
  atomic_group_refused: {
    status: 409,
    contractCode: "ATOMIC_GROUP_REFUSED",
    exitCode: 2,
    message: {
      en: "Another operation of the same atomic group was refused; none of them was posted.",
      zh: "同组操作被拒绝，全部未执行",
    },
    remedy: {
      en: "Correct the operation that was refused and send the group under new keys.",
      zh: "请更正被拒绝的操作，并以新的幂等键重新发送整组",
    },
  },
} as const satisfies ErrorRows;
