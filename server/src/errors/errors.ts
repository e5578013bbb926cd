/**
 * The error catalogue: every refusal and fault of New Day, in one table.
 *
 * A rule throws `NewDayError` with a code of this table; the edges translate it: HTTP status and
 * envelope in `http/plugins/error-handler.ts`, exit code and text in `cli/`. `message` is public;
 * PostgreSQL's own message travels as `cause` and reaches the log only.
 */
import { define, type ErrorDefinition } from "./error-definition.ts";
import { API_ERRORS } from "./errors-api.ts";
import { ITEM_ERRORS } from "./errors-items.ts";

export const ERRORS = {
  ...API_ERRORS,
  ...ITEM_ERRORS,
  missing_fields: define(400, "MISSING_FIELDS", ["A required field is missing.", "缺少必要参数"]),
  invalid_field: define(400, "INVALID_PARAMS", ["A field breaks a rule.", "参数不符合规则"]),
  invalid_user_id: define(400, "INVALID_USER_ID", [
    "The user id breaks a rule.",
    "用户 ID 不符合规则",
  ]),
  invalid_json: define(400, "INVALID_JSON", [
    "The body is not a JSON object.",
    "请求体不是有效的 JSON 对象",
  ]),
  invalid_token: define(401, "INVALID_TOKEN", [
    "The token is missing, unknown or expired.",
    "未授权",
  ]),
  forbidden: define(403, "FORBIDDEN", ["This caller may not do this.", "没有权限"]),
  not_found: define(404, "NOT_FOUND", ["There is nothing here.", "未找到"]),
  wallet_not_found: define(404, "PLAYER_NOT_FOUND", ["No such wallet.", "用户不存在"]),
  insufficient_funds: define(
    400,
    "INSUFFICIENT_BALANCE",
    ["The account does not have that much available.", "余额不足"],
    { problemStatus: 422 },
  ),
  balance_limit: define(409, "BALANCE_LIMIT", [
    "The balance would pass the account's upper limit.",
    "余额将超过账户上限",
  ]),
  account_frozen: define(403, "ACCOUNT_FROZEN", [
    "The account is frozen for this direction; whoever froze it can lift it.",
    "账户的这一方向已冻结，由冻结方解除",
  ]),
  account_closed: define(409, "ACCOUNT_CLOSED", [
    "The account is closed; reopen it first.",
    "账户已关闭",
  ]),
  account_not_empty: define(409, "ACCOUNT_NOT_EMPTY", [
    "Only an account without balance and without holds can be closed.",
    "账户仍有余额或预留金额，无法关闭",
  ]),
  same_account: define(
    400,
    "INVALID_PARAMS",
    ["Payer and payee must be different accounts.", "付款方与收款方不能相同"],
    { problemStatus: 422 },
  ),
  invalid_currency: define(400, "INVALID_CURRENCY", [
    "New Day has no such currency.",
    "不支持的货币",
  ]),
  mint_not_allowed: define(403, "FORBIDDEN", [
    "This platform may not mint or burn this currency.",
    "该平台无权发行或销毁此货币",
  ]),
  wallet_exists: define(409, "WALLET_EXISTS", ["The user already has a wallet.", "钱包已存在"]),
  hold_not_found: define(404, "NOT_FOUND", ["No such hold.", "未找到预留"]),
  hold_not_open: define(409, "HOLD_NOT_OPEN", [
    "The hold was captured, voided or has expired.",
    "预留已完成、取消或过期",
  ]),
  capture_too_large: define(409, "CAPTURE_TOO_LARGE", [
    "A capture cannot take more than the hold still reserves.",
    "扣款金额超过预留余额",
  ]),
  transfer_not_found: define(404, "NOT_FOUND", ["No such transfer.", "未找到交易"]),
  refund_too_large: define(409, "REFUND_TOO_LARGE", [
    "Refunds together cannot exceed the original transfer.",
    "退款总额不能超过原交易",
  ]),
  exchange_not_offered: define(400, "INVALID_CURRENCY", [
    "This pair of currencies cannot be exchanged.",
    "不支持该货币兑换",
  ]),
  quote_expired: define(409, "QUOTE_EXPIRED", [
    "The quote has expired; ask for a new one.",
    "报价已过期",
  ]),
  quote_changed: define(409, "QUOTE_CHANGED", [
    "The rate is not the quoted one any more; ask for a new quote.",
    "汇率已变化，请重新询价",
  ]),
  quote_used: define(409, "QUOTE_USED", [
    "The quote was used by another request; ask for a new one.",
    "该报价已被使用，请重新询价",
  ]),
  precondition_failed: define(412, "PRECONDITION_FAILED", [
    "The account has changed since it was read; read it again.",
    "账户已变化，请重新读取",
  ]),
  nothing_to_move: define(409, "NOTHING_TO_MOVE", [
    "There is nothing that can be moved within the limits.",
    "没有可转移的金额",
  ]),
  atomic_group_refused: define(409, "ATOMIC_GROUP_REFUSED", [
    "Another operation of the same atomic group was refused; none of them was posted.",
    "同组操作被拒绝，全部未执行",
  ]),
  idempotency_conflict: define(409, "IDEMPOTENCY_CONFLICT", [
    "This idempotency key was used for a different request; choose a new key.",
    "该幂等键已用于不同的请求",
  ]),
  adoption_refused: define(
    409,
    "ADOPTION_REFUSED",
    [
      "A foreign key still ties wallets to players; run `newday repair` first.",
      "外键仍将钱包绑定到玩家，请先运行 newday repair",
    ],
    { exitCode: 3 },
  ),
  adoption_mismatch: define(
    500,
    "ADOPTION_MISMATCH",
    [
      "Counts or sums differ between the legacy tables and the ledger; nothing was switched.",
      "接管前后的数量或金额不一致，未切换",
    ],
    { exitCode: 3 },
  ),
  overloaded: define(
    503,
    "OVERLOADED",
    ["The posting queue is full; nothing was done, try again.", "服务繁忙，请稍后重试"],
    { retryable: true },
  ),
  method_not_allowed: define(405, "METHOD_NOT_ALLOWED", [
    "This path knows other methods.",
    "不支持的请求方法",
  ]),
  malformed_request: define(400, "MALFORMED_REQUEST", [
    "This is not an HTTP request.",
    "请求格式错误",
  ]),
  request_timeout: define(
    408,
    "REQUEST_TIMEOUT",
    ["The request did not arrive in time.", "请求超时"],
    { retryable: true },
  ),
  headers_too_large: define(431, "HEADERS_TOO_LARGE", [
    "The request headers are too large.",
    "请求头过大",
  ]),
  payload_too_large: define(413, "PAYLOAD_TOO_LARGE", ["The body is too large.", "请求体过大"]),
  unsupported_media_type: define(415, "UNSUPPORTED_MEDIA_TYPE", [
    "Send application/json.",
    "请使用 application/json",
  ]),
  rate_limited: define(
    429,
    "RATE_LIMITED",
    ["Too many requests; wait and try again.", "请求过于频繁"],
    {
      retryable: true,
    },
  ),
  repair_due: define(
    503,
    "REPAIR_DUE",
    [
      "A foreign key still ties wallets to players; the operator must run `newday repair`.",
      "数据库修复尚未完成：外键仍将钱包绑定到玩家",
    ],
    { retryable: true },
  ),
  not_adopted: define(
    503,
    "ADOPTION_DUE",
    [
      "This database has not been adopted yet; the operator must run `newday adopt`.",
      "数据库尚未完成接管",
    ],
    { retryable: true },
  ),
  database_unavailable: define(
    503,
    "DATABASE_CONNECTION_ERROR",
    ["The database cannot be reached.", "数据库暂时不可用"],
    { retryable: true },
  ),
  database_busy: define(
    503,
    "DATABASE_BUSY",
    ["The database is too busy; try again.", "数据库繁忙，请稍后重试"],
    {
      retryable: true,
    },
  ),
  shutting_down: define(
    503,
    "SHUTTING_DOWN",
    ["The server is stopping; try again.", "服务正在停止，请稍后重试"],
    {
      retryable: true,
    },
  ),
  database_too_old: define(
    500,
    "DATABASE_TOO_OLD",
    [
      "The database server is older than PostgreSQL 15; upgrade it or use the embedded one.",
      "数据库版本过旧，需要 PostgreSQL 15 或更新版本",
    ],
    { exitCode: 3 },
  ),
  port_in_use: define(
    500,
    "PORT_IN_USE",
    [
      "The port is in use by another program; set PORT to another one.",
      "端口已被占用，请用 PORT 指定其他端口",
    ],
    { exitCode: 3 },
  ),
  internal: define(500, "SERVER_ERROR", ["The server met a fault.", "服务器错误"]),
  database_newer: define(
    500,
    "DATABASE_NEWER",
    [
      "The database was made by a newer version of New Day; install that version or restore a backup.",
      "数据库版本较新，请升级 New Day",
    ],
    { exitCode: 3 },
  ),
  migrations_pending: define(
    500,
    "MIGRATIONS_PENDING",
    [
      "The database is older than this version of New Day; let the owner of its tables run `newday roles`, which migrates it.",
      "数据库结构较旧，请由表的所有者运行 newday roles 完成迁移",
    ],
    { exitCode: 3 },
  ),
  migration_changed: define(
    500,
    "MIGRATION_CHANGED",
    [
      "A migration that was applied has another checksum than the file; restore the released files.",
      "迁移文件与已应用的版本不一致",
    ],
    { exitCode: 3 },
  ),
  config_invalid: define(500, "CONFIG_INVALID", ["A setting is wrong.", "配置有误"], {
    exitCode: 2,
  }),
  data_folder_in_use: define(
    500,
    "DATA_FOLDER_IN_USE",
    ["The data folder is in use by another New Day process.", "数据目录正被另一个进程使用"],
    { exitCode: 3 },
  ),
  data_folder_foreign: define(
    500,
    "DATA_FOLDER_FOREIGN",
    [
      "The data folder holds files that New Day did not put there; name an empty folder.",
      "数据目录中有不属于 New Day 的文件，请指定一个空目录",
    ],
    { exitCode: 3 },
  ),
  data_folder_newer: define(
    500,
    "DATA_FOLDER_NEWER",
    [
      "The data folder was made by another version of New Day or PostgreSQL.",
      "数据目录由其他版本的 New Day 或 PostgreSQL 创建",
    ],
    { exitCode: 3 },
  ),
  data_folder_unusable: define(
    500,
    "DATA_FOLDER_UNUSABLE",
    ["The data folder cannot be read or written.", "数据目录无法读取或写入"],
    { exitCode: 3 },
  ),
  embedded_failed: define(
    500,
    "EMBEDDED_FAILED",
    ["The embedded PostgreSQL did not start.", "内置 PostgreSQL 启动失败"],
    { exitCode: 1 },
  ),
  repair_usage: define(
    400,
    "REPAIR_USAGE",
    ["The repair was asked for in a way that it does not know.", "修复命令的用法有误"],
    { exitCode: 2 },
  ),
  repair_refused: define(
    409,
    "REPAIR_REFUSED",
    ["A guard of the repair refused; nothing was changed.", "修复的安全检查拒绝执行，未做任何更改"],
    { exitCode: 3 },
  ),
  repair_blocked: define(
    503,
    "REPAIR_BLOCKED",
    [
      "The database was too busy; nothing was changed, try later.",
      "数据库繁忙，未做任何更改，请稍后重试",
    ],
    { exitCode: 4, retryable: true },
  ),
  repair_plan_stale: define(
    409,
    "REPAIR_PLAN_STALE",
    ["The plan is no longer true; make a new one.", "计划已过期，请重新生成"],
    { exitCode: 5 },
  ),
  repair_verify_failed: define(
    500,
    "REPAIR_VERIFY_FAILED",
    ["A check of the repair failed; nothing was changed.", "修复验证失败，未做任何更改"],
    { exitCode: 6 },
  ),
  repair_in_doubt: define(
    500,
    "REPAIR_IN_DOUBT",
    [
      "The answer to COMMIT was lost; run `newday repair resume`.",
      "提交结果未知，请运行 newday repair resume",
    ],
    { exitCode: 7 },
  ),
  repair_incomplete: define(
    500,
    "REPAIR_INCOMPLETE",
    ["The database was changed, but a later step failed.", "数据库已更改，但后续步骤失败"],
    { exitCode: 8 },
  ),
  rollback_refused: define(
    409,
    "ROLLBACK_REFUSED",
    [
      "This rollback is not possible in the present state; nothing was changed.",
      "当前状态无法执行该回滚，未做任何更改",
    ],
    { exitCode: 9 },
  ),
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorCode = keyof typeof ERRORS;

export type ErrorDetails = Readonly<Record<string, unknown>>;

/** A refusal or a fault with a code of the catalogue. `message` is safe for every reader. */
export class NewDayError extends Error {
  override readonly name = "NewDayError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(
    code: ErrorCode,
    details: ErrorDetails = {},
    options: { message?: string; cause?: unknown } = {},
  ) {
    super(options.message ?? ERRORS[code].message, { cause: options.cause });
    this.code = code;
    this.details = details;
  }

  get definition(): ErrorDefinition {
    return ERRORS[this.code];
  }
}

export function isNewDayError(error: unknown): error is NewDayError {
  return error instanceof NewDayError;
}
