/** Errors of acts that need a second person. */
import type { ErrorRows } from "./error-row.ts";

export const APPROVAL_ERRORS = {
  approval_required: {
    status: 409,
    contractCode: "APPROVAL_REQUIRED",
    exitCode: 2,
    aboutForm: true,
    message: { en: "This act needs a second person.", zh: "此操作需要第二人批准" },
    remedy: {
      en: "Another operator of the same role approves it: GET /api/admin/approvals.",
      zh: "请由具有同等角色的另一位运维人员批准：GET /api/admin/approvals",
    },
  },
  confiscation_not_found: {
    status: 404,
    contractCode: "CONFISCATION_NOT_FOUND",
    exitCode: 2,
    message: { en: "There is no such confiscation.", zh: "没收记录不存在" },
    remedy: {
      en: "Look it up: GET /api/admin/confiscations.",
      zh: "请查询：GET /api/admin/confiscations",
    },
  },
  approval_not_found: {
    status: 404,
    contractCode: "APPROVAL_NOT_FOUND",
    exitCode: 2,
    message: {
      en: "There is no such approval, or its user was erased.",
      zh: "批准请求不存在，或其用户已被抹除",
    },
    remedy: {
      en: "Look it up: GET /api/admin/approvals.",
      zh: "请查询：GET /api/admin/approvals",
    },
  },
  approval_decided: {
    status: 409,
    contractCode: "APPROVAL_DECIDED",
    exitCode: 2,
    message: { en: "This approval was decided before.", zh: "该批准请求已有决定" },
    remedy: {
      en: "Read the decision: GET /api/admin/approvals. Ask for the act again if it is still wanted.",
      zh: "请查看决定：GET /api/admin/approvals；如仍需要，请重新发起该操作",
    },
  },
  approval_expired: {
    status: 409,
    contractCode: "APPROVAL_EXPIRED",
    exitCode: 2,
    message: {
      en: "This approval was asked for more than three days ago.",
      zh: "该批准请求已超过三天",
    },
    remedy: {
      en: "Ask for the act again, so that its preview is of today.",
      zh: "请重新发起该操作，以便按当前状态预览",
    },
  },
  approval_of_own: {
    status: 403,
    contractCode: "APPROVAL_OF_OWN",
    exitCode: 2,
    message: {
      en: "The person who asked cannot approve, neither signed in nor by a key that they made.",
      zh: "发起人不能自行批准，使用其创建的密钥也不行",
    },
    remedy: {
      en: "Ask another active operator of the same role or a higher one.",
      zh: "请由另一位具有同等或更高角色的有效运维人员批准",
    },
  },
} as const satisfies ErrorRows;
