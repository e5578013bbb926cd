/** Errors of the server, its database, its data folder, its settings and the adoption. */
import type { ErrorRows } from "./error-row.ts";

const LATER = {
  en: "Wait for `Retry-After` and send the same request again.",
  zh: "请按 Retry-After 等待后重新发送",
};

export const SERVER_ERRORS = {
  internal: {
    status: 500,
    contractCode: "SERVER_ERROR",
    exitCode: 1,
    message: { en: "The server met a fault.", zh: "服务器错误" },
    remedy: {
      en: "Report the `requestId`; the log holds the cause under it. Nothing was posted.",
      zh: "请报告 requestId；日志中有其原因。未记账",
    },
  },
  overloaded: {
    status: 503,
    contractCode: "OVERLOADED",
    exitCode: 1,
    retryable: true,
    message: { en: "The posting queue is full; nothing was done.", zh: "服务繁忙，请稍后重试" },
    remedy: LATER,
  },
  shutting_down: {
    status: 503,
    contractCode: "SHUTTING_DOWN",
    exitCode: 1,
    retryable: true,
    message: { en: "The server is stopping.", zh: "服务正在停止，请稍后重试" },
    remedy: LATER,
  },
  system_exhausted: {
    status: 503,
    contractCode: "OVERLOADED",
    exitCode: 1,
    retryable: true,
    message: {
      en: "The machine is out of files, memory or disk space.",
      zh: "服务器资源不足（文件句柄、内存或磁盘）",
    },
    remedy: {
      en: "Wait for `Retry-After` and send the same request again. Operator: the log names the resource; raise its limit or free some.",
      zh: "请按 Retry-After 等待后重新发送。运维人员：日志指明了耗尽的资源，请提高上限或释放空间",
    },
  },
  database_unavailable: {
    status: 503,
    contractCode: "DATABASE_CONNECTION_ERROR",
    exitCode: 1,
    retryable: true,
    message: { en: "The database cannot be reached.", zh: "数据库暂时不可用" },
    remedy: {
      en: "Wait for `Retry-After` and send the same request again. Operator: the log has the reason (refused, password, no such database); correct `DATABASE_URL` or start the database.",
      zh: "请按 Retry-After 等待后重新发送。运维人员：原因见日志（拒绝连接、密码错误、数据库不存在），请更正 DATABASE_URL 或启动数据库",
    },
  },
  database_busy: {
    status: 503,
    contractCode: "DATABASE_BUSY",
    exitCode: 1,
    retryable: true,
    message: { en: "The database is too busy.", zh: "数据库繁忙，请稍后重试" },
    remedy: LATER,
  },
  database_read_only: {
    status: 503,
    contractCode: "DATABASE_CONNECTION_ERROR",
    exitCode: 1,
    retryable: true,
    message: {
      en: "The database accepts no writes: it is read-only or a standby.",
      zh: "数据库当前只读，暂不接受写入",
    },
    remedy: {
      en: "Wait for `Retry-After` and send the same request again. Operator: point `DATABASE_URL` at the primary, or end its read-only mode.",
      zh: "请按 Retry-After 等待后重新发送。运维人员：请将 DATABASE_URL 指向主库，或解除只读",
    },
  },
  database_too_old: {
    status: 500,
    contractCode: "DATABASE_TOO_OLD",
    exitCode: 3,
    message: {
      en: "The database server is older than PostgreSQL 15.",
      zh: "数据库版本过旧，需要 PostgreSQL 15 或更新版本",
    },
    remedy: {
      en: "Operator: upgrade to PostgreSQL 15 or newer, or leave `DATABASE_URL` out.",
      zh: "运维人员：请升级到 PostgreSQL 15 或更新版本，或不设置 DATABASE_URL",
    },
  },
  database_newer: {
    status: 500,
    contractCode: "DATABASE_NEWER",
    exitCode: 3,
    message: {
      en: "The database was made by a newer version of New Day.",
      zh: "数据库版本较新，请升级 New Day",
    },
    remedy: {
      en: "Operator: run the New Day version that made it, or restore a backup from before the upgrade.",
      zh: "运维人员：请运行创建它的 New Day 版本，或恢复升级前的备份",
    },
  },
  migrations_pending: {
    status: 500,
    contractCode: "MIGRATIONS_PENDING",
    exitCode: 3,
    message: { en: "The database is older than this version of New Day.", zh: "数据库结构较旧" },
    remedy: {
      en: "Operator: let the owner of the tables run `newday roles`, which migrates it.",
      zh: "运维人员：请由表的所有者运行 newday roles 完成迁移",
    },
  },
  schema_shadows: {
    status: 500,
    contractCode: "SCHEMA_SHADOWS",
    exitCode: 3,
    message: {
      en: "New Day's tables would hide another application's tables. Nothing was changed.",
      zh: "New Day 的表会遮住其他应用的表，未作任何更改",
    },
    remedy: {
      en: "Operator: run `alter role NAME set search_path = public` for each named role, reconnect the application, then start again.",
      zh: "运维人员：对每个列出的角色执行 alter role NAME set search_path = public，让应用重新连接，然后再次启动",
    },
  },
  migration_changed: {
    status: 500,
    contractCode: "MIGRATION_CHANGED",
    exitCode: 3,
    message: {
      en: "A migration that was applied has another checksum than its file.",
      zh: "迁移文件与已应用的版本不一致",
    },
    remedy: {
      en: "Operator: restore the released files; never edit an applied migration.",
      zh: "运维人员：请恢复发布的文件；切勿修改已应用的迁移",
    },
  },
  repair_due: {
    status: 503,
    contractCode: "REPAIR_DUE",
    exitCode: 1,
    retryable: true,
    message: {
      en: "A foreign key still ties wallets to players.",
      zh: "数据库修复尚未完成：外键仍将钱包绑定到玩家",
    },
    remedy: {
      en: "Repeat the request later. Operator: run `newday repair plan`, read it, then `newday repair apply`.",
      zh: "请稍后重试。运维人员：请运行 newday repair plan，阅读后再运行 newday repair apply",
    },
  },
  not_adopted: {
    status: 503,
    contractCode: "ADOPTION_DUE",
    exitCode: 1,
    retryable: true,
    message: { en: "This database has not been adopted yet.", zh: "数据库尚未完成接管" },
    remedy: {
      en: "Repeat the request later. Operator: run `newday adopt --dry-run`, then `newday adopt`.",
      zh: "请稍后重试。运维人员：请运行 newday adopt --dry-run，再运行 newday adopt",
    },
  },
  adoption_refused: {
    status: 409,
    contractCode: "ADOPTION_REFUSED",
    exitCode: 3,
    message: {
      en: "The adoption is not allowed: a foreign key still ties wallets to players.",
      zh: "外键仍将钱包绑定到玩家",
    },
    remedy: {
      en: "Operator: run `newday repair plan` and `newday repair apply` first.",
      zh: "运维人员：请先运行 newday repair plan 和 newday repair apply",
    },
  },
  adoption_unconfirmed: {
    status: 409,
    contractCode: "ADOPTION_UNCONFIRMED",
    exitCode: 3,
    message: {
      en: "The adoption is the point of no return and was not confirmed: the database's name is missing or differs. This command adopted nothing.",
      zh: "接管是不可逆点，尚未确认：缺少数据库名或名称不符。本次命令未接管任何内容",
    },
    remedy: {
      en: "Operator: read `newday adopt --dry-run`, then name the database: `newday adopt --confirm-database NAME`.",
      zh: "运维人员：请先阅读 newday adopt --dry-run，再指明数据库：newday adopt --confirm-database 名称",
    },
  },
  adoption_mismatch: {
    status: 500,
    contractCode: "ADOPTION_MISMATCH",
    exitCode: 3,
    message: {
      en: "Counts or sums differ between the legacy tables and the ledger; nothing was switched.",
      zh: "接管前后的数量或金额不一致，未切换",
    },
    remedy: {
      en: "Operator: run `newday adopt --dry-run`; it names the wallets that differ.",
      zh: "运维人员：请运行 newday adopt --dry-run，查看不一致的钱包",
    },
  },
  port_in_use: {
    status: 500,
    contractCode: "PORT_IN_USE",
    exitCode: 3,
    message: { en: "The port is in use by another program.", zh: "端口已被其他程序占用" },
    remedy: {
      en: "Operator: stop the other program or set `PORT` to another port.",
      zh: "运维人员：请停止该程序，或用 PORT 指定其他端口",
    },
  },
  config_invalid: {
    status: 500,
    contractCode: "CONFIG_INVALID",
    exitCode: 2,
    message: { en: "A setting is invalid.", zh: "配置有误" },
    remedy: {
      en: "Operator: correct the variable that the message names.",
      zh: "运维人员：请更正所指出的变量",
    },
  },
  data_folder_in_use: {
    status: 500,
    contractCode: "DATA_FOLDER_IN_USE",
    exitCode: 3,
    message: {
      en: "The data folder is in use by another New Day process.",
      zh: "数据目录正被另一个进程使用",
    },
    remedy: {
      en: "Operator: stop the process that the message names, or set `NEWDAY_DATA_DIR` to another folder.",
      zh: "运维人员：请停止所指出的进程，或将 NEWDAY_DATA_DIR 设为其他目录",
    },
  },
  data_folder_foreign: {
    status: 500,
    contractCode: "DATA_FOLDER_FOREIGN",
    exitCode: 3,
    message: {
      en: "The data folder holds files of another program.",
      zh: "数据目录中有不属于 New Day 的文件",
    },
    remedy: {
      en: "Operator: set `NEWDAY_DATA_DIR` to a new or empty folder.",
      zh: "运维人员：请将 NEWDAY_DATA_DIR 设为新目录或空目录",
    },
  },
  data_folder_newer: {
    status: 500,
    contractCode: "DATA_FOLDER_NEWER",
    exitCode: 3,
    message: {
      en: "The data folder was made by another version of New Day or PostgreSQL.",
      zh: "数据目录由其他版本的 New Day 或 PostgreSQL 创建",
    },
    remedy: {
      en: "Operator: run the version that made the folder, or set `NEWDAY_DATA_DIR` to another one.",
      zh: "运维人员：请运行创建该目录的版本，或将 NEWDAY_DATA_DIR 设为其他目录",
    },
  },
  data_folder_unusable: {
    status: 500,
    contractCode: "DATA_FOLDER_UNUSABLE",
    exitCode: 3,
    message: { en: "The data folder cannot be read or written.", zh: "数据目录无法读取或写入" },
    remedy: {
      en: "Operator: check that the folder exists, belongs to the user of the server and is not full.",
      zh: "运维人员：请检查目录存在、属于服务器用户且磁盘未满",
    },
  },
  embedded_failed: {
    status: 500,
    contractCode: "EMBEDDED_FAILED",
    exitCode: 1,
    message: { en: "The embedded PostgreSQL did not start.", zh: "内置 PostgreSQL 启动失败" },
    remedy: {
      en: "Operator: read PostgreSQL's reason at the end of the message and in `data.log` of the data folder, or set `DATABASE_URL`.",
      zh: "运维人员：请查看消息末尾及数据目录 data.log 中 PostgreSQL 给出的原因，或设置 DATABASE_URL",
    },
  },
} as const satisfies ErrorRows;
