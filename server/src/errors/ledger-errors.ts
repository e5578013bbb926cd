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
      en: "Try again after 00:00 UTC, or ask New Day's operators to raise it: newday test-user add <userId> --daily-budget <coins>.",
      zh: "请在 UTC 零点后重试，或请 New Day 运维人员提高预算：newday test-user add <userId> --daily-budget <coins>",
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
      en: "Ask the operator for the right: `newday currency allow`.",
      zh: "请联系运维人员授权：newday currency allow",
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
      en: "Use a pair that `GET /api/v1/exchange-pairs` lists.",
      zh: "请使用 GET /api/v1/exchange-pairs 列出的兑换对",
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
