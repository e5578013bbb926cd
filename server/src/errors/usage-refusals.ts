/** Refusals of `newday repair` about its options, files and settings. */
import type { RefusalRows } from "./refusal-row.ts";

export const USAGE_REFUSALS = {
  database_url_missing: {
    error: "repair_usage",
    message: { en: "Which database? None is named.", zh: "未指定数据库。" },
    remedy: {
      en: "Give --database-url postgres://user@host:5432/name, or DATABASE_URL.",
      zh: "请给出 --database-url postgres://user@host:5432/name，或设置 DATABASE_URL。",
    },
  },
  environment_missing: {
    error: "repair_usage",
    message: {
      en: "Which environment is this database? It has no marker, and none is named.",
      zh: "该数据库属于哪个环境？数据库没有标记，也未指定。",
    },
    remedy: {
      en: "Give --environment production (or staging, test, ...), or set NEWDAY_ENVIRONMENT.",
      zh: "请给出 --environment production（或 staging、test 等），或设置 NEWDAY_ENVIRONMENT。",
    },
  },
  database_url_scheme: {
    error: "repair_usage",
    message: {
      en: "--database-url starts with postgres:// or postgresql://.",
      zh: "--database-url 必须以 postgres:// 或 postgresql:// 开头。",
    },
    remedy: { en: "Correct the URL.", zh: "请更正该 URL。" },
  },
  database_url_service: {
    error: "repair_usage",
    message: { en: "A service's name is not read here.", zh: "此处不读取服务名（service）。" },
    remedy: {
      en: "Write its host, port, user and dbname.",
      zh: "请写出主机、端口、用户和数据库名。",
    },
  },
  database_url_invalid: {
    error: "repair_usage",
    message: { en: "The database URL is not a URL.", zh: "数据库 URL 不是有效的 URL。" },
    remedy: {
      en: "Write it as postgres://user@host:5432/database.",
      zh: "请写成 postgres://user@host:5432/database。",
    },
  },
  database_url_hosts: {
    error: "repair_usage",
    message: {
      en: "The database URL names several hosts: {hosts}.",
      zh: "数据库 URL 中有多个主机：{hosts}。",
    },
    remedy: {
      en: "Name the primary only; a repair must know its server.",
      zh: "请只写主库；修复必须明确连接到哪台服务器。",
    },
  },
  database_url_parameter: {
    error: "repair_usage",
    message: {
      en: "The parameter {parameter} of the database URL is not allowed: the driver and pg_dump would not read it alike.",
      zh: "不支持数据库 URL 的参数 {parameter}：驱动程序与 pg_dump 的解读会不同。",
    },
    remedy: {
      en: "Remove it. Known are host, port, user, password, dbname, options, sslmode, sslrootcert, sslcert, sslkey, and settings without effect on who answers, such as application_name and connect_timeout.",
      zh: "请将其删除。可用参数：host、port、user、password、dbname、options、sslmode、sslrootcert、sslcert、sslkey，以及不影响连接对象的设置（如 application_name、connect_timeout）。",
    },
  },
  database_url_file: {
    error: "repair_usage",
    message: {
      en: "The file {path} of the database URL cannot be read.",
      zh: "无法读取数据库 URL 中的文件 {path}。",
    },
    remedy: { en: "Correct its path or its rights.", zh: "请更正其路径或权限。" },
  },
  accept_form: {
    error: "repair_usage",
    message: { en: "--accept takes ID=REASON.", zh: "--accept 的格式为 ID=理由。" },
    remedy: {
      en: 'Write it as in --accept B41="rollback is not wanted".',
      zh: '例如 --accept B41="不需要回滚"。',
    },
  },
  backup_options_missing: {
    error: "repair_usage",
    message: {
      en: "backup needs --plan FILE and --backup-dir FOLDER, or --check DUMP.",
      zh: "backup 需要 --plan 文件 和 --backup-dir 目录，或 --check 备份。",
    },
    remedy: { en: "Add the missing option.", zh: "请补充缺少的选项。" },
  },
  keep_days_invalid: {
    error: "repair_usage",
    message: {
      en: "--keep-days is a whole number of days above 0.",
      zh: "--keep-days 须为大于 0 的整数天数。",
    },
    remedy: { en: "Correct the number.", zh: "请更正该数字。" },
  },
  rehearse_options_missing: {
    error: "repair_usage",
    message: {
      en: "rehearse needs --plan FILE and --backup-dir FOLDER.",
      zh: "rehearse 需要 --plan 文件 和 --backup-dir 目录。",
    },
    remedy: { en: "Add the missing option.", zh: "请补充缺少的选项。" },
  },
  unblock_options_missing: {
    error: "repair_usage",
    message: {
      en: "unblock needs --pid NUMBER, --started TIME and --reason TEXT.",
      zh: "unblock 需要 --pid 数字、--started 时间 和 --reason 文字。",
    },
    remedy: {
      en: "Take pid and start from the list that `newday repair unblock` prints.",
      zh: "请从 newday repair unblock 打印的列表中取 pid 与开始时间。",
    },
  },
  plan_option_missing: {
    error: "repair_usage",
    message: {
      en: "apply needs a plan, and nothing was done.",
      zh: "apply 需要计划文件，未执行任何操作。",
    },
    remedy: {
      en: "Make one, read it, and copy its last line:\n\n  newday repair plan --environment production --database-url URL\n",
      zh: "请先生成计划，阅读后复制其最后一行：\n\n  newday repair plan --environment production --database-url URL\n",
    },
  },
  resume_plan_missing: {
    error: "repair_usage",
    message: {
      en: "resume needs the plan of the interrupted apply {run} (last entry {at}), and nothing was done.",
      zh: "resume 需要被中断的 apply {run}（最后记录 {at}）所用的计划文件，未执行任何操作。",
    },
    remedy: {
      en: "Give it as that apply did: --plan FILE. `newday repair report` shows the newest run.",
      zh: "请与该次 apply 一样给出：--plan 文件。newday repair report 会显示最近一次运行。",
    },
  },
  backup_dir_missing: {
    error: "repair_usage",
    message: { en: "Where shall the backup go? No folder is named.", zh: "未指定备份的存放位置。" },
    remedy: {
      en: "Give --backup-dir FOLDER; or, when your provider has a snapshot, --backup-attested TEXT that names it.",
      zh: "请给出 --backup-dir 目录；若云服务商已有快照，请用 --backup-attested 文字 说明是哪一个。",
    },
  },
  budget_invalid: {
    error: "repair_usage",
    message: { en: "--budget is a number of seconds above 0.", zh: "--budget 须为大于 0 的秒数。" },
    remedy: { en: "Correct the number.", zh: "请更正该数字。" },
  },
  api_url_missing: {
    error: "repair_usage",
    message: {
      en: "smoke needs --api-url http://... or https://..., where the wallet API answers.",
      zh: "smoke 需要 --api-url http://... 或 https://...，即钱包 API 的地址。",
    },
    remedy: { en: "Add the option.", zh: "请补充该选项。" },
  },
  channels_missing: {
    error: "repair_usage",
    message: { en: "The notice has no channel.", zh: "未设置通知渠道。" },
    remedy: {
      en: "Set NEWDAY_NOTIFY_WEBHOOK_URL, NEWDAY_NOTIFY_SMTP_URL or NEWDAY_NOTIFY_CHAT_URL; --print shows the text to send by hand.",
      zh: "请设置 NEWDAY_NOTIFY_WEBHOOK_URL、NEWDAY_NOTIFY_SMTP_URL 或 NEWDAY_NOTIFY_CHAT_URL；--print 显示可手动发送的文字。",
    },
  },
  notice_kind_unknown: {
    error: "repair_usage",
    message: { en: "--kind is one of {known}.", zh: "--kind 须为以下之一：{known}。" },
    remedy: { en: "Choose one of them.", zh: "请选择其中之一。" },
  },
  notify_url_invalid: {
    error: "repair_usage",
    message: {
      en: "NEWDAY_NOTIFY_WEBHOOK_URL and NEWDAY_NOTIFY_CHAT_URL are http(s) addresses.",
      zh: "NEWDAY_NOTIFY_WEBHOOK_URL 与 NEWDAY_NOTIFY_CHAT_URL 须为 http(s) 地址。",
    },
    remedy: { en: "Correct the variable.", zh: "请更正该变量。" },
  },
  notify_variable_missing: {
    error: "repair_usage",
    message: { en: "{variable} is missing: {what}.", zh: "缺少 {variable}：{what}。" },
    remedy: { en: "Set the variable.", zh: "请设置该变量。" },
  },
  webhook_secret_invalid: {
    error: "repair_usage",
    message: {
      en: "The webhook secret must be {prefix} followed by at least {bytes} bytes in base64.",
      zh: "webhook 密钥须为 {prefix} 加至少 {bytes} 字节的 base64。",
    },
    remedy: {
      en: "Correct NEWDAY_NOTIFY_WEBHOOK_SECRET.",
      zh: "请更正 NEWDAY_NOTIFY_WEBHOOK_SECRET。",
    },
  },
  rollback_option_unknown: {
    error: "repair_usage",
    message: {
      en: 'There is no option "{name}". Known: {known}.',
      zh: "没有名为“{name}”的回滚方式。可选：{known}。",
    },
    remedy: { en: "Choose one of them.", zh: "请选择其中之一。" },
  },
  drift_side_missing: {
    error: "repair_usage",
    message: {
      en: "With what? The other side of the comparison is missing.",
      zh: "缺少比较的另一方。",
    },
    remedy: {
      en: "Name a second database URL or file. The journal holds a structure from the first `watch` on.",
      zh: "请给出第二个数据库 URL 或文件。日志从首次 watch 起保存结构。",
    },
  },
  finding_unknown: {
    error: "repair_usage",
    message: { en: 'There is no finding "{id}".', zh: "没有名为“{id}”的检查结果。" },
    remedy: {
      en: "List them with `newday repair explain`.",
      zh: "请用 newday repair explain 列出全部。",
    },
  },
  run_unknown: {
    error: "repair_usage",
    message: {
      en: "The journal of this database holds no such run.",
      zh: "此数据库的日志中没有这次运行。",
    },
    remedy: {
      en: "List the runs with `newday repair status`.",
      zh: "请用 newday repair status 列出各次运行。",
    },
  },
  run_id_too_short: {
    error: "repair_usage",
    message: { en: "The run's id is too short.", zh: "运行 ID 过短。" },
    remedy: {
      en: "Name the run by at least {length} characters of its id.",
      zh: "请至少给出运行 ID 的前 {length} 个字符。",
    },
  },
  repair_unknown: {
    error: "repair_usage",
    message: {
      en: 'There is no repair "{id}". Known: {known}.',
      zh: "没有名为“{id}”的修复。可选：{known}。",
    },
    remedy: {
      en: "Choose one of them, or name the file of another one with --repair-file.",
      zh: "请选择其中之一，或用 --repair-file 指定另一修复的文件。",
    },
  },
  repair_file_invalid: {
    error: "repair_usage",
    message: { en: "{path} is not a repair: {problem}.", zh: "{path} 不是修复文件：{problem}。" },
    remedy: {
      en: "Write it as docs/repair/design.md shows one.",
      zh: "请按 docs/repair/design.md 的示例编写。",
    },
  },
  probe_value_invalid: {
    error: "repair_usage",
    message: {
      en: '"{option}" is not TABLE.COLUMN=VALUE.',
      zh: "“{option}”不是 表.列=值 的形式。",
    },
    remedy: {
      en: "Write --probe-value wallets.code=ABC-123, as finding B35 names the column.",
      zh: "请按阻止项 B35 所列的列书写，例如 --probe-value wallets.code=ABC-123。",
    },
  },
  repair_id_taken: {
    error: "repair_usage",
    message: { en: 'The repair id "{id}" is taken.', zh: "修复 ID“{id}”已被占用。" },
    remedy: { en: "Choose another id in the repair file.", zh: "请在修复文件中改用其他 ID。" },
  },
  smoke_without_table: {
    error: "repair_usage",
    message: {
      en: 'The repair "{repair}" names no table that the wallet API shows: there is nothing to call.',
      zh: "修复“{repair}”没有钱包 API 可见的表：无可调用的内容。",
    },
    remedy: { en: "Prove it with `newday repair verify`.", zh: "请用 newday repair verify 验证。" },
  },
  target_unknown: {
    error: "repair_usage",
    message: {
      en: '{path} has no target "{name}" (known: {known}).',
      zh: "{path} 中没有目标“{name}”（已有：{known}）。",
    },
    remedy: {
      en: "Add it with `newday repair targets --pin {name}`.",
      zh: "请用 newday repair targets --pin {name} 添加。",
    },
  },
  target_file_invalid: {
    error: "repair_usage",
    message: {
      en: '{path} is not a file of targets: it is JSON with an array "targets".',
      zh: "{path} 不是目标文件：应为含 targets 数组的 JSON。",
    },
    remedy: {
      en: "Name another file, or write it with `newday repair targets --pin NAME`.",
      zh: "请指定其他文件，或用 newday repair targets --pin 名称 写入。",
    },
  },
  plan_file_exists: {
    error: "repair_usage",
    message: { en: "{path} exists already.", zh: "{path} 已存在。" },
    remedy: {
      en: "Choose another name with --out, or remove it.",
      zh: "请用 --out 指定其他名称，或删除该文件。",
    },
  },
  plan_file_invalid: {
    error: "repair_usage",
    message: { en: "{path} is not a plan file.", zh: "{path} 不是计划文件。" },
    remedy: { en: "Write one with `newday repair plan`.", zh: "请用 newday repair plan 生成。" },
  },
  manifest_unreadable: {
    error: "repair_usage",
    message: {
      en: "{path} cannot be read; it is written by `newday repair backup` and belongs beside its dump.",
      zh: "无法读取 {path}；它由 newday repair backup 写出，应与备份放在一起。",
    },
    remedy: { en: "Put it back, or take a new backup.", zh: "请放回该文件，或重新备份。" },
  },
  structure_document_invalid: {
    error: "repair_usage",
    message: {
      en: "{path} is not a structure document of format {format}.",
      zh: "{path} 不是格式 {format} 的结构文件。",
    },
    remedy: {
      en: "Write one with `newday repair drift URL --save FILE`.",
      zh: "请用 newday repair drift URL --save 文件 生成。",
    },
  },
  rehearsal_file_invalid: {
    error: "repair_usage",
    message: {
      en: '{path} is not the result of a rehearsal of "{repair}".',
      zh: "{path} 不是“{repair}”的演练结果。",
    },
    remedy: {
      en: "Write one with `newday repair rehearse`.",
      zh: "请用 newday repair rehearse 生成。",
    },
  },
} as const satisfies RefusalRows;
