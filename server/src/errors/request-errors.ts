/** Errors of a request's form, its credential, its key and its route. */
import type { ErrorRows } from "./error-row.ts";

const FORM_REMEDY = {
  en: "Correct the field that the answer names and send the request again.",
  zh: "请更正回复中指出的字段后重新发送",
};

export const REQUEST_ERRORS = {
  missing_fields: {
    status: 400,
    contractCode: "MISSING_FIELDS",
    exitCode: 2,
    aboutForm: true,
    message: { en: "A required field is missing.", zh: "缺少必要参数" },
    remedy: {
      en: "Add the fields that the answer names and send the request again.",
      zh: "请补充回复中指出的字段后重新发送",
    },
  },
  invalid_field: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    aboutForm: true,
    message: { en: "A field is invalid.", zh: "参数不符合规则" },
    remedy: FORM_REMEDY,
  },
  invalid_user_id: {
    status: 400,
    contractCode: "INVALID_USER_ID",
    exitCode: 2,
    message: { en: "The user id is invalid.", zh: "用户 ID 不符合规则" },
    remedy: {
      en: "Send a user id that keeps the rule of the answer.",
      zh: "请使用符合回复中所述规则的用户 ID",
    },
  },
  invalid_json: {
    status: 400,
    contractCode: "INVALID_JSON",
    exitCode: 2,
    message: { en: "The body is not a JSON object.", zh: "请求体不是有效的 JSON 对象" },
    remedy: { en: "Send one JSON object in UTF-8.", zh: "请发送一个 UTF-8 编码的 JSON 对象" },
  },
  invalid_amount: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    message: { en: "An amount is invalid.", zh: "金额不符合规则" },
    remedy: {
      en: "Send the amount as a string of digits in minor units.",
      zh: "请以最小单位的数字字符串发送金额",
    },
  },
  invalid_cursor: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    message: {
      en: "The cursor is invalid: this listing did not issue it.",
      zh: "分页游标无效，请从头开始",
    },
    remedy: { en: "Request the first page without a cursor.", zh: "请不带游标请求第一页" },
  },
  idempotency_key_required: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    message: {
      en: "This request changes money or items and needs the header Idempotency-Key.",
      zh: "此请求会变更资金或物品，必须携带 Idempotency-Key 请求头",
    },
    remedy: {
      en: "Send the header Idempotency-Key with a new value for each new request.",
      zh: "请携带 Idempotency-Key 请求头，每个新请求使用新的值",
    },
  },
  idempotency_key_invalid: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    message: { en: "The idempotency key is invalid.", zh: "幂等键不符合规则" },
    remedy: {
      en: "Send a key that keeps the rule of the answer.",
      zh: "请使用符合回复中所述规则的幂等键",
    },
  },
  idempotency_key_misplaced: {
    status: 400,
    contractCode: "INVALID_PARAMS",
    exitCode: 2,
    message: {
      en: "The idempotency key was sent under another name; the header is Idempotency-Key.",
      zh: "幂等键的名称或位置不正确，应使用 Idempotency-Key 请求头",
    },
    remedy: {
      en: "Send the key in the header Idempotency-Key.",
      zh: "请在 Idempotency-Key 请求头中发送幂等键",
    },
  },
  idempotency_conflict: {
    status: 409,
    contractCode: "IDEMPOTENCY_CONFLICT",
    exitCode: 2,
    message: {
      en: "This idempotency key was used for a different request.",
      zh: "该幂等键已用于不同的请求",
    },
    remedy: {
      en: "Choose a new key for a new request. To repeat a request, send its first body unchanged.",
      zh: "新请求请使用新的幂等键；重复请求请原样发送首次的请求体",
    },
  },
  invalid_token: {
    status: 401,
    contractCode: "INVALID_TOKEN",
    exitCode: 2,
    message: { en: "The token is missing, unknown or expired.", zh: "未授权" },
    remedy: {
      en: "Log in again and send the new token as `Authorization: Bearer <token>`.",
      zh: "请重新登录，并以 Authorization: Bearer <token> 发送新令牌",
    },
  },
  forbidden: {
    status: 403,
    contractCode: "FORBIDDEN",
    exitCode: 2,
    message: { en: "This caller is not allowed to do this.", zh: "没有权限" },
    remedy: {
      en: "Use a credential that has the right, or ask the party that grants it.",
      zh: "请使用具备该权限的凭证，或联系授权方",
    },
  },
  scope_missing: {
    status: 403,
    contractCode: "FORBIDDEN",
    exitCode: 2,
    message: {
      en: "The call is not allowed: the credential lacks its scope.",
      zh: "凭证缺少此操作所需的权限范围",
    },
    remedy: {
      en: "Use a credential with the scope that the answer names.",
      zh: "请使用具备回复中所述权限范围的凭证",
    },
  },
  unproven_limit: {
    status: 403,
    contractCode: "FORBIDDEN",
    exitCode: 2,
    message: {
      en: "This is not allowed for a login that no platform has signed.",
      zh: "未验证的登录无权执行此操作，请由平台签名登录",
    },
    remedy: {
      en: "Pay less at a time, or let the platform sign the login (docs/login.md).",
      zh: "请减少单次金额，或由平台签名登录（见 docs/login.md）",
    },
  },
  key_not_found: {
    status: 404,
    contractCode: "NOT_FOUND",
    exitCode: 2,
    message: { en: "Platform key not found.", zh: "未找到平台密钥" },
    remedy: {
      en: "List the keys with `newday key list` and use one of their ids.",
      zh: "请用 newday key list 查看密钥，并使用其中的 ID",
    },
  },
  not_found: {
    status: 404,
    contractCode: "NOT_FOUND",
    exitCode: 2,
    message: { en: "Not found.", zh: "未找到" },
    remedy: {
      en: "Check the path and the id. What another platform owns is not shown.",
      zh: "请检查路径与 ID；其他平台的内容不可见",
    },
  },
  method_not_allowed: {
    status: 405,
    contractCode: "METHOD_NOT_ALLOWED",
    exitCode: 2,
    message: { en: "Method not allowed.", zh: "不支持的请求方法" },
    remedy: {
      en: "Use one of the methods in the Allow header.",
      zh: "请使用 Allow 响应头列出的方法",
    },
  },
  request_timeout: {
    status: 408,
    contractCode: "REQUEST_TIMEOUT",
    exitCode: 2,
    retryable: true,
    message: { en: "The request did not arrive in time.", zh: "请求超时" },
    remedy: { en: "Send the same request again.", zh: "请重新发送同一请求" },
  },
  precondition_failed: {
    status: 412,
    contractCode: "PRECONDITION_FAILED",
    exitCode: 2,
    message: { en: "The resource has changed since it was read.", zh: "数据已变更，请重新读取" },
    remedy: {
      en: "Read the resource again and send its new ETag in `If-Match`.",
      zh: "请重新读取，并在 If-Match 中发送新的 ETag",
    },
  },
  payload_too_large: {
    status: 413,
    contractCode: "PAYLOAD_TOO_LARGE",
    exitCode: 2,
    message: { en: "The body is too large.", zh: "请求体过大" },
    remedy: {
      en: "Send a smaller body, or split it into several requests.",
      zh: "请缩小请求体，或拆分为多个请求",
    },
  },
  unsupported_media_type: {
    status: 415,
    contractCode: "UNSUPPORTED_MEDIA_TYPE",
    exitCode: 2,
    message: { en: "The media type is not supported.", zh: "请使用 application/json" },
    remedy: { en: "Send the body as application/json.", zh: "请以 application/json 发送请求体" },
  },
  rate_limited: {
    status: 429,
    contractCode: "RATE_LIMITED",
    exitCode: 2,
    retryable: true,
    message: { en: "Too many requests.", zh: "请求过于频繁" },
    remedy: {
      en: "Wait for `Retry-After` and send the same request again.",
      zh: "请按 Retry-After 等待后重新发送",
    },
  },
  headers_too_large: {
    status: 431,
    contractCode: "HEADERS_TOO_LARGE",
    exitCode: 2,
    message: { en: "The request headers are too large.", zh: "请求头过大" },
    remedy: { en: "Send fewer or shorter headers.", zh: "请减少或缩短请求头" },
  },
  malformed_request: {
    status: 400,
    contractCode: "MALFORMED_REQUEST",
    exitCode: 2,
    message: { en: "The bytes are not an HTTP request.", zh: "请求格式错误" },
    remedy: { en: "Send an HTTP/1.1 request.", zh: "请发送 HTTP/1.1 请求" },
  },
} as const satisfies ErrorRows;
