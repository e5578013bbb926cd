/** The plan for a person: the change, its effect on clients, the obstacles, the command to type. */
import { quoteIdentifier } from "../../db/driver/direct-client.ts";
import { stripVTControlCharacters } from "node:util";
import pc from "picocolors";
import type { Finding } from "../../repair/model/finding.ts";
import { BANDS } from "../../repair/plan/risk.ts";
import { printableCopy } from "../../lib/printable.ts";
import { invocation } from "../usage/invocation.ts";
import { findingEntry } from "../../repair/plan/finding-catalogue.ts";
import { HOLD_MS } from "../../repair/drop/locked-batch.ts";
import { longestWait } from "../../repair/drop/lock-timeout-backoff.ts";
import { planHash, shortHash, type Plan } from "../../repair/model/plan.ts";
import { FIRST_VERSION_WITH_PARTITIONED_NOT_VALID } from "../../repair/rollback/options.ts";
import { joinMessages, type Language, type Message } from "../../lib/messages.ts";
import { ALL_USER_PATHS_REPAIR } from "../../repair/model/all-user-paths.ts";
import { WALLETS_REPAIR } from "../../repair/model/wallets.ts";
import { counted, duration, keyName, serverVersion, shellWord } from "../../repair/model/text.ts";
import type { RepairDefinition } from "../../repair/model/definition.ts";

const MARKS = { block: "✗", warn: "!", info: "·" } as const;

interface Section {
  readonly title: Message;
  readonly lines: readonly string[];
}

/** The plan for a terminal. */
export function planScreen(made: Plan, repair: RepairDefinition, language: Language): string[] {
  const t = (text: Message) => text[language];
  const plan = { ...printableCopy(made), hash: planHash(made) };
  const body = sections(plan, t).flatMap(({ title, lines }) => ["", pc.bold(t(title)), ...lines]);
  return [...header(plan, repair, t), ...body, "", t(NOTHING_WRITTEN)];
}

/** The same plan as Markdown, for a ticket or a review. */
export function planMarkdown(made: Plan, repair: RepairDefinition, language: Language): string {
  const t = (text: Message) => text[language];
  const plan = { ...printableCopy(made), hash: planHash(made) };
  const [banner, ...facts] = header(plan, repair, t).map(stripVTControlCharacters);
  const body = sections(plan, t).flatMap(({ title, lines }) => [
    `## ${t(title)}`,
    "",
    "```text",
    ...lines.map((line) => stripVTControlCharacters(line)),
    "```",
    "",
  ]);
  const head = [
    `# ${t(repair.title)}`,
    "",
    `**${(banner ?? "").trim()}**`,
    "",
    ...facts.map((fact) => `- ${fact}`),
    "",
  ];
  return [...head, ...body, t(NOTHING_WRITTEN), ""].join("\n");
}

const NOTHING_WRITTEN: Message = {
  en: "Nothing was written: the plan was made in one READ ONLY transaction.",
  zh: "未写入任何内容：计划在一个只读事务中生成。",
};

/** Without a key to drop there is no lock to take; after the adoption neither step nor rollback option is left. */
function sections(plan: Plan, t: Translate): Section[] {
  const changed = { title: { en: "What changes", zh: "更改内容" }, lines: changes(plan, t) };
  const found = { title: { en: "Findings", zh: "检查结果" }, lines: findings(plan.findings, t) };
  const back = {
    title: { en: "Rollback, as of now", zh: "当前的回滚可能" },
    lines: rollback(plan, t),
  };
  const left = { title: { en: "Steps", zh: "步骤" }, lines: steps(plan, t) };
  if (plan.keys.length === 0)
    return isAdopted(plan) ? [changed, found] : [changed, found, back, left];
  return [
    changed,
    { title: { en: "Locks, and what users feel", zh: "锁与用户感受" }, lines: locks(plan, t) },
    { title: { en: "Risk", zh: "风险" }, lines: risk(plan, t) },
    found,
    back,
    left,
    { title: { en: "Exact SQL", zh: "确切的 SQL" }, lines: exactSql(plan, t) },
  ];
}

function isAdopted(plan: Plan): boolean {
  return plan.findings.some(({ data }) => data["adopted"] === true);
}

function risk({ risk: { score, band, terms } }: Plan, t: Translate): string[] {
  const bands: Record<string, Message> = {
    low: { en: "low", zh: "低" },
    medium: { en: "medium", zh: "中" },
    high: { en: "high", zh: "高" },
  };
  const scale = t({
    en: `low below ${BANDS.medium}, high from ${BANDS.high}; the product of`,
    zh: `低于 ${BANDS.medium} 为低，${BANDS.high} 起为高；由以下各项相乘`,
  });
  return [
    `  ${t(bands[band] ?? { en: "", zh: "" })}: ${score} (${scale})`,
    ...terms.map(({ factor, text }) => `    ${`${factor}`.padStart(4)}  ${t(text)}`),
  ];
}

function steps({ keys }: Plan, t: Translate): string[] {
  const drop: readonly Message[] = [
    { en: "⚙ backup, restored and compared", zh: "⚙ 备份，并恢复比对" },
    {
      en: "⚙ pre-lock and drop: short waits, then one message with its COMMIT",
      zh: "⚙ 预锁并删除：每次只等待片刻，删除与提交在一条消息中",
    },
  ];
  const list: readonly Message[] = [
    ...(keys.length > 0 ? drop : []),
    { en: "⚙ proof by catalogue and behaviour", zh: "⚙ 以系统目录与实际写入验证" },
    {
      en: "⚙ smoke: `newday repair smoke --api-url URL`",
      zh: "⚙ 冒烟：newday repair smoke --api-url URL",
    },
    {
      en: "☺ adopt: `newday adopt --dry-run`, then `newday adopt`; the POINT OF NO RETURN: no rollback option is left after it",
      zh: "☺ 接管：newday adopt --dry-run，再 newday adopt；不可逆点：此后没有任何回滚方式",
    },
    {
      en: "⚙ open the partner's page: `newday repair smoke --api-url URL --integration-page`",
      zh: "⚙ 打开合作方页面：newday repair smoke --api-url URL --integration-page",
    },
    { en: "☺ tell the partner: `newday repair notify`", zh: "☺ 通知合作方：newday repair notify" },
    { en: "⚙ watch: `newday repair watch`", zh: "⚙ 监视：newday repair watch" },
  ];
  return list.map((step, at) => `  ${at + 1}. ${t(step)}`);
}

/** The statements in order; the checks around them are in the one batch that `apply` sends. */
function exactSql(plan: Plan, t: Translate): string[] {
  const preLocks = plan.locks
    .filter(({ mayLock }) => mayLock)
    .map(({ name }) => `  lock table only ${name} in share update exclusive mode;`);
  return [
    "  begin;",
    ...preLocks,
    "  savepoint before_cut;",
    `  -- ${t({ en: "under ACCESS EXCLUSIVE, in one message:", zh: "在 ACCESS EXCLUSIVE 锁下，一条消息：" })}`,
    ...plan.keys.map(({ dropSql }) => `  ${dropSql}`),
    ...plan.probes.map(({ sql }) => `  ${sql}; -- ${t({ en: "rolled back", zh: "随即回滚" })}`),
    "  commit;",
  ];
}

type Translate = (text: Message) => string;

/** The plan with its hash: the printable copy has another one. */
type ShownPlan = Plan & { readonly hash: string };

function header(plan: ShownPlan, repair: RepairDefinition, t: Translate): string[] {
  const { target } = plan;
  const production = plan.environment === "production";
  const banner = ` ${plan.environment.toUpperCase()} · ${target.database} · PostgreSQL ${serverVersion(target.versionNumber)} · ${target.address ?? t({ en: "socket", zh: "套接字" })}:${target.port} · ${t({ en: "cluster", zh: "集群" })} ${target.systemIdentifier?.slice(-6) ?? "?"} `;
  return [
    production ? pc.bgRed(pc.white(banner)) : pc.inverse(banner),
    `${t({ en: "Repair", zh: "修复" })}: ${repair.id} — ${t(repair.title)}`,
    `${t({ en: "Plan", zh: "计划" })}: ${shortHash(plan.hash)}, ${t({ en: "expires", zh: "有效期至" })} ${plan.expiresAt}`,
  ];
}

function changes(plan: Plan, t: Translate): string[] {
  const lines = plan.keys.flatMap((key) => [
    `  ${pc.red("-")} ${key.table}  ${quoteIdentifier(key.name)}  ${key.definition}`,
    `      ${t({ en: `while it exists, a user without a row in ${key.references} cannot ${key.blocks.en}`, zh: `存在时，在 ${key.references} 中没有记录的用户无法${key.blocks.zh}` })}`,
  ]);
  const rows = plan.rows.map(
    (row) => `  ${pc.green("+")} ${row.table}: ${JSON.stringify(row.values)}  ${t(row.why)}`,
  );
  const kept = [...plan.keptIndexes.map(({ name }) => name), ...plan.keptKeys.map(keyName)];
  const absent = plan.absentRules.map(
    (rule) =>
      `  · ${rule.table}.${rule.column}: ${t({ en: "not in this database", zh: "本库中不存在" })}`,
  );
  return [
    ...lines,
    ...rows,
    `  = ${t({ en: "unchanged", zh: "保持不变" })}: ${kept.join(", ")}`,
    ...absent,
    ...otherPaths(plan, t),
    `  ${t({
      en: `${counted(plan.keys.length, "foreign key")} to drop; unchanged: ${counted(plan.keptKeys.length, "foreign key")} of and to these tables, ${counted(plan.keptIndexes.length, "unique index", "unique indexes")}; 0 rows changed, ${counted(plan.rows.length, "row")} ensured`,
      zh: `删除 ${plan.keys.length} 个外键；保持不变：与这些表相关的外键 ${plan.keptKeys.length} 个、唯一索引 ${plan.keptIndexes.length} 个；修改 0 行，确保存在 ${plan.rows.length} 行`,
    })}`,
  ];
}

/** Whether the smaller repair is enough, where the larger one would take more keys. */
function otherPaths({ repair, keptKeys }: Plan, t: Translate): string[] {
  if (repair.id !== WALLETS_REPAIR.id) return [];
  const left = ALL_USER_PATHS_REPAIR.keys.filter(({ table, column }) =>
    keptKeys.some(
      (key) =>
        key.table.endsWith(`.${table}`) && key.definition.startsWith(`FOREIGN KEY (${column})`),
    ),
  );
  if (left.length === 0) return [];
  const blocked = joinMessages(
    left.map(({ blocks }) => blocks),
    ", ",
  );
  return [
    `  ${t({
      en: `Enough for New Day's server: after the adoption it keeps market and items in tables of its own. In the old server external users still cannot ${blocked.en}; \`--repair all-user-paths\` takes those keys too.`,
      zh: `对 New Day 服务器已足够：接管后市场与道具保存在它自己的表中。在旧服务器中，外部用户仍无法${blocked.zh}；--repair all-user-paths 会一并删除这些外键。`,
    })}`,
  ];
}

function locks(plan: Plan, t: Translate): string[] {
  const stall = longestWait(plan.deadlockTimeoutMs);
  return [
    ...plan.locks.map(({ oid, name, mayLock }) => {
      const table = plan.tables.find((candidate) => candidate.oid === oid);
      const size = table ? ` (${sizeOf(table, t)})` : "";
      return `  ${name}${size}: ACCESS EXCLUSIVE${mayLock ? "" : t({ en: " (by the drop itself)", zh: "（由删除语句自行加锁）" })}`;
    }),
    `  ${t({
      en: `Worst stall of a request: ${stall} ms (the longest wait of the backoff; deadlock_timeout is ${plan.deadlockTimeoutMs} ms). The change itself is catalogue work of milliseconds, sent as one message; triggers run inside it, and after ${HOLD_MS} ms under the locks the server cancels it.`,
      zh: `请求的最长停顿：${stall} ms（单次等锁的上限；deadlock_timeout 为 ${plan.deadlockTimeoutMs} ms）。更改本身只涉及系统目录，毫秒级，一条消息完成；触发器也在其中运行，持锁超过 ${HOLD_MS} ms 时服务器会取消更改。`,
    })}`,
    `  ${estimates(plan, t)}`,
  ];
}

/** A never analysed table lacks an estimate of its rows; its size is always known. */
function sizeOf({ estimatedRows, bytes }: Plan["tables"][number], t: Translate): string {
  const size = `${Math.ceil(bytes / 1024)} kB`;
  return estimatedRows > 0
    ? `~${Math.round(estimatedRows)} ${t({ en: "rows", zh: "行" })}, ${size}`
    : size;
}

/** Measured on a restored copy; otherwise the text names the missing rehearsal. */
function estimates({ estimates: measured }: Plan, t: Translate): string {
  if (!measured)
    return t({
      en: "Not rehearsed: `newday repair rehearse` measures locks and times on a restored copy.",
      zh: "尚未演练：newday repair rehearse 会在恢复的副本上测量锁与耗时。",
    });
  const { server, rows, rehearsedAt, dropMs, antiJoinMs, validateMs, locks: held } = measured;
  const modes = held.map(({ relation, mode }) => `${relation} ${mode}`).join(", ");
  const again = validateMs === null ? "-" : duration(validateMs);
  return t({
    en: `Measured on a restored copy (PostgreSQL ${server}, ${rows} rows, ${rehearsedAt}): drop ${duration(dropMs)}; counting external users ${duration(antiJoinMs)}; validating for an exact rollback ${again}; locks ${modes}.`,
    zh: `在恢复的副本上测得（PostgreSQL ${server}，${rows} 行，${rehearsedAt}）：删除 ${duration(dropMs)}；统计外部用户 ${duration(antiJoinMs)}；精确回滚的验证 ${again}；锁 ${modes}。`,
  });
}

function findings(list: readonly Finding[], t: Translate): string[] {
  if (list.length === 0) return [`  ${t({ en: "none", zh: "无" })}`];
  return list.flatMap((finding) => {
    const entry = findingEntry(finding.id);
    const title = entry ? t(entry.title) : finding.id;
    const accepted = finding.accepted
      ? ` ${t({ en: "accepted", zh: "已接受" })}: ${finding.accepted}`
      : "";
    const head = `  ${MARKS[finding.severity]} ${finding.id} ${title}: ${t(finding.evidence)}${accepted}`;
    const remedy =
      finding.severity === "block" && !finding.accepted && entry
        ? [`      → ${t(entry.remedy)}`]
        : [];
    return [finding.severity === "block" ? pc.red(head) : head, ...remedy];
  });
}

function rollback(plan: Plan, t: Translate): string[] {
  if (plan.keys.length === 0)
    return [
      t({
        en: "  nothing would be dropped; `newday repair rollback --plan` shows the rollback options of an earlier drop",
        zh: "  没有要删除的外键；此前删除的回滚方式见 newday repair rollback --plan",
      }),
    ];
  const exact = t(exactRollback(plan.keys));
  return [
    `  ${t({
      en: `An external user is a user of another platform: one without a row in ${plan.keys[0]?.references}.`,
      zh: `外部用户指来自其他平台、在 ${plan.keys[0]?.references} 中没有记录的用户。`,
    })}`,
    `  A ${t({ en: "exact", zh: "精确恢复" })}: ${exact}`,
    ...otherWays(plan, exact, t),
    ...plan.keys.map(({ restoreSql }) => `      ${restoreSql}`),
  ];
}

/** Whether the exact rollback will be open. A key that is NOT VALID comes back so, beside its orphans. */
function exactRollback(keys: Plan["keys"]): Message {
  const valid = keys.filter(({ validated }) => validated);
  if (valid.length === 0)
    return {
      en: "open: the key comes back NOT VALID, as it is now",
      zh: "可用：外键按现状恢复为 NOT VALID",
    };
  const counts = valid.map(({ orphans }) => orphans);
  if (counts.includes(null))
    return { en: "unknown, rows could not be counted", zh: "未知，无法统计行数" };
  const total = counts.reduce((sum: number, count) => sum + (count ?? 0), 0);
  if (total > 0)
    return {
      en: `closed, rows without an owner: ${total}`,
      zh: `已关闭，${total} 行没有所有者`,
    };
  return {
    en: "open until the first external user has a row; then it closes",
    zh: "在首个外部用户写入之前可用，之后关闭",
  };
}

function otherWays({ findings, keys, target }: Plan, exact: string, t: Translate): string[] {
  const partitioned = findings.some(
    ({ id, data }) => id === "W24" && keys.some(({ tableOid }) => tableOid === data["tableOid"]),
  );
  if (!partitioned || target.versionNumber >= FIRST_VERSION_WITH_PARTITIONED_NOT_VALID)
    return [
      `  B ${t({ en: "freeze (NOT VALID), C without CASCADE, F fix forward", zh: "冻结（NOT VALID）、C 去除级联、F 向前修复" })}: ${t({ en: "open", zh: "可用" })}`,
    ];
  return [
    `  B ${t({ en: "freeze (NOT VALID): closed, a partitioned table takes none before 18", zh: "冻结（NOT VALID）：已关闭，18 之前的分区表不支持" })}`,
    `  C ${t({ en: "without CASCADE", zh: "去除级联" })}: ${exact}`,
    `  F ${t({ en: "fix forward: open", zh: "向前修复：可用" })}`,
  ];
}

/** The addresses that a plan was made with. */
interface Addresses {
  readonly databaseUrl?: string | undefined;
  readonly replicaUrl: readonly string[];
}

/**
 * The apply command to copy. The facts that confirm it are left out: a person types them, or the confirmation
 * would confirm nothing. A URL given as an option is repeated unless it holds a password, which must stay out of
 * logs.
 */
export function applyLine(path: string, { databaseUrl, replicaUrl }: Addresses): string {
  const where =
    databaseUrl === undefined ? "" : ` --database-url ${urlWord(databaseUrl, "DATABASE_URL")}`;
  const replicas = replicaUrl.map(
    (url, at) => ` --replica-url ${urlWord(url, `REPLICA_URL_${at + 1}`)}`,
  );
  return `${invocation()} repair apply${where}${replicas.join("")} --plan ${shellWord(path)} --backup-dir ./newday-backups`;
}

function urlWord(url: string, variable: string): string {
  return /:\/\/[^/@]*:[^/@]*@/.test(url) ? `"$${variable}"` : shellWord(url);
}
