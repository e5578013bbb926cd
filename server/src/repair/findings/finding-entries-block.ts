/** Findings that stop an apply. */
import type { FindingEntry } from "./finding-catalogue.ts";

export const BLOCKING_ENTRIES: readonly FindingEntry[] = [
  {
    id: "B01",
    title: ["This is not the database of the plan", "这不是计划所针对的数据库"],
    why: [
      "System identifier, database, address or version differ from those that the plan was made on. A restored copy and another environment look alike from a URL.",
      "系统标识、数据库、地址或版本与计划不同。仅凭 URL 无法区分副本与其他环境。",
    ],
    remedy: [
      "Compare the two fingerprints that are shown. If this is the right database, make a new plan on it.",
      "对比所显示的两个指纹。如果确认是正确的数据库，请在其上重新生成计划。",
    ],
    acceptable: false,
  },
  {
    id: "B02",
    title: ["The server is a standby or read-only", "服务器是备库或只读"],
    why: [
      "A standby refuses every change, and what it shows may lag behind its primary.",
      "备库拒绝一切更改，且数据可能落后于主库。",
    ],
    remedy: ["Give the address of the primary.", "请提供主库地址。"],
    acceptable: false,
  },
  {
    id: "B03",
    title: ["A connection pooler stands between", "中间存在连接池"],
    why: [
      "Lock timeouts and advisory locks live in one backend. A pooler in transaction mode hands them to somebody else and takes ours away, silently.",
      "锁超时与咨询锁属于单个后端。事务模式的连接池会悄悄把它们交给别人，也会拿走我们的。",
    ],
    remedy: [
      "Use the server's own host and port (PgBouncer usually listens on 6432, PostgreSQL on 5432).",
      "请使用服务器自身的主机与端口（PgBouncer 通常为 6432，PostgreSQL 为 5432）。",
    ],
    acceptable: false,
  },
  {
    id: "B04",
    title: ["The tables are not here, or not tables", "表不存在或不是表"],
    why: [
      "The repair works on the tables `wallets` and `players` of one schema. A view, a foreign table or another schema of the same name is something else.",
      "修复只针对同一模式中的 wallets 与 players 表；视图、外部表或其他模式中的同名对象不适用。",
    ],
    remedy: [
      "Check the database name; name the schema with --schema if several hold the tables.",
      "检查数据库名；若多个模式含有这些表，请用 --schema 指定。",
    ],
    acceptable: false,
  },
  {
    id: "B06",
    title: ["The database says that it is another environment", "数据库标记为其他环境"],
    why: [
      "The marker `newday.environment` of this database and --environment disagree; one of them is wrong.",
      "数据库标记 newday.environment 与 --environment 不一致，必有一方错误。",
    ],
    remedy: [
      "Find out which database this is before going on. The marker is changed by: alter database NAME set newday.environment = 'production'.",
      "请先确认这是哪个数据库。修改标记：alter database NAME set newday.environment = 'production'。",
    ],
    acceptable: false,
  },
  {
    id: "B21",
    title: ["Another foreign key holds the same column", "同一列上还有其他外键"],
    why: [
      "A key of a rule's column refers to a table that this repair does not know. It would go on refusing strangers after the repair.",
      "该列上的另一外键引用了本修复不了解的表，修复后仍会拒绝外部用户。",
    ],
    remedy: [
      "Decide what that key is for; drop or keep it in a migration of your own, then plan again.",
      "请确认该外键的用途，用您自己的迁移处理后重新生成计划。",
    ],
    acceptable: false,
  },
  {
    id: "B22",
    title: ["The foreign key has an unexpected shape", "外键形态异常"],
    why: [
      "A composite key, or one that refers to its own table, promises more than 'the user is a player'. Dropping it drops that promise too.",
      "复合外键或自引用外键的约束不止“用户是玩家”，删除会同时失去其他保证。",
    ],
    remedy: [
      "Read the definition that is shown. If it may go, accept it: --accept B22=REASON.",
      "阅读所示定义；如可删除，用 --accept B22=原因 接受。",
    ],
    acceptable: true,
  },
  {
    id: "B23",
    title: ["A PRIMARY KEY or UNIQUE is missing before we start", "开始前缺少主键或唯一约束"],
    why: [
      "Without a full UNIQUE on wallets.user_id two first calls at once make two wallets for one user; the foreign key never prevented that.",
      "若 wallets.user_id 没有完整的唯一约束，并发的首次访问会为同一用户创建两个钱包。",
    ],
    remedy: [
      "Create it first: create unique index concurrently on wallets (user_id).",
      "请先创建：create unique index concurrently on wallets (user_id)。",
    ],
    acceptable: false,
  },
  {
    id: "B26",
    title: ["The column cannot hold a stranger's id", "列类型无法容纳外部用户 ID"],
    why: [
      "Ids of other platforms are text up to 255 characters. A uuid, a number or a short varchar refuses them also without the key.",
      "其他平台的 ID 是最长 255 字符的文本；uuid、数字或过短的 varchar 即使没有外键也会拒绝。",
    ],
    remedy: [
      "Change the type in a migration of its own first, or accept: --accept B26=REASON if your partners' ids fit.",
      "请先用单独的迁移修改类型；若合作方的 ID 能容纳，用 --accept B26=原因 接受。",
    ],
    acceptable: true,
  },
  {
    id: "B27",
    title: ["Ids of players and of strangers can collide", "玩家与外部用户的 ID 可能冲突"],
    why: [
      "Both are numbers from one range, and UNIQUE(user_id) knows no platform: a later player whose id equals a stranger's inherits that wallet.",
      "两者是同一区间的数字，且 UNIQUE(user_id) 不含平台：后来的玩家可能继承他人的钱包。",
    ],
    remedy: [
      "Give every platform a range or a prefix before the repair, then accept: --accept B27=REASON.",
      "修复前为每个平台划分区间或前缀，然后用 --accept B27=原因 接受。",
    ],
    acceptable: true,
  },
  {
    id: "B40",
    title: ["The role may not change the table", "角色无权修改表"],
    why: [
      "Dropping a foreign key needs ownership of the table that has it, or membership in the owner.",
      "删除外键需要拥有该表，或为其所有者角色的成员。",
    ],
    remedy: [
      "Connect as the owner that is shown, or have the owner's role granted to you.",
      "请以所示所有者身份连接，或获得其角色。",
    ],
    acceptable: false,
  },
  {
    id: "B41",
    title: ["The role could drop the key but not put it back", "角色能删除外键但无法恢复"],
    why: [
      "Adding a foreign key needs REFERENCES on the table referred to. Without it the exact rollback is closed from the start.",
      "添加外键需要被引用表的 REFERENCES 权限；没有它，精确回滚从一开始就不可用。",
    ],
    remedy: [
      "Grant it: grant references on players to ROLE; or accept: --accept B41=REASON.",
      "授权：grant references on players to ROLE；或用 --accept B41=原因 接受。",
    ],
    acceptable: true,
  },
  {
    id: "B80",
    title: ["The API makes wallets for malformed ids", "API 会为不合规的 ID 创建钱包"],
    why: [
      "The foreign key was also the input check. Without it, whoever calls the wallet API with rubbish owns a wallet, and nobody can tell it from a partner's user. Only `newday repair smoke` can see this.",
      "外键同时也是输入校验。没有它，任何人用任意字符串调用钱包接口都会得到钱包，且无法与合作方用户区分。只有 newday repair smoke 能发现。",
    ],
    remedy: [
      "Deploy a server that checks ids at the door (this one does: 4xx, nothing created) before you tell partners that it is done.",
      "在通知合作方之前，先部署在入口校验 ID 的服务器（本服务器已校验：返回 4xx，不创建）。",
    ],
    acceptable: false,
  },
  {
    id: "B83",
    title: ["The API does not use this database", "API 连接的不是此数据库"],
    why: [
      "The wallet that the API answered with never appeared in the database that was repaired: one of the two addresses belongs to another environment or to a copy.",
      "API 返回的钱包没有出现在被修复的数据库中：两个地址之一属于其他环境或副本。",
    ],
    remedy: [
      "Stop. Compare the server's DATABASE_URL with the plan's fingerprint; repair the database that the API really uses.",
      "停止操作。核对服务器的 DATABASE_URL 与计划指纹；应修复 API 实际使用的数据库。",
    ],
    acceptable: false,
  },
];
