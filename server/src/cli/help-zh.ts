/**
 * Chinese help of every command, keyed by its English text. A text that ends with a generated list
 * is keyed by its beginning, up to the colon.
 */
export const HELP_ZH: ReadonlyMap<string, string> = new Map([
  [
    "take the legacy wallets over into the ledger (after `newday repair`); the point of no return of its rollback",
    "把旧钱包接管到账本（在 newday repair 之后）；此后修复不可回滚",
  ],
  [
    "the database whose legacy tables are taken over; a terminal asks for it",
    "要接管其旧表的数据库；终端会询问",
  ],
  [
    "prove the invariants of the books: sums, balances, versions, holds, items",
    "核验账目：总和、余额、版本、预留、道具",
  ],
  ["look after items that people have", "维护用户持有的道具"],
  [
    "undo a merge of `newday adopt`: the duplicate becomes an item of its own again",
    "撤销 newday adopt 的一次合并：重复的道具恢复为独立道具",
  ],
  ["make, list and revoke keys of platforms and operators", "创建、列出和吊销平台与运维人员的密钥"],
  ["make a key and show it, this once", "创建密钥并显示，仅此一次"],
  [
    "list keys, revoked ones included; never the keys themselves",
    "列出密钥（含已吊销的），从不显示密钥本身",
  ],
  ["end a key at once, on every server", "立即吊销密钥，对所有服务器生效"],
  ["list and change currencies, their bounds and minters", "列出和更改货币、余额上下限与发行方"],
  ["every currency, with bounds in minor units", "所有货币，上下限以最小单位表示"],
  ["add a currency; its scale is for ever", "新增货币；小数位数不可再改"],
  [
    "change the bounds of every account that has none of its own",
    "更改余额上下限，适用于没有单独设定的账户",
  ],
  ["let a platform issue and burn it", "允许某平台发行和销毁该货币"],
  ["let a platform no longer do so", "不再允许某平台发行和销毁该货币"],
  ["list, offer and close exchange pairs", "列出、开放和关闭兑换对"],
  [
    "every pair that is offered; for `denominator` units one gets `numerator`",
    "所有开放的兑换对；每 denominator 个单位换得 numerator 个单位",
  ],
  [
    "offer a pair, or give it another rate; quotes at the old rate are refused then",
    "开放兑换对或更改汇率；旧汇率的报价随即失效",
  ],
  ["end a pair; what was exchanged stays", "关闭兑换对；已兑换的不受影响"],
  [
    "name the users of a partner's test pages, with a daily budget",
    "指定合作方测试页的用户及其每日预算",
  ],
  ["every test user, with its budget", "所有测试用户及其预算"],
  [
    "name one: anybody may log in as it, and it trades with test users and the shop only",
    "指定一个测试用户：任何人都可以它登录，且它只能与测试用户及官方商店交易",
  ],
  ["coins a day that refill it", "每日用于补足的游戏币"],
  ["end its login and its budget; its money stays apart", "结束其登录与预算；其资金仍与他人隔离"],
  ["run the integration checks against a server", "对一台服务器运行集成测试"],
  [
    "repair a production database without an outage; every verb says what is true at its end",
    "不停机修复生产数据库；每个命令结束时说明当前状态",
  ],
  [
    "list the named targets; with --pin, write down which database this is",
    "列出已命名的目标；加 --pin 记录当前是哪个数据库",
  ],
  [
    "the inventory: server, tables, every foreign key of and to them, unique indexes; writes nothing",
    "清单：服务器、表、相关外键、唯一索引；不写入任何内容",
  ],
  [
    "inspect the database, show what would be done, write it to a file; writes nothing to the database",
    "检查数据库，说明将要执行的操作并写入文件；不写入数据库",
  ],
  [
    "do the whole repair and every rollback option on a restored copy; measure locks and times",
    "在恢复出的副本上演练整个修复和所有回滚方式，测量锁与耗时",
  ],
  [
    "dump, restore on a server of its own, compare; or check an older dump",
    "备份、在独立服务器上恢复并比对；或检查已有备份",
  ],
  [
    "do what a plan says: back up, change without making anybody wait, prove",
    "执行计划：备份、不让用户等待地更改、验证",
  ],
  [
    "prove the repair by catalogue and by behaviour (an external user's row, rolled back); keeps nothing",
    "从系统目录和实际行为验证修复（写入一行外部用户再回滚），不留痕迹",
  ],
  [
    "call the wallet API and watch the calls arrive in this very database: red before the cut, green after",
    "调用钱包 API 并确认请求到达本数据库：修复前为红，修复后为绿",
  ],
  [
    "tell the partner: signed webhook, e-mail, chat (settings: NEWDAY_NOTIFY_* of docs/repair)",
    "通知合作方：签名 webhook、邮件、聊天（设置见 docs/repair 的 NEWDAY_NOTIFY_*）",
  ],
  [
    "what the journal recorded and what the catalogue says; writes nothing",
    "日志的记录与系统目录的现状；不写入任何内容",
  ],
  [
    "go on after a crash or a lost line: ask the server what happened, then do what is left",
    "崩溃或断线后继续：先向服务器查明结果，再完成剩余步骤",
  ],
  [
    "hold a run that waits for its locks, until `continue`; it holds no lock meanwhile",
    "暂停正在等锁的运行，直到 continue；期间不持有任何锁",
  ],
  ["hold it for a while; it goes on by itself", "推迟一段时间，之后自动继续"],
  ["let a run that is held go on", "让暂停的运行继续"],
  [
    "stop a run before its change; ends with what is true then",
    "在更改之前中止运行，并说明当时的状态",
  ],
  [
    "count who stands in the way of going back, list the ways that are open now, or go one of them",
    "统计回滚的障碍，列出当前可行的方式，或执行其中一种",
  ],
  [
    "watch for a while whether the key comes back and external users arrive; exit 10 if it does",
    "观察一段时间：外键是否重现、外部用户是否到来；若外键重现则以 10 退出",
  ],
  [
    "compare the structure of two environments, or of one with what the journal recorded; writes nothing",
    "比较两个环境的结构，或与日志记录比较；不写入任何内容",
  ],
  [
    "list who holds the tables; with --pid, --started and --reason, end that one session's statement",
    "列出占用这些表的会话；加 --pid、--started 和 --reason 结束该会话的语句",
  ],
  [
    "what a finding means, why it hurts here, and what to do about it",
    "某项检查结果的含义、影响与处理方法",
  ],
  [
    "the runbook of a run as Markdown, from its journal; every box is probed anew",
    "根据日志生成该次运行的 Markdown 手册；每一项都重新核验",
  ],
  [
    "make the roles that restrict the server's sessions, and say how to use them",
    "创建限制服务器会话权限的角色，并说明如何使用",
  ],
  ["show what would happen and change nothing", "只预览，不更改"],
  [
    "write everything that was found as JSON, every merge included",
    "把所有发现（含每次合并）写成 JSON",
  ],
  ["legacy rows per step", "每步处理的旧数据行数"],
  ["one JSON object for machines", "输出一个 JSON 对象，供程序使用"],
  ["the platform whose users it acts for", "密钥所代表的平台"],
  [
    "operator: acts as New Day for the users of all platforms",
    "operator：以 New Day 身份服务所有平台的用户",
  ],
  ["what it is for, for your own list", "用途说明，便于自己辨认"],
  ["only those of this platform", "只列出该平台的"],
  ["one JSON array for machines", "输出一个 JSON 数组，供程序使用"],
  [
    "who is recorded as the operator; by default the user of this machine",
    "记录的操作人；默认为本机用户",
  ],
  ["say what would change, and change nothing", "只预览，不更改"],
  ["lowest balance of a user, at most 0", "用户的最低余额，不大于 0"],
  ["highest balance of a user", "用户的最高余额"],
  ["what a platform may owe through exchange", "平台因兑换可累积的欠额"],
  ["decimal places of the minor unit", "最小单位的小数位数"],
  ["comma-separated platforms that may issue it", "可发行该货币的平台，以逗号分隔"],
  ["n minor units of the second for d of the first", "每 d 个前者的最小单位换 n 个后者的最小单位"],
  [
    "address of the server; by default http://localhost and the port of PORT or 5000",
    "服务器地址；默认为 http://localhost 加 PORT 的端口，或 5000",
  ],
  ["print the whole report as JSON", "以 JSON 输出完整报告"],
  [
    "a database URL or a file of --save; default: --database-url",
    "数据库 URL，或 --save 写出的文件；默认 --database-url",
  ],
  ["another one; default: the structure in the journal of A", "另一个；默认为 A 的日志中的结构"],
  ["its id, for example B41; without one, all of them", "编号，如 B41；不写则列出全部"],
  [
    "its id, or at least 8 characters of it; `status` lists what is live",
    "运行编号，至少写出前 8 个字符；status 会列出进行中的运行",
  ],
  ["PostgreSQL to repair; default: DATABASE_URL", "要修复的 PostgreSQL；默认 DATABASE_URL"],
  ["wallets (the default) or all-user-paths", "wallets（默认）或 all-user-paths"],
  [
    "a repair of your own, as JSON (docs/repair/design.md)",
    "自定义修复的 JSON 文件（见 docs/repair/design.md）",
  ],
  ["schema of the tables, when several hold them", "表所在的 schema（有多个时指定）"],
  ["language of the output; default: from the locale", "输出语言；默认按系统语言"],
  ["one JSON event a line instead of text", "每行输出一个 JSON 事件，代替文本"],
  ["the file of targets; it holds no secret", "目标文件；不含任何机密"],
  [
    "inspect the database and write it into the file under this name",
    "检查数据库并以此名称写入目标文件",
  ],
  ["environment of the pinned target", "所记录目标的环境"],
  [
    "where the plan goes; default: a name made of database and hash",
    "计划文件的位置；默认由数据库名与哈希组成",
  ],
  [
    "production, staging, ...; default: the database's marker, or production",
    "production、staging 等；默认取数据库标记，否则为 production",
  ],
  ["the named target that this database must turn out to be", "该数据库必须与此命名目标一致"],
  ["write the plan for a ticket or a review as well", "同时写出供工单或评审使用的计划"],
  ["the file of targets", "目标文件"],
  ["accept a blocking finding, with the reason", "接受一项阻断性的检查结果，并写明理由"],
  [
    "a standby whose readers must not be stalled; may be given several times",
    "其读者不得被阻塞的备库；可多次给出",
  ],
  [
    "a value for the proof's row where finding B35 asks for one; may be given several times",
    "阻止项 B35 要求时，证明所用行的值；可多次给出",
  ],
  [
    "result of `newday repair rehearse`: measured locks and times",
    "newday repair rehearse 的结果：实测的锁与耗时",
  ],
  ["the plan to rehearse", "要演练的计划"],
  ["where the dump and the result go (made 0700)", "备份与结果的存放目录（权限 0700）"],
  [
    "use this dump of `newday repair backup` instead of taking one",
    "使用 newday repair backup 的这份备份，不再另做",
  ],
  [
    "folder with PostgreSQL's programs of the server's version",
    "与服务器版本一致的 PostgreSQL 程序目录",
  ],
  ["the plan that the backup is for; apply then finds it", "备份所属的计划；apply 会据此找到它"],
  ["where the dump goes (made 0700)", "备份的存放目录（权限 0700）"],
  [
    "instead: read, restore and compare a dump that is there already",
    "改为读取、恢复并比对已有的备份",
  ],
  ["dump the data of every table", "备份所有表的数据"],
  ["when the dump has to be deleted", "备份须在多少天后删除"],
  ["the plan that `newday repair plan` wrote", "newday repair plan 写出的计划"],
  [
    "where the backup and the local journal go (made 0700)",
    "备份与本地日志的存放目录（权限 0700）",
  ],
  [
    "instead of a dump: which snapshot of your provider covers this",
    "代替备份：由云服务商的哪个快照保障",
  ],
  ["folder with pg_dump of the server's version", "与服务器版本一致的 pg_dump 所在目录"],
  [
    "dump the data of every table, not only of those that the repair touches",
    "备份所有表的数据，而不仅是修复涉及的表",
  ],
  ["how long to try for the locks", "尝试获取锁的时长"],
  ["the database that the plan is for", "计划所针对的数据库"],
  ["the environment that the plan is for", "计划所针对的环境"],
  ["the plan's short hash", "计划的短哈希"],
  ["where the API is, for example https://newday.example", "API 地址，例如 https://newday.example"],
  [
    "the plan of the run; default: the newest run of this database",
    "该次运行的计划；默认为本数据库最近一次运行",
  ],
  ["how synthetic user ids begin", "测试用户 ID 的前缀"],
  [
    "then run the integration page's checks; they log in and buy",
    "随后运行集成页面的检查；会登录并购买",
  ],
  [
    "heads-up, done, rolled-back, window-closed, watch-alert",
    "heads-up、done、rolled-back、window-closed、watch-alert",
  ],
  ["when it happens, for heads-up; default: now", "heads-up 的发生时间；默认现在"],
  ["whom to call; default: NEWDAY_NOTIFY_CONTACT", "联系人；默认 NEWDAY_NOTIFY_CONTACT"],
  ["show the notice and send nothing", "只显示通知，不发送"],
  ["record what the partner answered, with the evidence", "记录合作方的答复及其凭据"],
  ["why; goes into the journal", "原因；写入日志"],
  ["how long: 30s, 10m, 2h", "时长：30s、10m、2h"],
  [
    "only count and list (also what happens without --option)",
    "只查看：统计并列出（不加 --option 时亦然）",
  ],
  [
    "exact, freeze, no-action, quarantine, stubs or fix-forward",
    "exact、freeze、no-action、quarantine、stubs 或 fix-forward",
  ],
  [
    "the plan of the repair, when the database keeps no journal",
    "修复的计划文件（数据库中没有日志时）",
  ],
  ["the database that is to be rolled back", "要回滚的数据库"],
  ["the environment that it belongs to", "它所属的环境"],
  ["how many rows of external users this is about, as counted", "涉及的外部用户行数（以统计为准）"],
  ["how long: 30s, 10m, 24h, 7d; 0s inspects once", "时长：30s、10m、24h、7d；0s 表示只看一次"],
  ["pause between two inspections", "两次观察之间的间隔"],
  [
    "tell the partner when the key is back or the rollback window closes",
    "外键重现或回滚窗口关闭时通知合作方",
  ],
  ["write the structure of A to a file instead of comparing", "把 A 的结构写入文件，而不比较"],
  ["the session", "会话"],
  [
    "its start, as the list shows it: a pid alone may be used again",
    "会话的开始时间（以列表所示为准）：pid 可能被重用",
  ],
  ["why; goes into the journal before the signal", "原因；在发送信号之前写入日志"],
  ["end the session, not only its statement", "结束整个会话，而不只是其语句"],
  [
    "which run, or the beginning of its id; default: the newest",
    "哪一次运行，或其 id 的开头；默认最近一次",
  ],
  ["write it to a file instead of printing it", "写入文件而不是打印"],
  [
    "New Day: one wallet, inventory and market for every user of every platform",
    "New Day：为每个平台的每位用户提供一个钱包、库存与市场",
  ],
  ["comma-separated, or all:", "以逗号分隔，或 all："],
  ["output the version number", "显示版本号"],
  [
    "Exit codes: 0 restricted, 1 fault, 2 usage, 4 not restricted.",
    "退出码：0 已限制，1 故障，2 用法错误，4 未限制。",
  ],
  [
    "Exit codes: 0 all green, 1 not all green, 2 usage, 4 unreachable.",
    "退出码：0 全部通过，1 未全部通过，2 用法错误，4 无法连接。",
  ],
  [
    "Exit codes: 0 sound, 1 fault, 2 usage, 4 not sound.",
    "退出码：0 账目正确，1 故障，2 用法错误，4 账目有误。",
  ],
  ["display help for command", "显示帮助"],
]);

/** The Chinese of a help text; undefined where a translation is missing. */
export function helpZh(english: string): string | undefined {
  const whole = HELP_ZH.get(english);
  if (whole !== undefined) return whole;
  const list = english.indexOf(": ") + 1;
  const beginning = HELP_ZH.get(english.slice(0, list));
  return beginning === undefined ? undefined : `${beginning}${english.slice(list)}`;
}
