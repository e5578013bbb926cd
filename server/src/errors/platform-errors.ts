/** Errors of platforms, their secrets and their keys. */
import type { ErrorRows } from "./error-row.ts";

export const PLATFORM_ERRORS = {
  platform_suspended: {
    status: 403,
    contractCode: "PLATFORM_SUSPENDED",
    exitCode: 2,
    message: { en: "This platform is suspended.", zh: "该平台已停用" },
    remedy: {
      en: "Ask the operator of New Day why. Operator: `newday platform resume NAME`.",
      zh: "请向 New Day 的运维人员了解原因。运维人员：newday platform resume NAME",
    },
  },
  proof_unavailable: {
    status: 503,
    contractCode: "PROOF_UNAVAILABLE",
    exitCode: 1,
    retryable: true,
    message: {
      en: "The server cannot verify assertions of this platform now.",
      zh: "服务器暂时无法验证该平台的断言",
    },
    remedy: {
      en: "Wait for `Retry-After` and send a new assertion. Operator: the log has the reason.",
      zh: "请按 Retry-After 等待后发送新的断言。运维人员：原因见日志",
    },
  },
  secrets_key_missing: {
    status: 409,
    contractCode: "SECRETS_KEY_MISSING",
    exitCode: 2,
    message: {
      en: "Secrets are stored encrypted, and this process has no key.",
      zh: "密钥以加密方式保存，而本进程没有加密密钥",
    },
    remedy: {
      en: "Operator: set NEWDAY_SECRETS_KEY or NEWDAY_SECRETS_KEY_FILE as on the servers; `newday platform make-key` makes a first one.",
      zh: "运维人员：请像服务器一样设置 NEWDAY_SECRETS_KEY 或 NEWDAY_SECRETS_KEY_FILE；首次可用 newday platform make-key 生成",
    },
  },
} as const satisfies ErrorRows;
