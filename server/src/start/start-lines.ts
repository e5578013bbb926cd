/** The few lines that `npm start` prints for a person. */
import { dirname, join, resolve } from "node:path";
import type { Config } from "../config.ts";
import { packageRoot } from "../lib/package-root.ts";
import { shellWord } from "../repair/model/text.ts";
import { fillMessage, type Language, type Message } from "../lib/messages.ts";
import type { SecretsReport } from "../identity/platforms/import-secrets.ts";
import type { ServerHealth } from "../http/context/services.ts";
import type { SessionsObstacle } from "./restrict-store.ts";

export interface StartFacts {
  readonly config: Config;
  readonly version: string;
  readonly database: Message;
  readonly notes: readonly string[];
  /** The reason why sessions are unrestricted; undefined: they are restricted. */
  readonly obstacle: SessionsObstacle | undefined;
  readonly secrets: SecretsReport;
  /** The one-time code of the first owner; undefined once there is one. */
  readonly firstOwnerCode: string | undefined;
  readonly health: ServerHealth;
  readonly port: number;
  /** Host names and addresses under which clients reach the server, the nearest first. */
  readonly reachable: readonly string[];
  readonly startedInMs: number;
}

const EXAMPLE_PATH = "/api/shared/wallet/allinone-prod-test-123";
/** Makes the first key; `--scopes all` is what a platform that tries New Day needs. */
const KEY_COMMAND = "npm run -s newday -- key create --platform allinone --scopes all";
/** npm runs a command there, wherever the server was started. */
const DEFAULT_DATA_DIR = join(dirname(packageRoot()), ".newday");
const LOOPBACK = new Set(["localhost", "127.0.0.1", "::1"]);

/** Of one width in each language: they stand in a column. */
const LABELS = {
  database: { en: "database", zh: "数据库" },
  mode: { en: "mode    ", zh: "模式  " },
  repair: { en: "repair  ", zh: "修复  " },
  also: { en: "also on ", zh: "亦可用" },
  secrets: { en: "secrets ", zh: "密钥库" },
  console: { en: "console ", zh: "控制台" },
  setUp: { en: "set-up  ", zh: "初始化" },
  docs: { en: "docs    ", zh: "文档  " },
  key: { en: "key     ", zh: "密钥  " },
  try: { en: "try     ", zh: "试一试" },
  page: { en: "page    ", zh: "测试页" },
} as const satisfies Readonly<Record<string, Message>>;

const WORDS = {
  serves: {
    en: "serves on {base} (ready after {ms} ms)",
    zh: "已在 {base} 提供服务（{ms} 毫秒就绪）",
  },
  sandbox: {
    en: "sandbox: clients log in without proof, confined and capped; for development",
    zh: "沙盒：客户端无需凭证即可登录，权限受限；仅用于开发",
  },
  production: {
    en: "production: every login needs a proof signed by its platform",
    zh: "生产：每次登录都需要平台签名的凭证",
  },
  exposed: {
    en: "this sandbox listens beyond this machine: anyone there can log in as any unverified user",
    zh: "注意：此沙盒对本机以外开放，任何人都能以未验证用户身份登录",
  },
  compatibility: {
    en: "compatibility login of {names}: without a proof, anyone may act as any of its users who were never verified, each within the cap",
    zh: "{names} 已开启兼容登录：无需验证即可冒充其任何未验证用户，每位用户总支出不超过限额",
  },
  repairDue: {
    en: "due: {keys} lets only players own wallets; run `newday repair plan`, then `newday repair apply`",
    zh: "待修复：外键 {keys} 只允许玩家拥有钱包；请先运行 newday repair plan，再运行 newday repair apply",
  },
  adoptionDue: {
    en: "done; the ledger is empty until you run `newday adopt`",
    zh: "已完成；运行 newday adopt 之前账本为空",
  },
  unsafe: {
    en: "warning: {settings}: a power cut loses or damages acknowledged writes; switch on in postgresql.conf, then reload",
    zh: "警告：{settings}：断电会丢失或损坏已确认的写入；请在 postgresql.conf 中开启并重新加载",
  },
  secretsImported: {
    en: "NEWDAY_PLATFORM_SECRETS of {names} is stored, encrypted; change it by command from now on",
    zh: "已将 NEWDAY_PLATFORM_SECRETS 中 {names} 的密钥加密保存；今后请用命令更改",
  },
  secretsNotStored: {
    en: "NEWDAY_PLATFORM_SECRETS of {names} counts for this process and is not stored",
    zh: "NEWDAY_PLATFORM_SECRETS 中 {names} 的密钥仅供本进程使用，未保存",
  },
  secretsDiffering: {
    en: "NEWDAY_PLATFORM_SECRETS of {names} differs from the stored secret, which counts; `newday platform rotate-secret` changes that",
    zh: "NEWDAY_PLATFORM_SECRETS 中 {names} 的密钥与已保存的不同，以保存的为准；请用 newday platform rotate-secret 更改",
  },
  secretsUnreadable: {
    en: "the secrets of {names} cannot be read: their key is not among NEWDAY_SECRETS_KEY or NEWDAY_SECRETS_KEY_FILE. Logins that these secrets sign are 503; open sessions, platform keys, logins by public key and everything else work",
    zh: "无法读取 {names} 的密钥：NEWDAY_SECRETS_KEY 或 NEWDAY_SECRETS_KEY_FILE 中没有对应的加密密钥。以这些密钥签名的登录将返回 503；已有会话、平台密钥、公钥登录及其他功能不受影响",
  },
  secretsKeyless: {
    en: "without NEWDAY_SECRETS_KEY or NEWDAY_SECRETS_KEY_FILE no secret can be stored; `newday platform make-key` makes one",
    zh: "未设置 NEWDAY_SECRETS_KEY 或 NEWDAY_SECRETS_KEY_FILE，无法保存密钥；可用 newday platform make-key 生成",
  },
  firstOwner: {
    en: "{code} makes the first operator; valid for a day: POST /api/admin/set-up",
    zh: "{code} 用于创建首位运维人员，一天内有效：POST /api/admin/set-up",
  },
  unrestricted: {
    en: "its sessions have every right of their login; `newday roles` says how to restrict them",
    zh: "会话拥有登录角色的全部权限；运行 newday roles 查看如何收紧",
  },
} as const satisfies Readonly<Record<string, Message>>;

function compatibilityNote({ compatibilityLogins }: ServerHealth): Message {
  return fillMessage(WORDS.compatibility, { names: compatibilityLogins.join(", ") });
}

/** The lines, in the reader's language. */
export function startLines(facts: StartFacts, language: Language): string[] {
  const { config, health } = facts;
  const [base = "", ...others] = facts.reachable.map((host) => urlOf(host, facts.port));
  const line = (label: keyof typeof LABELS, text: string) =>
    `  ${LABELS[label][language]}  ${text}`;
  const notes = [
    ...facts.notes,
    ...unsafeNotes(health).map((note) => note[language]),
    ...(needsRoles(facts) ? [WORDS.unrestricted[language]] : []),
  ];
  const indent = " ".repeat(LABELS.database[language].length);
  const serves = fillMessage(WORDS.serves, { base, ms: facts.startedInMs })[language];
  return [
    `New Day ${facts.version} ${serves}`,
    ...others.map((url) => line("also", url)),
    line("database", facts.database[language]),
    ...notes.map((note) => `  ${indent}  ${note}`),
    line("mode", (config.mode === "sandbox" ? WORDS.sandbox : WORDS.production)[language]),
    ...(config.mode === "sandbox" && !LOOPBACK.has(config.host)
      ? [line("mode", WORDS.exposed[language])]
      : []),
    ...(config.mode === "production" && health.compatibilityLogins.length > 0
      ? [line("mode", compatibilityNote(health)[language])]
      : []),
    ...repairLines(health).map((text) => line("repair", text[language])),
    ...secretsLines(facts.secrets).map((text) => line("secrets", text[language])),
    line("console", `${base}/`),
    ...firstOwnerLines(facts).map((text) => line("setUp", text[language])),
    line("docs", `${base}/docs`),
    line("key", keyCommand(config)),
    line("try", `curl ${base}${EXAMPLE_PATH}`),
    line("page", `${base}/test-newday-integration.html`),
  ];
}

function firstOwnerLines({ firstOwnerCode }: StartFacts): Message[] {
  if (firstOwnerCode === undefined) return [];
  return [fillMessage(WORDS.firstOwner, { code: firstOwnerCode })];
}

function secretsLines(secrets: SecretsReport): Message[] {
  const { imported, notStored, differing, unreadable, hasKey } = secrets;
  const about = (message: Message, names: readonly string[]) =>
    names.length === 0 ? [] : [fillMessage(message, { names: names.join(", ") })];
  return [
    ...about(WORDS.secretsImported, imported),
    ...about(WORDS.secretsNotStored, notStored),
    ...(notStored.length > 0 && !hasKey ? [WORDS.secretsKeyless] : []),
    ...about(WORDS.secretsDiffering, differing),
    ...about(WORDS.secretsUnreadable, unreadable),
  ];
}

/** With the setting that leads the command to this server's database, unless it is the default. */
function keyCommand({ databaseUrl, dataDir }: Config): string {
  // The URL may hold a password, so its variable stands for it.
  if (databaseUrl !== undefined) return `DATABASE_URL="$DATABASE_URL" ${KEY_COMMAND}`;
  const folder = resolve(dataDir);
  return folder === DEFAULT_DATA_DIR
    ? KEY_COMMAND
    : `NEWDAY_DATA_DIR=${shellWord(folder)} ${KEY_COMMAND}`;
}

function urlOf(host: string, port: number): string {
  if (LOOPBACK.has(host)) return `http://localhost:${port}`;
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function unsafeNotes({ unsafeSettings }: ServerHealth): Message[] {
  if (unsafeSettings.length === 0) return [];
  const settings = unsafeSettings.map((name) => `${name} = off`).join(", ");
  return [fillMessage(WORDS.unsafe, { settings })];
}

/** Before adoption the state is still open. */
function needsRoles({ obstacle }: StartFacts): boolean {
  return obstacle !== undefined && obstacle !== "not_adopted";
}

function repairLines(health: ServerHealth): Message[] {
  if (health.adoption === "repair_due")
    return [fillMessage(WORDS.repairDue, { keys: health.walletForeignKeys.join(", ") })];
  return health.adoption === "adoption_due" ? [WORDS.adoptionDue] : [];
}
