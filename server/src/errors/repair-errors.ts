/**
 * The classes of outcome in which a command of `newday repair` ends early. Each single refusal has
 * its own text in the tables of refusals; its class decides the exit code.
 */
import type { ErrorRows } from "./error-row.ts";

export const REPAIR_ERRORS = {
  repair_usage: {
    status: 400,
    contractCode: "REPAIR_USAGE",
    exitCode: 2,
    message: { en: "Invalid usage of `newday repair`.", zh: "修复命令的用法有误" },
    remedy: {
      en: "Correct the option and run the command again; `--help` lists the options.",
      zh: "请更正选项后重新运行；--help 列出所有选项",
    },
  },
  repair_refused: {
    status: 409,
    contractCode: "REPAIR_REFUSED",
    exitCode: 3,
    message: {
      en: "A guard of the repair refused; nothing was changed.",
      zh: "修复的安全检查拒绝执行，未做任何更改",
    },
    remedy: {
      en: "Resolve what the message names, then run the command again.",
      zh: "请处理所指出的问题，再重新运行命令",
    },
  },
  repair_blocked: {
    status: 503,
    contractCode: "REPAIR_BLOCKED",
    exitCode: 4,
    retryable: true,
    message: {
      en: "The database was too busy; nothing was changed.",
      zh: "数据库繁忙，未做任何更改",
    },
    remedy: {
      en: "Run the command again later; `newday repair unblock` lists the sessions in the way.",
      zh: "请稍后重新运行；newday repair unblock 列出阻塞的会话",
    },
  },
  repair_plan_stale: {
    status: 409,
    contractCode: "REPAIR_PLAN_STALE",
    exitCode: 5,
    message: { en: "The plan differs from the database.", zh: "计划已过期" },
    remedy: {
      en: "Make a new plan with `newday repair plan`.",
      zh: "请用 newday repair plan 重新生成计划",
    },
  },
  repair_verify_failed: {
    status: 500,
    contractCode: "REPAIR_VERIFY_FAILED",
    exitCode: 6,
    message: {
      en: "A check of the repair failed; nothing was changed.",
      zh: "修复验证失败，未做任何更改",
    },
    remedy: {
      en: "Read the checks marked `not ok`, resolve them, then run the command again.",
      zh: "请查看标为 not ok 的检查，处理后重新运行",
    },
  },
  repair_in_doubt: {
    status: 500,
    contractCode: "REPAIR_IN_DOUBT",
    exitCode: 7,
    message: { en: "The answer to COMMIT was lost.", zh: "提交结果未知" },
    remedy: {
      en: "Run `newday repair resume`; it reads the outcome from the server.",
      zh: "请运行 newday repair resume，由服务器查明结果",
    },
  },
  repair_incomplete: {
    status: 500,
    contractCode: "REPAIR_INCOMPLETE",
    exitCode: 8,
    message: {
      en: "The database was changed, but a later step failed.",
      zh: "数据库已更改，但后续步骤失败",
    },
    remedy: {
      en: "Run `newday repair resume`, then `newday repair verify`.",
      zh: "请运行 newday repair resume，再运行 newday repair verify",
    },
  },
  rollback_refused: {
    status: 409,
    contractCode: "ROLLBACK_REFUSED",
    exitCode: 9,
    message: {
      en: "The rollback is not allowed in the present state; nothing was changed.",
      zh: "当前状态无法执行该回滚，未做任何更改",
    },
    remedy: {
      en: "Run `newday repair rollback --plan` and choose an option that is open.",
      zh: "请运行 newday repair rollback --plan，选择可行的方式",
    },
  },
} as const satisfies ErrorRows;
