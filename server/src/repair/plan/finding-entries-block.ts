/** Findings that stop an apply. */
import type { FindingEntry } from "./finding-catalogue.ts";

export const BLOCKING_ENTRIES: readonly FindingEntry[] = [
  {
    id: "B01",
    title: { en: "This is not the database of the plan", zh: "这不是计划所针对的数据库" },
    why: {
      en: "System identifier, database, address or version differ from those that the plan was made on. A restored copy and another environment look alike from a URL.",
      zh: "系统标识、数据库、地址或版本与计划不同。仅凭 URL 无法区分副本与其他环境。",
    },
    remedy: {
      en: "Compare the two fingerprints that are shown. If this is the right database, make a new plan on it.",
      zh: "对比所显示的两个指纹。如果确认是正确的数据库，请在其上重新生成计划。",
    },
    acceptable: false,
  },
  {
    id: "B02",
    title: { en: "The server is a standby or read-only", zh: "服务器是备库或只读" },
    why: {
      en: "A standby refuses every change, and what it shows may lag behind its primary.",
      zh: "备库拒绝一切更改，且数据可能落后于主库。",
    },
    remedy: {
      en: "Give the address of the primary. If it is the primary, and read-only by a setting: set default_transaction_read_only = off; alter role ROLE in database NAME set default_transaction_read_only = off.",
      zh: "请提供主库地址。若已是主库而仅由设置变为只读：set default_transaction_read_only = off; alter role 角色 in database 库名 set default_transaction_read_only = off。",
    },
    acceptable: false,
  },
  {
    id: "B03",
    title: { en: "A connection pooler stands between", zh: "中间存在连接池" },
    why: {
      en: "Lock timeouts and advisory locks live in one backend. A pooler in transaction mode hands them to another client and takes ours away, silently.",
      zh: "锁超时与咨询锁属于单个后端。事务模式的连接池会悄悄把它们交给别人，也会拿走我们的。",
    },
    remedy: {
      en: "Use the server's own host and port (PgBouncer usually listens on 6432, PostgreSQL on 5432).",
      zh: "请使用服务器自身的主机与端口（PgBouncer 通常为 6432，PostgreSQL 为 5432）。",
    },
    acceptable: false,
  },
  {
    id: "B04",
    title: { en: "The tables are not here, or not tables", zh: "表不存在或不是表" },
    why: {
      en: "The repair works on the tables that it declares, in one schema. A view, a foreign table or another schema of the same name is something else.",
      zh: "修复只针对其声明的、同一模式中的表；视图、外部表或其他模式中的同名对象不适用。",
    },
    remedy: {
      en: "Check the database name; name the schema with --schema if several hold the tables.",
      zh: "检查数据库名；若多个模式含有这些表，请用 --schema 指定。",
    },
    acceptable: false,
  },
  {
    id: "B05",
    title: { en: "This database seems unused", zh: "似乎无人使用该数据库" },
    why: {
      en: "A restored copy has the rows of production but no sessions of its application, and nothing moves in it.",
      zh: "恢复的副本有生产数据，却没有应用会话，也没有任何读写。",
    },
    remedy: {
      en: "Make sure that this is the live database and not a copy. If the application is stopped on purpose, accept: --accept B05=REASON.",
      zh: "请确认这是线上数据库而非副本。如应用是有意停止的，用 --accept B05=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B06",
    title: {
      en: "The database does not say that it is this environment",
      zh: "数据库未标明为该环境",
    },
    why: {
      en: "The marker `newday.environment` of this database and --environment disagree, or a target is named and there is no marker.",
      zh: "数据库标记 newday.environment 与 --environment 不一致，或指定了目标却没有标记。",
    },
    remedy: {
      en: "Find out which database this is before going on. The marker is changed by: alter database NAME set newday.environment = 'production'.",
      zh: "请先确认这是哪个数据库。修改标记：alter database NAME set newday.environment = 'production'。",
    },
    acceptable: false,
  },
  {
    id: "B08",
    title: { en: "The connection is not encrypted as it should be", zh: "连接未按要求加密" },
    why: {
      en: "Without TLS the password, and with the backup the data of every user, can be read on the way; another certificate than the pinned one is another server.",
      zh: "没有 TLS，密码和备份中的用户数据在途中可被读取；证书与固定值不同，则是另一台服务器。",
    },
    remedy: {
      en: "Add ?sslmode=verify-full to the URL, or connect on the server itself. If the network is trusted, accept: --accept B08=REASON.",
      zh: "在 URL 中加 ?sslmode=verify-full，或在服务器本机连接。如网络可信，用 --accept B08=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B09",
    title: { en: "The host name stands for several servers", zh: "主机名对应多台服务器" },
    why: {
      en: "A load balancer or a replica endpoint answers from another server each time: the plan would be made on one and applied on another.",
      zh: "负载均衡或只读端点每次可能由不同服务器应答：计划与执行可能落在不同服务器。",
    },
    remedy: {
      en: "Give the primary's own address. If all of them are one server, accept: --accept B09=REASON.",
      zh: "请提供主库自身的地址。若它们是同一台服务器，用 --accept B09=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B21",
    title: { en: "Another foreign key holds the same column", zh: "同一列上还有其他外键" },
    why: {
      en: "A key of a rule's column refers to a table that this repair does not know, or belongs to one partition alone. It would go on refusing external users after the repair.",
      zh: "该列上的另一外键引用了本修复不了解的表，或只属于某一个分区；修复后仍会拒绝外部用户。",
    },
    remedy: {
      en: "Decide what that key is for; drop or keep it in a migration of your own, then plan again.",
      zh: "请确认该外键的用途，用您自己的迁移处理后重新生成计划。",
    },
    acceptable: false,
  },
  {
    id: "B22",
    title: { en: "The foreign key has an unexpected shape", zh: "外键形态异常" },
    why: {
      en: "A composite key, or one that refers to its own table, promises more than that the user is known; dropping it drops that promise too. One that is deferrable or empties the column is shown and does not stop an apply.",
      zh: "复合外键或自引用外键的约束不止“用户已知”，删除会同时失去其他保证。可延迟或置空的外键仅作提示。",
    },
    remedy: {
      en: "Read the definition that is shown. If it may go, accept it: --accept B22=REASON.",
      zh: "阅读所示定义；如可删除，用 --accept B22=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B23",
    title: {
      en: "A PRIMARY KEY or UNIQUE is missing before we start",
      zh: "开始前缺少主键或唯一约束",
    },
    why: {
      en: "Without a full UNIQUE on the column two first calls at once make two rows for one user; the foreign key never prevented that.",
      zh: "若该列没有完整的唯一约束，并发的首次访问会为同一用户创建两行。",
    },
    remedy: {
      en: "Create it first: create unique index concurrently on TABLE (COLUMN).",
      zh: "请先创建：create unique index concurrently on 表 (列)。",
    },
    acceptable: false,
  },
  {
    id: "B26",
    title: { en: "The column cannot hold an external user's id", zh: "列类型无法容纳外部用户 ID" },
    why: {
      en: "Ids of other platforms are text up to 255 characters. A uuid, a number or a short varchar refuses them also without the key.",
      zh: "其他平台的 ID 是最长 255 字符的文本；uuid、数字或过短的 varchar 即使没有外键也会拒绝。",
    },
    remedy: {
      en: "Change the type in a migration of its own first, or accept: --accept B26=REASON if your partners' ids fit.",
      zh: "请先用单独的迁移修改类型；若合作方的 ID 能容纳，用 --accept B26=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B27",
    title: {
      en: "Ids of known and of external users can collide",
      zh: "已有用户与外部用户的 ID 可能冲突",
    },
    why: {
      en: "Both are numbers from one range, and the column's UNIQUE knows no platform: a later user whose id equals an external user's inherits that row.",
      zh: "两者是同一区间的数字，且该列的唯一约束不含平台：后来的用户可能继承他人的数据。",
    },
    remedy: {
      en: "Give every platform a range or a prefix before the repair, then accept: --accept B27=REASON.",
      zh: "修复前为每个平台划分区间或前缀，然后用 --accept B27=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B40",
    title: { en: "The role may not change the table", zh: "角色无权修改表" },
    why: {
      en: "Dropping a foreign key needs ownership of the table that has it, or membership in the owner.",
      zh: "删除外键需要拥有该表，或为其所有者角色的成员。",
    },
    remedy: {
      en: "Connect as the owner that is shown, or have the owner's role granted to you.",
      zh: "请以所示所有者身份连接，或获得其角色。",
    },
    acceptable: false,
  },
  {
    id: "B41",
    title: {
      en: "The role could drop the key but not put it back",
      zh: "角色能删除外键但无法恢复",
    },
    why: {
      en: "Adding a foreign key needs REFERENCES on the table referred to. Without it the exact rollback is closed from the start.",
      zh: "添加外键需要被引用表的 REFERENCES 权限；没有它，精确回滚从一开始就不可用。",
    },
    remedy: {
      en: "Grant it: grant references on TABLE to ROLE; or accept: --accept B41=REASON.",
      zh: "授权：grant references on 表 to 角色；或用 --accept B41=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B44",
    title: { en: "A timeout is forced on this role", zh: "该角色被强制设置超时" },
    why: {
      en: "The tool sets its own for its transaction; where a provider overrides it, a timeout shorter than a round of attempts ends us in the middle.",
      zh: "工具会为事务设置自己的值；若服务商覆盖，短于一轮尝试的超时会在中途结束我们。",
    },
    remedy: {
      en: "Look at alter role ... set statement_timeout. If it is only a default, accept: --accept B44=REASON.",
      zh: "请查看 alter role ... set statement_timeout。若只是默认值，用 --accept B44=原因 接受。",
    },
    acceptable: true,
  },
  {
    id: "B45",
    title: { en: "Row security is forced on the owner", zh: "行级安全对所有者强制生效" },
    why: {
      en: "FORCE ROW LEVEL SECURITY applies to the tables' owner: rows cannot be counted, dumped or tried, so an apply could only fail at its proof. A GRANT does not help.",
      zh: "FORCE ROW LEVEL SECURITY 对表的所有者同样生效：无法统计、备份或试写行，执行只会在验证时失败。GRANT 无济于事。",
    },
    remedy: {
      en: "Connect as a role with BYPASSRLS, or for the time of the repair: alter table NAME no force row level security.",
      zh: "请以具有 BYPASSRLS 的角色连接，或在修复期间执行：alter table 名称 no force row level security。",
    },
    acceptable: false,
  },
  {
    id: "B35",
    title: { en: "The proof has no row to insert", zh: "证明缺少可插入的行" },
    why: {
      en: "A column needs a value that neither the rows nor the rules of its table tell. Without it the insert of an external user's row cannot be proved.",
      zh: "某列需要一个值，而表中的行与规则均未给出。没有它就无法证明可写入外部用户的行。",
    },
    remedy: {
      en: "Give a value that no row has: --probe-value TABLE.COLUMN=VALUE (the row is rolled back). Where none exists, or a trigger refuses the row, accept: --accept B35=REASON; the catalogue alone is then the proof.",
      zh: "给出任何行都没有的值：--probe-value 表.列=值（该行会回滚）。若不存在这样的值，或触发器拒绝该行，用 --accept B35=原因 接受；此后仅由系统目录证明。",
    },
    acceptable: true,
  },
  {
    id: "B46",
    title: {
      en: "The server refuses a query that the repair needs",
      zh: "服务器拒绝修复必需的查询",
    },
    why: {
      en: "Without the catalogue's answer the tool cannot tell what it would change, so the command ends before any effect.",
      zh: "没有系统目录的回答，工具无法得知将更改什么，因此命令在产生任何影响前结束。",
    },
    remedy: {
      en: "grant execute on function NAME to ROLE, or grant select on NAME to ROLE; the message names the function or the view. Or log in as a role that may run it.",
      zh: "grant execute on function 名称 to 角色，或 grant select on 名称 to 角色；消息中列出了函数或视图。也可改用有权限的角色登录。",
    },
    acceptable: false,
  },
  {
    id: "B60",
    title: { en: "A long transaction holds a table", zh: "有长事务占用表" },
    why: {
      en: "The tool waits for it without queueing, so that no session queues behind us; but one that is minutes old may outlast every budget.",
      zh: "工具会等待而不排队，以免他人排在我们后面；但已持续很久的事务可能超过任何预算。",
    },
    remedy: {
      en: "End it (`newday repair unblock` ends one by pid) and plan again; or let apply wait for it: --accept B60=REASON.",
      zh: "结束它（newday repair unblock 可按 pid 结束）后重新生成计划；或让执行等待：--accept B60=原因。",
    },
    acceptable: true,
  },
  {
    id: "B61",
    title: { en: "A prepared transaction holds a table", zh: "有预备事务占用表" },
    why: {
      en: "It never ends by itself, and there is no session to end.",
      zh: "它不会自行结束，也没有可终止的会话。",
    },
    remedy: {
      en: "commit prepared 'NAME' or rollback prepared 'NAME', then plan again.",
      zh: "commit prepared 'NAME' 或 rollback prepared 'NAME'，然后重新生成计划。",
    },
    acceptable: false,
  },
  {
    id: "B62",
    title: { en: "A dump is running", zh: "正在执行转储" },
    why: {
      en: "pg_dump holds its locks until its end, and our request would make everybody queue behind it.",
      zh: "pg_dump 会一直持锁到结束，而我们的请求会使所有人排队。",
    },
    remedy: {
      en: "Plan, or apply, again when it has ended.",
      zh: "请在其结束后重新生成计划或执行。",
    },
    acceptable: false,
  },
  {
    id: "B66",
    title: { en: "Another migration works on the tables", zh: "有其他迁移正在处理这些表" },
    why: {
      en: "It holds or waits for a lock that ordinary statements never take: DDL, a manual vacuum, an index build, or another repair. What it changes would make this plan stale.",
      zh: "它持有或等待普通语句从不使用的锁：DDL、手动清理、建索引或另一个修复。其更改会使此计划过期。",
    },
    remedy: { en: "Let it end, then plan again.", zh: "待其结束后重新生成计划。" },
    acceptable: false,
  },
  {
    id: "B67",
    title: { en: "The change would hold its locks too long", zh: "更改将持锁过久" },
    why: {
      en: "The server cancels a change that takes more than 1 s under its locks, because all clients wait meanwhile. On the copy it took longer: event triggers, or triggers of the tables.",
      zh: "更改持锁超过 1 秒时会被服务器取消，因为此时所有客户端都在等待。在副本上耗时更久，原因是事件触发器或表上的触发器。",
    },
    remedy: {
      en: "Make the triggers that W35 and W32 name faster, or disable them for the change; then rehearse again. Accept it only if the copy's server is the slow one.",
      zh: "请优化 W35 与 W32 所列的触发器，或在更改期间停用，然后重新演练。仅当副本服务器本身较慢时才可接受。",
    },
    acceptable: true,
  },
  {
    id: "B80",
    title: { en: "The API makes wallets for malformed ids", zh: "API 会为不合规的 ID 创建钱包" },
    why: {
      en: "The foreign key was also the input check. Without it, any id sent to the wallet API gets a wallet, and it looks like a partner's user. Only `newday repair smoke` can see this.",
      zh: "外键同时也是输入校验。没有它，任何人用任意字符串调用钱包接口都会得到钱包，且无法与合作方用户区分。只有 newday repair smoke 能发现。",
    },
    remedy: {
      en: "Deploy a server that checks ids at the door (this one does: 4xx, nothing created) before you tell partners that it is done.",
      zh: "在通知合作方之前，先部署在入口校验 ID 的服务器（本服务器已校验：返回 4xx，不创建）。",
    },
    acceptable: false,
  },
  {
    id: "B83",
    title: { en: "The API does not use this database", zh: "API 连接的不是此数据库" },
    why: {
      en: "The wallet that the API answered with never appeared in the database that was repaired: one of the two addresses belongs to another environment or to a copy.",
      zh: "API 返回的钱包没有出现在被修复的数据库中：两个地址之一属于其他环境或副本。",
    },
    remedy: {
      en: "Stop. Compare the server's DATABASE_URL with the plan's fingerprint; repair the database that the API really uses.",
      zh: "停止操作。核对服务器的 DATABASE_URL 与计划指纹；应修复 API 实际使用的数据库。",
    },
    acceptable: false,
  },
];
