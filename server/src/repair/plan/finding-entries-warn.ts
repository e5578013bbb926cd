/** Findings that are shown and journaled; an apply continues. */
import type { FindingEntry } from "./finding-catalogue.ts";

function entry(id: string, parts: Pick<FindingEntry, "title" | "why" | "remedy">): FindingEntry {
  return { id, ...parts, acceptable: false };
}

export const WARNING_ENTRIES: readonly FindingEntry[] = [
  entry("B20", {
    title: { en: "No key of this kind is here", zh: "此类外键不存在" },
    why: {
      en: "There is nothing to drop: the key was dropped before, or it never existed.",
      zh: "无可删除：此前已处理，或从未存在。",
    },
    remedy: {
      en: "Run `newday repair verify`; it proves the state and who changed it if known.",
      zh: "运行 newday repair verify 验证当前状态。",
    },
  }),
  entry("W06", {
    title: { en: "The database has no environment marker", zh: "数据库没有环境标记" },
    why: {
      en: "Without it, only the fingerprint tells production from staging.",
      zh: "没有标记时，只能靠指纹区分生产与预发布。",
    },
    remedy: {
      en: "alter database NAME set newday.environment = 'production'",
      zh: "alter database NAME set newday.environment = 'production'",
    },
  }),
  entry("W07", {
    title: { en: "The timeline is another one than the target's", zh: "时间线与目标记录不同" },
    why: {
      en: "A standby was promoted since the target was pinned: a failover, or a promoted copy.",
      zh: "自固定目标以来有备库被提升：可能是故障切换，也可能是有人提升了副本。",
    },
    remedy: {
      en: "Ask who failed over. If this is the primary now, pin the target again.",
      zh: "确认是否发生过切换；若此库现为主库，请重新固定目标。",
    },
  }),
  entry("W10", {
    title: { en: "The cluster's identity cannot be read", zh: "无法读取集群标识" },
    why: {
      en: "A provider revoked pg_control_system; the fingerprint is weaker without it.",
      zh: "服务商撤销了 pg_control_system，指纹因此较弱。",
    },
    remedy: {
      en: "Compare host, database and row counts by eye before you confirm.",
      zh: "确认前请人工核对主机、数据库与行数。",
    },
  }),
  entry("W11", {
    title: { en: "The server refuses a query", zh: "服务器拒绝一项查询" },
    why: {
      en: "A provider or an administrator revoked a function or a view. The fact that it tells is unknown, which differs from absent.",
      zh: "服务商或管理员撤销了某个函数或视图的权限，相应事实未知，而非不存在。",
    },
    remedy: {
      en: "Grant what the message names (grant execute on function NAME to ROLE; grant select on NAME to ROLE), or check the fact in your provider's console before you confirm.",
      zh: "请授予消息中所列的权限（grant execute on function 名称 to 角色；grant select on 名称 to 角色），或在确认前于云厂商控制台核实。",
    },
  }),
  entry("W24", {
    title: { en: "A table is partitioned", zh: "表已分区" },
    why: {
      en: "The drop locks every partition; all of them are listed as locks.",
      zh: "删除会锁住每个分区，均已列入锁清单。",
    },
    remedy: {
      en: "Expect a longer backoff on many partitions; choose a quiet hour.",
      zh: "分区较多时等待更久，请选择低峰时段。",
    },
  }),
  entry("W25", {
    title: { en: "The keys have other names elsewhere", zh: "其他环境中外键名称不同" },
    why: {
      en: "Harmless here, since keys are found by structure; a script that names them works in one place only.",
      zh: "此处无害，因为外键按结构查找；但按名称编写的脚本只在一处有效。",
    },
    remedy: { en: "Nothing to do.", zh: "无需处理。" },
  }),
  entry("W28", {
    title: { en: "Other tables cascade into a repaired one", zh: "其他表级联到被修复的表" },
    why: {
      en: "A rollback that moves rows away would delete theirs too.",
      zh: "移动行的回滚会连带删除它们的数据。",
    },
    remedy: {
      en: "Option D of the rollback is closed; the others are not.",
      zh: "回滚选项 D 不可用，其余可用。",
    },
  }),
  entry("W29", {
    title: { en: "Views join these tables", zh: "有视图连接这些表" },
    why: {
      en: "An inner join with the referenced table hides the rows of external users.",
      zh: "与被引用表内连接的视图会隐藏外部用户的行。",
    },
    remedy: {
      en: "Check whether reports must now use a left join.",
      zh: "请检查报表是否应改为左连接。",
    },
  }),
  entry("W30", {
    title: { en: "ON DELETE CASCADE goes with the key", zh: "级联删除将随外键消失" },
    why: {
      en: "Deleting the referenced row used to delete this one; afterwards it stays.",
      zh: "以前删除被引用的行会连带删除该行，之后该行会保留。",
    },
    remedy: {
      en: "The program that deletes referenced rows must delete or keep these rows itself.",
      zh: "删除被引用行的程序须自行处理这些行。",
    },
  }),
  entry("W31", {
    title: { en: "The key is not fully in force", zh: "外键并未完全生效" },
    why: {
      en: "NOT VALID, NOT ENFORCED or disabled triggers: external users may be in already.",
      zh: "NOT VALID、NOT ENFORCED 或触发器被禁用：可能已有外部用户数据。",
    },
    remedy: {
      en: "The orphan count tells; it is made by anti-join, not from the catalogue. A rollback puts a NOT VALID key back NOT VALID.",
      zh: "以反连接统计的孤儿行数为准。回滚时，NOT VALID 的外键恢复为 NOT VALID。",
    },
  }),
  entry("W32", {
    title: { en: "Event triggers watch DDL here", zh: "存在监视 DDL 的事件触发器" },
    why: {
      en: "They run inside our transaction and may refuse or record the drop.",
      zh: "它们在我们的事务中运行，可能拒绝或记录删除。",
    },
    remedy: { en: "Read them before the apply; rehearse.", zh: "执行前请阅读它们，并先演练。" },
  }),
  entry("W33", {
    title: { en: "Logical replication leaves this database", zh: "存在逻辑复制" },
    why: {
      en: "DDL is not replicated: a subscriber keeps its own key and stops on the first external user.",
      zh: "DDL 不会被复制：订阅端保留外键，遇到外部用户会中断。",
    },
    remedy: { en: "Drop the key on the subscribers first.", zh: "请先在订阅端删除外键。" },
  }),
  entry("W34", {
    title: { en: "External users' rows are here already", zh: "已存在外部用户的行" },
    why: {
      en: "The exact rollback is closed from the start. While the key counts as valid, no dump of these rows can be restored as it is, so the backup step refuses.",
      zh: "精确回滚从一开始就不可用。只要该外键仍标记为有效，这些行的备份就无法原样恢复，因此备份步骤会拒绝。",
    },
    remedy: {
      en: "Add the missing rows before the apply, or take a snapshot of your provider and say `apply --backup-attested TEXT` instead of `--backup-dir`. `newday repair rollback --plan` lists the open rollback options.",
      zh: "执行前补齐缺失的行，或使用云厂商快照并以 apply --backup-attested TEXT 代替 --backup-dir。newday repair rollback --plan 列出可用的回滚选项。",
    },
  }),
  entry("W35", {
    title: { en: "Triggers run while the tables are locked", zh: "持锁期间会运行触发器" },
    why: {
      en: "The change tries one row in each table and rolls it back, under its locks; triggers and rules on INSERT run then, and all clients wait for them.",
      zh: "更改会在持锁期间向各表试写一行并回滚；INSERT 触发器与规则随之运行，所有客户端都要等待。",
    },
    remedy: {
      en: "Rehearse: it measures them on a copy. The server cancels the change after 1 s under the locks.",
      zh: "请先演练，可在副本上测得其耗时。持锁超过 1 秒时服务器会取消更改。",
    },
  }),
  entry("W42", {
    title: { en: "Other sessions are hidden from this role", zh: "该角色看不到其他会话" },
    why: {
      en: "Blockers can be listed, but not their age or their query.",
      zh: "能列出阻塞者，但看不到其时长与语句。",
    },
    remedy: { en: "grant pg_read_all_stats to ROLE", zh: "grant pg_read_all_stats to ROLE" },
  }),
  entry("W43", {
    title: { en: "The role may not lock a table beforehand", zh: "角色无法预先锁表" },
    why: {
      en: "The pre-lock against autovacuum is left out there; the drop takes the lock by itself.",
      zh: "该表不能预先阻挡自动清理，由删除语句自行加锁。",
    },
    remedy: {
      en: "grant update on TABLE to ROLE (17 and newer: grant maintain)",
      zh: "grant update on TABLE to ROLE（17 及以上：grant maintain）",
    },
  }),
  entry("W45", {
    title: { en: "Row security is on", zh: "启用了行级安全" },
    why: {
      en: "Policies could hide orphans; counts fail instead of lying.",
      zh: "策略可能隐藏孤儿行；此时统计会报错而非给出假数字。",
    },
    remedy: {
      en: "Connect as a role with BYPASSRLS for the repair.",
      zh: "请以具有 BYPASSRLS 的角色执行修复。",
    },
  }),
  entry("W47", {
    title: { en: "The role may not dump every table", zh: "该角色无权备份所有表" },
    why: {
      en: "pg_dump locks every table, even one of which it dumps the structure only; the backup step would be refused.",
      zh: "pg_dump 会锁定每张表，即使只备份其结构；备份步骤会被拒绝。",
    },
    remedy: {
      en: "grant usage on schema NAME to ROLE; grant select on TABLE to ROLE; or take a snapshot of your provider and say `apply --backup-attested TEXT`.",
      zh: "grant usage on schema 名称 to 角色；grant select on 表 to 角色；或使用云厂商快照并以 apply --backup-attested 文字 声明。",
    },
  }),
  entry("W48", {
    title: { en: "The role may not keep the journal", zh: "该角色无权保存日志" },
    why: {
      en: "The run is then recorded in the file of --backup-dir only: another machine cannot resume it, and rollback needs the plan's file.",
      zh: "此时运行仅记录在 --backup-dir 的文件中：其他机器无法继续该运行，回滚需要计划文件。",
    },
    remedy: {
      en: "Run the grant that is shown, as the database's owner or a superuser. Without it give --backup-dir to apply, resume, status and report, keep that folder and the plan, and give rollback --plan-file FILE.",
      zh: "请由数据库所有者或超级用户执行所示授权。否则：请为 apply、resume、status、report 给出 --backup-dir，保留该目录与计划文件，并为 rollback 给出 --plan-file 文件。",
    },
  }),
  entry("W63", {
    title: { en: "Autovacuum works on a table", zh: "自动清理正在处理表" },
    why: {
      en: "An ordinary one is evicted politely; one against wraparound never is.",
      zh: "普通清理会被礼貌地让出；防回卷清理不会。",
    },
    remedy: {
      en: "Nothing to do; one against wraparound stops a plan until it has ended.",
      zh: "无需处理；防回卷清理会阻止计划，直到其结束。",
    },
  }),
  entry("W64", {
    title: { en: "Standbys follow this server", zh: "存在备库" },
    why: {
      en: "The exclusive lock is replayed there: a long reader on a standby stalls its new readers.",
      zh: "排他锁会在备库重放：备库上的长查询会使新读取停顿。",
    },
    remedy: {
      en: "Name them with --replica-url, to plan and to apply: their long readers and their lag are then waited for.",
      zh: "请在 plan 与 apply 中用 --replica-url 指定它们：工具会等待其长查询与延迟。",
    },
  }),
  entry("W65", {
    title: { en: "deadlock_timeout is unusual", zh: "deadlock_timeout 异常" },
    why: {
      en: "It bounds our waits: a very short one leaves hardly any, a very long one lets autovacuum stay.",
      zh: "它限制我们的等待：过短几乎无法等待，过长则自动清理不让出。",
    },
    remedy: { en: "The default of 1 s is right for this.", zh: "默认 1 秒即可。" },
  }),
  entry("W81", {
    title: { en: "A migration tool looks after this schema", zh: "有迁移工具管理此模式" },
    why: {
      en: "A model that still declares the relation, or a migration that waits, makes the key again at the next deployment.",
      zh: "若模型仍声明该关联，或有待执行的迁移，下次部署会重新创建外键。",
    },
    remedy: {
      en: "Take the relation out of the model and its migrations first; `newday repair watch` notices when it comes back.",
      zh: "请先从模型与迁移中去掉该关联；newday repair watch 会发现外键再次出现。",
    },
  }),
  entry("W82", {
    title: {
      en: "Functions in the database name the referenced table",
      zh: "数据库函数提及被引用的表",
    },
    why: {
      en: "Code that takes for granted that every owner has a row in the referenced table breaks, or hides rows, for external users.",
      zh: "认为所有者在被引用表中必有记录的代码，会对外部用户出错或隐藏数据。",
    },
    remedy: {
      en: "Read the functions that are shown; they were found by their text. Look through the application's code as well.",
      zh: "阅读所列函数（按文本查找所得），并检查应用代码。",
    },
  }),
];
