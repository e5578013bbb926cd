/** Errors of erasures. */
import type { ErrorRows } from "./error-row.ts";

export const PRIVACY_ERRORS = {
  user_erased: {
    status: 409,
    contractCode: "USER_ERASED",
    exitCode: 2,
    message: {
      en: "The user was erased: nothing is paid to or taken from them any more.",
      zh: "该用户已被抹除，不能再收付款",
    },
    remedy: { en: "Leave the user out.", zh: "请不要再涉及该用户" },
  },
  erasure_blocked: {
    status: 409,
    contractCode: "ERASURE_BLOCKED",
    exitCode: 2,
    message: {
      en: "The erasure is not allowed yet: the user still has affairs or property.",
      zh: "暂不能抹除：该用户仍有未了结的事项或财产",
    },
    remedy: {
      en: "Say what happens to them: `open: settle`, `property: forfeit` (commands: --settle, --forfeit). Nothing was changed.",
      zh: "请说明如何处理：open: settle、property: forfeit（命令行：--settle、--forfeit）；未做任何更改",
    },
  },
} as const satisfies ErrorRows;
