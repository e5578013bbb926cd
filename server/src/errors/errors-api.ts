/** The part of the error catalogue that is about the rules of /api/v1 itself: form, keys, scopes. */
import { define, type ErrorDefinition } from "./error-definition.ts";

export const API_ERRORS = {
  invalid_amount: define(400, "INVALID_PARAMS", ["An amount breaks a rule.", "金额不符合规则"]),
  invalid_cursor: define(400, "INVALID_PARAMS", [
    "The cursor is not one that this listing gave out; start again without it.",
    "分页游标无效，请从头开始",
  ]),
  unbalanced_legs: define(400, "INVALID_PARAMS", [
    "The legs of a transfer must sum to zero in each currency.",
    "每种货币的分录之和必须为零",
  ]),
  idempotency_key_required: define(400, "INVALID_PARAMS", [
    "This request changes money or items and needs the header Idempotency-Key.",
    "此请求会变更资金或物品，必须携带 Idempotency-Key 请求头",
  ]),
  idempotency_key_invalid: define(400, "INVALID_PARAMS", [
    "The idempotency key breaks a rule.",
    "幂等键不符合规则",
  ]),
  idempotency_key_misplaced: define(400, "INVALID_PARAMS", [
    "The idempotency key was sent under another name; the header is Idempotency-Key.",
    "幂等键的名称或位置不正确，应使用 Idempotency-Key 请求头",
  ]),
  scope_missing: define(403, "FORBIDDEN", [
    "The credential lacks the scope that this call needs.",
    "凭证缺少此操作所需的权限范围",
  ]),
  unproven_limit: define(403, "FORBIDDEN", [
    "A login without proof may not do this; let the platform sign the login.",
    "未验证的登录无权执行此操作，请由平台签名登录",
  ]),
  precondition_failed: define(412, "PRECONDITION_FAILED", [
    "The thing has changed since it was read; read it again.",
    "数据已变更，请重新读取",
  ]),
  key_not_found: define(404, "NOT_FOUND", ["No such platform key.", "未找到平台密钥"]),
} as const satisfies Record<string, ErrorDefinition>;
