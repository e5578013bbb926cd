/** Refusals of `newday repair` about the server, the connection, the schema, the runner and backups. */
import type { RefusalRows } from "./refusal-row.ts";

export const DATABASE_REFUSALS = {
  connection_refused: {
    error: "repair_refused",
    message: { en: "The server refused the connection: {words}.", zh: "服务器拒绝连接：{words}。" },
    remedy: {
      en: "Correct the login or the database's name in the URL.",
      zh: "请更正 URL 中的登录或数据库名。",
    },
  },
  probe_refused: {
    error: "repair_verify_failed",
    message: {
      en: "The proof's row was refused and rolled back: {words}. Nothing was changed.",
      zh: "证明所用的行被拒绝并已回滚：{words}。未做任何更改。",
    },
    remedy: {
      en: "Make a new plan: with values that a trigger of the table accepts (--probe-value TABLE.COLUMN=VALUE), or without the row (--accept B35=REASON).",
      zh: "请重新生成计划：用 --probe-value 表.列=值 给出触发器接受的值，或用 --accept B35=原因 不写入该行。",
    },
  },
  password_file_ignored: {
    error: "repair_refused",
    message: {
      en: "The server asks for a password, and the password file {path} was ignored: other users may read it (mode {mode}).",
      zh: "服务器要求密码，而密码文件 {path} 被忽略：其他用户可读（权限 {mode}）。",
    },
    remedy: {
      en: "Close it: chmod 0600 {path}",
      zh: "请收紧权限：chmod 0600 {path}",
    },
  },
  password_missing: {
    error: "repair_refused",
    message: {
      en: "The server asks for a password and none was given.",
      zh: "服务器要求密码，但未提供。",
    },
    remedy: {
      en: "Give it in DATABASE_URL, PGPASSWORD or ~/.pgpass (mode 0600).",
      zh: "请在 DATABASE_URL、PGPASSWORD 或 ~/.pgpass（权限 0600）中提供。",
    },
  },
  database_unreachable: {
    error: "repair_blocked",
    message: { en: "The database cannot be reached: {words}.", zh: "无法连接数据库：{words}。" },
    remedy: {
      en: "Check host and port, then run the command again.",
      zh: "请检查主机与端口后重新运行。",
    },
  },
  connection_lost: {
    error: "repair_blocked",
    message: {
      en: "The connection to the database was lost: {words}.",
      zh: "与数据库的连接中断：{words}。",
    },
    remedy: {
      en: "Read the last line, which says what is true, and run the command again.",
      zh: "请查看最后一行的当前状态，然后重新运行命令。",
    },
  },
  pooler: {
    error: "repair_refused",
    message: {
      en: "B03: a connection pooler stands between; its guards would be lost on another backend.",
      zh: "B03：中间有连接池；安全检查会在其他后端上失效。",
    },
    remedy: {
      en: "Give the server's own host and port; for Neon the host without -pooler, for Supabase db.PROJECT.supabase.co:5432, for Azure port 5432, for RDS Proxy the instance's endpoint.",
      zh: "请给出服务器自身的主机与端口：Neon 用不带 -pooler 的主机，Supabase 用 db.项目.supabase.co:5432，Azure 用 5432 端口，RDS Proxy 用实例的端点。",
    },
  },
  server_is_standby: {
    error: "repair_refused",
    message: {
      en: "B02: this server is a standby; nothing was changed.",
      zh: "B02：此服务器是备库；未做任何更改。",
    },
    remedy: { en: "Give the address of its primary.", zh: "请给出其主库的地址。" },
  },
  server_takes_no_writes: {
    error: "repair_refused",
    message: {
      en: "B02: this server takes no writes ({words}); nothing was changed.",
      zh: "B02：此服务器不接受写入（{words}）；未做任何更改。",
    },
    remedy: {
      en: "Give the address of the primary, or unset default_transaction_read_only; then run the command again.",
      zh: "请给出主库的地址，或取消 default_transaction_read_only，再重新运行。",
    },
  },
  database_set_read_only: {
    error: "repair_refused",
    message: {
      en: "B02: this database is set read-only; nothing was changed.",
      zh: "B02：此数据库被设为只读；未做任何更改。",
    },
    remedy: {
      en: "Unset default_transaction_read_only, then run the command again.",
      zh: "请取消 default_transaction_read_only，再重新运行。",
    },
  },
  schema_ambiguous: {
    error: "repair_refused",
    message: {
      en: "B04: {schemas} all hold {anchor} and {parent}.",
      zh: "B04：{schemas} 中都有 {anchor} 和 {parent}。",
    },
    remedy: { en: "Say which one with --schema.", zh: "请用 --schema 指定其中之一。" },
  },
  tables_missing: {
    error: "repair_refused",
    message: {
      en: "B04: this database does not hold the tables {anchor} and {parent} (found: {seen}).",
      zh: "B04：此数据库中没有表 {anchor} 和 {parent}（找到：{seen}）。",
    },
    remedy: {
      en: "Is it the right one? Check the database's name in the URL.",
      zh: "请确认是否为正确的数据库，并检查 URL 中的数据库名。",
    },
  },
  relation_not_a_table: {
    error: "repair_refused",
    message: {
      en: "B04: {relation} is not a table; the repair works on tables.",
      zh: "B04：{relation} 不是表；修复只作用于表。",
    },
    remedy: { en: "Check the database and --schema.", zh: "请检查数据库与 --schema。" },
  },
  relation_missing: {
    error: "repair_refused",
    message: {
      en: "B04: {relation} does not exist; the repair works on tables.",
      zh: "B04：{relation} 不存在；修复只作用于表。",
    },
    remedy: { en: "Check the database and --schema.", zh: "请检查数据库与 --schema。" },
  },
  maintenance_in_the_way: {
    error: "repair_blocked",
    message: {
      en: "B66: another migration holds the tables or waits for them: {who}. A catalog query would queue behind it. Nothing was changed.",
      zh: "B66：另一项维护操作占用或等待这些表：{who}。查询会排在其后。未做任何更改。",
    },
    remedy: {
      en: "List it with `newday repair unblock`; try again when it has ended.",
      zh: "请用 newday repair unblock 查看，待其结束后重试。",
    },
  },
  other_database: {
    error: "repair_refused",
    message: {
      en: "B01: this is not the database of the plan. {different}",
      zh: "B01：这不是计划所针对的数据库。{different}",
    },
    remedy: {
      en: "Give the URL of the plan's database, or make a new plan.",
      zh: "请给出计划所针对数据库的 URL，或重新生成计划。",
    },
  },
  address_changed: {
    error: "repair_refused",
    message: {
      en: "B09: {host} stood for {before} when the plan was made and stands for {now} now. Nothing was changed.",
      zh: "B09：制定计划时 {host} 指向 {before}，现在指向 {now}。未做任何更改。",
    },
    remedy: {
      en: "Make a new plan on the server that you mean.",
      zh: "请在目标服务器上重新生成计划。",
    },
  },
  certificate_changed: {
    error: "repair_refused",
    message: {
      en: "B08: the server shows {present}; the plan saw {planned}. Nothing was changed.",
      zh: "B08：服务器出示 {present}；计划中为 {planned}。未做任何更改。",
    },
    remedy: { en: "Make a new plan if this is right.", zh: "如属正常变更，请重新生成计划。" },
  },
  replica_of_other_cluster: {
    error: "repair_refused",
    message: {
      en: "W64: {name} is a standby of another cluster; nothing was changed.",
      zh: "W64：{name} 是另一集群的备库；未做任何更改。",
    },
    remedy: {
      en: "Give the address of a standby of this server with --replica.",
      zh: "请用 --replica 给出本服务器备库的地址。",
    },
  },
  replica_is_no_standby: {
    error: "repair_refused",
    message: {
      en: "W64: {name} is no standby; nothing was changed.",
      zh: "W64：{name} 不是备库；未做任何更改。",
    },
    remedy: {
      en: "Give the address of a standby of this server with --replica.",
      zh: "请用 --replica 给出本服务器备库的地址。",
    },
  },
  journal_unreadable: {
    error: "repair_refused",
    message: {
      en: "The journal {journal} belongs to {owner}, and {role} may not read it. Nothing was changed.",
      zh: "日志 {journal} 属于 {owner}，{role} 无权读取。未做任何更改。",
    },
    remedy: {
      en: "Run as {owner} or a superuser: {grant}",
      zh: "请以 {owner} 或超级用户执行：{grant}",
    },
  },
  journal_edited: {
    error: "repair_refused",
    message: {
      en: "The journal {path} was edited after it was written: its chain of hashes is broken. Nothing was changed.",
      zh: "日志 {path} 写出后被改动：哈希链已断。未做任何更改。",
    },
    remedy: {
      en: "Keep it as evidence, and name another folder.",
      zh: "请保留作为证据，并指定其他目录。",
    },
  },
  runner_active: {
    error: "repair_blocked",
    message: {
      en: "Another repair runs on this database (pid {pid}, {application}); nothing was changed.",
      zh: "此数据库上正在运行另一次修复（pid {pid}，{application}）；未做任何更改。",
    },
    remedy: {
      en: "Wait until it has ended; `newday repair status` shows it.",
      zh: "请等待其结束；newday repair status 可查看。",
    },
  },
  runner_session_open: {
    error: "repair_blocked",
    message: {
      en: "Another repair runs on this database: a session (pid {pid}, {application}) {why} is still open at the server; nothing was changed.",
      zh: "此数据库上另一次修复的会话（pid {pid}，{application}）仍未关闭，{why}；未做任何更改。",
    },
    remedy: {
      en: `Try again later, or end it: newday repair unblock --pid {pid} --started '{started}' --terminate --reason "its runner is dead"`,
      zh: `请稍后重试，或结束它：newday repair unblock --pid {pid} --started '{started}' --terminate --reason "its runner is dead"`,
    },
  },
  stopped_while_waiting: {
    error: "repair_blocked",
    message: {
      en: "Stopped while waiting for the session of an earlier run; nothing was changed.",
      zh: "在等待先前运行的会话时被停止；未做任何更改。",
    },
    remedy: { en: "Run the command again later.", zh: "请稍后重新运行。" },
  },
  dump_tool_missing: {
    error: "repair_refused",
    message: {
      en: "The backup needs {tool} of PostgreSQL {major}; found {found}.",
      zh: "备份需要 PostgreSQL {major} 的 {tool}；找到：{found}。",
    },
    remedy: {
      en: "Install postgresql-client-{major}, or name its folder with --pg-bin, or vouch for a provider's snapshot with --backup-attested TEXT.",
      zh: "请安装 postgresql-client-{major}，或用 --pg-bin 指定其目录，或用 --backup-attested 文字 声明云服务商的快照。",
    },
  },
  disk_too_small: {
    error: "repair_refused",
    message: {
      en: "{folder} has {free} free and up to {needed} are needed; nothing was changed.",
      zh: "{folder} 剩余 {free}，最多需要 {needed}；未做任何更改。",
    },
    remedy: { en: "Name a folder on another disk.", zh: "请指定其他磁盘上的目录。" },
  },
  dump_failed: {
    error: "repair_refused",
    message: {
      en: "The backup failed, nothing was changed: {words}",
      zh: "备份失败，未做任何更改：{words}",
    },
    remedy: {
      en: "Resolve the reason, then run the command again.",
      zh: "请处理该原因后重新运行。",
    },
  },
  dump_lock_table_full: {
    error: "repair_refused",
    message: {
      en: "The backup failed, nothing was changed: the server's lock table is too small for all tables ({words}).",
      zh: "备份失败，未做任何更改：服务器的锁表不足以容纳所有表（{words}）。",
    },
    remedy: {
      en: "Raise max_locks_per_transaction and restart the server, or name your provider's snapshot with --backup-attested TEXT.",
      zh: "请调大 max_locks_per_transaction 并重启服务器，或用 --backup-attested 文字 声明云服务商的快照。",
    },
  },
  copy_locale_missing: {
    error: "repair_refused",
    message: {
      en: "The dump {path} is whole, but the PostgreSQL {server} of this machine lacks the database's locale ({locale}): {words}. Nothing was changed.",
      zh: "备份 {path} 完整，但本机的 PostgreSQL {server} 没有该数据库的区域设置（{locale}）：{words}。未做任何更改。",
    },
    remedy: {
      en: "Install the locale or name a server that has it with --pg-bin FOLDER; or name your provider's snapshot with --backup-attested TEXT.",
      zh: "请安装该区域设置，或用 --pg-bin 文件夹 指定具有它的服务器；也可用 --backup-attested 文字 声明云服务商的快照。",
    },
  },
  copy_not_restorable: {
    error: "repair_refused",
    message: {
      en: "The dump {path} was read to its last byte, but the PostgreSQL {server} of this machine cannot restore it: {why}. Nothing was changed.",
      zh: "备份 {path} 已完整读取，但本机的 PostgreSQL {server} 无法恢复：{why}。未做任何更改。",
    },
    remedy: {
      en: "Install what is missing (an extension's package, for example), or name a server that has it with --pg-bin FOLDER; or name your provider's snapshot with --backup-attested TEXT.",
      zh: "请安装所缺内容（例如扩展的软件包），或用 --pg-bin 文件夹 指定具有它的服务器；也可用 --backup-attested 文字 声明云服务商的快照。",
    },
  },
  query_not_allowed: {
    error: "repair_refused",
    message: {
      en: "The server refuses a query that this step needs (B46): {words}.",
      zh: "服务器拒绝本步骤必需的查询（B46）：{words}。",
    },
    remedy: {
      en: "Grant it: grant execute on function NAME to ROLE, or grant select on NAME to ROLE; or log in as a role that may run it.",
      zh: "请授权：grant execute on function 名称 to 角色，或 grant select on 名称 to 角色；也可改用有权限的角色登录。",
    },
  },
  backup_damaged: {
    error: "repair_refused",
    message: {
      en: "The backup {path} is not good: {why}. Nothing was changed.",
      zh: "备份 {path} 不可用：{why}。未做任何更改。",
    },
    remedy: {
      en: "Take a new backup with `newday repair backup`.",
      zh: "请用 newday repair backup 重新备份。",
    },
  },
  table_unreadable: {
    error: "repair_refused",
    message: {
      en: "The role may not read {table}, so the backup would not be whole; nothing was changed.",
      zh: "该角色无权读取 {table}，备份将不完整；未做任何更改。",
    },
    remedy: {
      en: "Grant it: grant select on {table} to ROLE; or name your provider's snapshot with --backup-attested.",
      zh: "请授权：grant select on {table} to 角色；或用 --backup-attested 说明云服务商的快照。",
    },
  },
  scratch_server_missing: {
    error: "repair_refused",
    message: {
      en: "A restored copy needs a PostgreSQL {major} server on this machine, and there is none.",
      zh: "恢复副本需要本机有 PostgreSQL {major} 服务器，但未找到。",
    },
    remedy: {
      en: "Install postgresql-{major} (it need not run), or name its folder with --pg-bin.",
      zh: "请安装 postgresql-{major}（无需运行），或用 --pg-bin 指定其目录。",
    },
  },
} as const satisfies RefusalRows;
