/** The few lines that `npm start` prints for a person. */
import { dirname, join, resolve } from "node:path";
import type { Config } from "../config.ts";
import { packageRoot } from "../lib/package-root.ts";
import { shellWord } from "../repair/model/text.ts";
import { fillMessage, type Language, type Message } from "../lib/messages.ts";
import type { ServerHealth } from "../http/context/services.ts";
import type { SessionsObstacle } from "./restrict-store.ts";

export interface StartFacts {
  readonly config: Config;
  readonly version: string;
  readonly database: Message;
  readonly notes: readonly string[];
  /** The reason why sessions are unrestricted; undefined: they are restricted. */
  readonly obstacle: SessionsObstacle | undefined;
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
  console: { en: "console ", zh: "控制台" },
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
  repairDue: {
    en: "due: {keys} lets only players own wallets; run `newday repair plan`, then `newday repair apply`",
    zh: "待修复：外键 {keys} 只允许玩家拥有钱包；请先运行 newday repair plan，再运行 newday repair apply",
  },
  adoptionDue: {
    en: "done; the ledger is empty until you run `newday adopt`",
    zh: "已完成；运行 newday adopt 之前账本为空",
  },
  unrestricted: {
    en: "its sessions have every right of their login; `newday roles` says how to restrict them",
    zh: "会话拥有登录角色的全部权限；运行 newday roles 查看如何收紧",
  },
} as const satisfies Readonly<Record<string, Message>>;

/** The lines, in the reader's language. */
export function startLines(facts: StartFacts, language: Language): string[] {
  const { config, health } = facts;
  const [base = "", ...others] = facts.reachable.map((host) => urlOf(host, facts.port));
  const line = (label: keyof typeof LABELS, text: string) =>
    `  ${LABELS[label][language]}  ${text}`;
  const notes = [...facts.notes, ...(needsRoles(facts) ? [WORDS.unrestricted[language]] : [])];
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
    ...repairLines(health).map((text) => line("repair", text[language])),
    line("console", `${base}/`),
    line("docs", `${base}/docs`),
    line("key", keyCommand(config)),
    line("try", `curl ${base}${EXAMPLE_PATH}`),
    line("page", `${base}/test-newday-integration.html`),
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

/** Before adoption the state is still open. */
function needsRoles({ obstacle }: StartFacts): boolean {
  return obstacle !== undefined && obstacle !== "not_adopted";
}

function repairLines(health: ServerHealth): Message[] {
  if (health.adoption === "repair_due")
    return [fillMessage(WORDS.repairDue, { keys: health.walletForeignKeys.join(", ") })];
  return health.adoption === "adoption_due" ? [WORDS.adoptionDue] : [];
}
