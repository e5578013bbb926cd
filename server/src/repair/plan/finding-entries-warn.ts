/** Findings that are shown and journaled; an apply continues. */
import type { FindingEntry } from "./finding-catalogue.ts";

function entry(id: string, parts: Pick<FindingEntry, "title" | "why" | "remedy">): FindingEntry {
  return { id, ...parts, acceptable: false };
}

export const WARNING_ENTRIES: readonly FindingEntry[] = [
  entry("B20", {
    title: ["No key of this kind is here", "此类外键不存在"],
    why: [
      "There is nothing to drop: the key was dropped before, or it never existed.",
      "无可删除：此前已处理，或从未存在。",
    ],
    remedy: [
      "Run `newday repair verify`; it proves the state and who changed it if known.",
      "运行 newday repair verify 验证当前状态。",
    ],
  }),
  entry("W06", {
    title: ["The database has no environment marker", "数据库没有环境标记"],
    why: [
      "Without it, only the fingerprint tells production from staging.",
      "没有标记时，只能靠指纹区分生产与预发布。",
    ],
    remedy: [
      "alter database NAME set newday.environment = 'production'",
      "alter database NAME set newday.environment = 'production'",
    ],
  }),
  entry("W07", {
    title: ["The timeline is another one than the target's", "时间线与目标记录不同"],
    why: [
      "A standby was promoted since the target was pinned: a failover, or a promoted copy.",
      "自固定目标以来有备库被提升：可能是故障切换，也可能是有人提升了副本。",
    ],
    remedy: [
      "Ask who failed over. If this is the primary now, pin the target again.",
      "确认是否发生过切换；若此库现为主库，请重新固定目标。",
    ],
  }),
  entry("W10", {
    title: ["The cluster's identity cannot be read", "无法读取集群标识"],
    why: [
      "A provider revoked pg_control_system; the fingerprint is weaker without it.",
      "服务商撤销了 pg_control_system，指纹因此较弱。",
    ],
    remedy: [
      "Compare host, database and row counts by eye before you confirm.",
      "确认前请人工核对主机、数据库与行数。",
    ],
  }),
  entry("W11", {
    title: ["The server refuses a query", "服务器拒绝一项查询"],
    why: [
      "A provider or an administrator revoked a function or a view. The fact that it tells is unknown, which differs from absent.",
      "服务商或管理员撤销了某个函数或视图的权限，相应事实未知，而非不存在。",
    ],
    remedy: [
      "Grant what the message names (grant execute on function NAME to ROLE; grant select on NAME to ROLE), or check the fact in your provider's console before you confirm.",
      "请授予消息中所列的权限（grant execute on function 名称 to 角色；grant select on 名称 to 角色），或在确认前于云厂商控制台核实。",
    ],
  }),
  entry("W24", {
    title: ["A table is partitioned", "表已分区"],
    why: [
      "The drop locks every partition; all of them are listed as locks.",
      "删除会锁住每个分区，均已列入锁清单。",
    ],
    remedy: [
      "Expect a longer backoff on many partitions; choose a quiet hour.",
      "分区较多时等待更久，请选择低峰时段。",
    ],
  }),
  entry("W25", {
    title: ["The keys have other names elsewhere", "其他环境中外键名称不同"],
    why: [
      "Harmless here, since keys are found by structure; a script that names them works in one place only.",
      "此处无害，因为外键按结构查找；但按名称编写的脚本只在一处有效。",
    ],
    remedy: ["Nothing to do.", "无需处理。"],
  }),
  entry("W28", {
    title: ["Other tables cascade into a repaired one", "其他表级联到被修复的表"],
    why: [
      "A rollback that moves rows away would delete theirs too.",
      "移动行的回滚会连带删除它们的数据。",
    ],
    remedy: [
      "Option D of the rollback is closed; the others are not.",
      "回滚选项 D 不可用，其余可用。",
    ],
  }),
  entry("W29", {
    title: ["Views join these tables", "有视图连接这些表"],
    why: [
      "An inner join with the referenced table hides the rows of external users.",
      "与被引用表内连接的视图会隐藏外部用户的行。",
    ],
    remedy: ["Check whether reports must now use a left join.", "请检查报表是否应改为左连接。"],
  }),
  entry("W30", {
    title: ["ON DELETE CASCADE goes with the key", "级联删除将随外键消失"],
    why: [
      "Deleting the referenced row used to delete this one; afterwards it stays.",
      "以前删除被引用的行会连带删除该行，之后该行会保留。",
    ],
    remedy: [
      "The program that deletes referenced rows must delete or keep these rows itself.",
      "删除被引用行的程序须自行处理这些行。",
    ],
  }),
  entry("W31", {
    title: ["The key is not fully in force", "外键并未完全生效"],
    why: [
      "NOT VALID, NOT ENFORCED or disabled triggers: external users may be in already.",
      "NOT VALID、NOT ENFORCED 或触发器被禁用：可能已有外部用户数据。",
    ],
    remedy: [
      "The orphan count tells; it is made by anti-join, not from the catalogue.",
      "以反连接统计的孤儿行数为准。",
    ],
  }),
  entry("W32", {
    title: ["Event triggers watch DDL here", "存在监视 DDL 的事件触发器"],
    why: [
      "They run inside our transaction and may refuse or record the drop.",
      "它们在我们的事务中运行，可能拒绝或记录删除。",
    ],
    remedy: ["Read them before the apply; rehearse.", "执行前请阅读它们，并先演练。"],
  }),
  entry("W33", {
    title: ["Logical replication leaves this database", "存在逻辑复制"],
    why: [
      "DDL is not replicated: a subscriber keeps its own key and stops on the first external user.",
      "DDL 不会被复制：订阅端保留外键，遇到外部用户会中断。",
    ],
    remedy: ["Drop the key on the subscribers first.", "请先在订阅端删除外键。"],
  }),
  entry("W34", {
    title: ["External users' rows are here already", "已存在外部用户的行"],
    why: [
      "The exact rollback is closed from the start. While the key counts as valid, no dump of these rows can be restored as it is, so the backup step refuses.",
      "精确回滚从一开始就不可用。只要该外键仍标记为有效，这些行的备份就无法原样恢复，因此备份步骤会拒绝。",
    ],
    remedy: [
      "Add the missing rows before the apply, or take a snapshot of your provider and say `apply --backup-attested TEXT` instead of `--backup-dir`. `newday repair rollback --plan` lists the open rollback options.",
      "执行前补齐缺失的行，或使用云厂商快照并以 apply --backup-attested TEXT 代替 --backup-dir。newday repair rollback --plan 列出可用的回滚选项。",
    ],
  }),
  entry("W42", {
    title: ["Other sessions are hidden from this role", "该角色看不到其他会话"],
    why: [
      "Blockers can be listed, but not their age or their query.",
      "能列出阻塞者，但看不到其时长与语句。",
    ],
    remedy: ["grant pg_read_all_stats to ROLE", "grant pg_read_all_stats to ROLE"],
  }),
  entry("W43", {
    title: ["The role may not lock a table beforehand", "角色无法预先锁表"],
    why: [
      "The pre-lock against autovacuum is left out there; the drop takes the lock by itself.",
      "该表不能预先阻挡自动清理，由删除语句自行加锁。",
    ],
    remedy: [
      "grant update on TABLE to ROLE (17 and newer: grant maintain)",
      "grant update on TABLE to ROLE（17 及以上：grant maintain）",
    ],
  }),
  entry("W45", {
    title: ["Row security is on", "启用了行级安全"],
    why: [
      "Policies could hide orphans; counts fail instead of lying.",
      "策略可能隐藏孤儿行；此时统计会报错而非给出假数字。",
    ],
    remedy: [
      "Connect as a role with BYPASSRLS for the repair.",
      "请以具有 BYPASSRLS 的角色执行修复。",
    ],
  }),
  entry("W47", {
    title: ["The role may not dump every table", "该角色无权备份所有表"],
    why: [
      "pg_dump locks every table, even one of which it dumps the structure only; the backup step would be refused.",
      "pg_dump 会锁定每张表，即使只备份其结构；备份步骤会被拒绝。",
    ],
    remedy: [
      "grant usage on schema NAME to ROLE; grant select on TABLE to ROLE; or take a snapshot of your provider and say `apply --backup-attested TEXT`.",
      "grant usage on schema 名称 to 角色；grant select on 表 to 角色；或使用云厂商快照并以 apply --backup-attested 文字 声明。",
    ],
  }),
  entry("W63", {
    title: ["Autovacuum works on a table", "自动清理正在处理表"],
    why: [
      "An ordinary one is evicted politely; one against wraparound never is.",
      "普通清理会被礼貌地让出；防回卷清理不会。",
    ],
    remedy: [
      "Nothing to do; one against wraparound stops a plan until it has ended.",
      "无需处理；防回卷清理会阻止计划，直到其结束。",
    ],
  }),
  entry("W64", {
    title: ["Standbys follow this server", "存在备库"],
    why: [
      "The exclusive lock is replayed there: a long reader on a standby stalls its new readers.",
      "排他锁会在备库重放：备库上的长查询会使新读取停顿。",
    ],
    remedy: [
      "Name them with --replica-url, to plan and to apply: their long readers and their lag are then waited for.",
      "请在 plan 与 apply 中用 --replica-url 指定它们：工具会等待其长查询与延迟。",
    ],
  }),
  entry("W65", {
    title: ["deadlock_timeout is unusual", "deadlock_timeout 异常"],
    why: [
      "It bounds our waits: a very short one leaves hardly any, a very long one lets autovacuum stay.",
      "它限制我们的等待：过短几乎无法等待，过长则自动清理不让出。",
    ],
    remedy: ["The default of 1 s is right for this.", "默认 1 秒即可。"],
  }),
  entry("W81", {
    title: ["A migration tool looks after this schema", "有迁移工具管理此模式"],
    why: [
      "A model that still declares the relation, or a migration that waits, makes the key again at the next deployment.",
      "若模型仍声明该关联，或有待执行的迁移，下次部署会重新创建外键。",
    ],
    remedy: [
      "Take the relation out of the model and its migrations first; `newday repair watch` notices when it comes back.",
      "请先从模型与迁移中去掉该关联；newday repair watch 会发现外键再次出现。",
    ],
  }),
  entry("W82", {
    title: ["Functions in the database name the referenced table", "数据库函数提及被引用的表"],
    why: [
      "Code that takes for granted that every owner has a row in the referenced table breaks, or hides rows, for external users.",
      "认为所有者在被引用表中必有记录的代码，会对外部用户出错或隐藏数据。",
    ],
    remedy: [
      "Read the functions that are shown; they were found by their text. Look through the application's code as well.",
      "阅读所列函数（按文本查找所得），并检查应用代码。",
    ],
  }),
];
