/** Errors of operators: signing in, roles, and changes of operators themselves. */
import type { ErrorRows } from "./error-row.ts";

export const OPERATOR_ERRORS = {
  sign_in_refused: {
    status: 401,
    contractCode: "SIGN_IN_REFUSED",
    exitCode: 2,
    message: { en: "Login, password or code is wrong.", zh: "登录名、密码或验证码错误" },
    remedy: {
      en: "Check all three; a code is valid for a minute and opens once. An owner can send a new invitation.",
      zh: "请逐项核对；验证码一分钟内有效，且只能使用一次。忘记密码请由所有者重新发送邀请",
    },
  },
  second_factor_required: {
    status: 401,
    contractCode: "SECOND_FACTOR_REQUIRED",
    exitCode: 2,
    message: { en: "This operator has a second factor.", zh: "该运维人员已启用第二因素" },
    remedy: {
      en: "Send `code` as well: the six digits that the authenticator app shows.",
      zh: "请同时发送 code：验证器应用显示的六位数字",
    },
  },
  second_factor_due: {
    status: 403,
    contractCode: "SECOND_FACTOR_DUE",
    exitCode: 2,
    message: {
      en: "In production this role acts with a second factor only.",
      zh: "生产模式下，该角色必须使用第二因素",
    },
    remedy: {
      en: "Set one up (POST /api/admin/second-factor), confirm it, and sign in again.",
      zh: "请先设置（POST /api/admin/second-factor）并确认，然后重新登录",
    },
  },
  sign_in_locked: {
    status: 429,
    contractCode: "SIGN_IN_LOCKED",
    exitCode: 2,
    retryable: true,
    message: { en: "Too many sign-ins were refused.", zh: "登录失败次数过多" },
    remedy: {
      en: "Wait for `Retry-After`, then sign in again.",
      zh: "请按 Retry-After 等待后重新登录",
    },
  },
  operator_session_invalid: {
    status: 401,
    contractCode: "OPERATOR_SESSION_INVALID",
    exitCode: 2,
    message: {
      en: "This call is for operators who are signed in.",
      zh: "此接口仅供已登录的运维人员使用",
    },
    remedy: {
      en: "Sign in: POST /api/admin/sessions; a machine sends `Authorization: Bearer nd_admin_...`.",
      zh: "请登录：POST /api/admin/sessions；程序请发送 Authorization: Bearer nd_admin_...",
    },
  },
  csrf_refused: {
    status: 403,
    contractCode: "CSRF_REFUSED",
    exitCode: 2,
    message: { en: "The page that sent this is not the console.", zh: "该请求并非来自控制台页面" },
    remedy: {
      en: "Send `X-CSRF-Token` with the `csrfToken` of GET /api/admin/session.",
      zh: "请在 X-CSRF-Token 中发送 GET /api/admin/session 返回的 csrfToken",
    },
  },
  role_missing: {
    status: 403,
    contractCode: "ROLE_MISSING",
    exitCode: 2,
    message: {
      en: "This operator's role does not allow this.",
      zh: "该运维人员的角色无权进行此操作",
    },
    remedy: {
      en: "Ask an operator with the role that `rule` names, or an owner to change yours.",
      zh: "请联系具备所需角色的运维人员，或请所有者调整您的角色",
    },
  },
  operator_code_invalid: {
    status: 401,
    contractCode: "OPERATOR_CODE_INVALID",
    exitCode: 2,
    message: {
      en: "This one-time code is unknown, used or older than a day.",
      zh: "一次性代码不存在、已使用或已过期（一天）",
    },
    remedy: {
      en: "Ask an owner for a new one. Operator: on the machine `newday operator code LOGIN`, of the first owner `newday operator first-owner`.",
      zh: "请向所有者索取新的代码。运维人员：在服务器上运行 newday operator code LOGIN；首位所有者：newday operator first-owner",
    },
  },
  user_not_found: {
    status: 404,
    contractCode: "PLAYER_NOT_FOUND",
    exitCode: 2,
    message: { en: "There is no such user.", zh: "用户不存在" },
    remedy: {
      en: "Search for a part of the name or id: GET /api/admin/users?q=. Operator: `newday user find TEXT`.",
      zh: "请按名称或 ID 的一部分搜索：GET /api/admin/users?q=。运维人员：newday user find TEXT",
    },
  },
  operator_not_found: {
    status: 404,
    contractCode: "OPERATOR_NOT_FOUND",
    exitCode: 2,
    message: { en: "There is no such operator.", zh: "运维人员不存在" },
    remedy: {
      en: "Look it up: GET /api/admin/operators. Operator: `newday operator list`.",
      zh: "请查询：GET /api/admin/operators。运维人员：newday operator list",
    },
  },
  last_owner: {
    status: 409,
    contractCode: "LAST_OWNER",
    exitCode: 2,
    message: { en: "This is the last active owner.", zh: "这是最后一位有效的所有者" },
    remedy: {
      en: "Make another operator an owner first.",
      zh: "请先将另一位运维人员设为所有者",
    },
  },
} as const satisfies ErrorRows;
