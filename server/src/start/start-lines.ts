/** The few lines that `npm start` prints for a person. */
import { dirname, join, resolve } from "node:path";
import type { Config } from "../config.ts";
import { packageRoot } from "../lib/package-root.ts";
import { shellWord } from "../repair/model/text.ts";
import type { Language, Message } from "../lib/messages.ts";
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

interface Words {
  readonly serves: (base: string, ms: number) => string;
  readonly labels: {
    database: string;
    mode: string;
    repair: string;
    also: string;
    console: string;
    docs: string;
    key: string;
    try: string;
    page: string;
  };
  readonly sandbox: string;
  readonly production: string;
  readonly exposed: string;
  readonly repairDue: (keys: string) => string;
  readonly adoptionDue: string;
  readonly unrestricted: string;
}

const ENGLISH: Words = {
  serves: (base, ms) => `serves on ${base} (ready after ${ms} ms)`,
  labels: {
    database: "database",
    mode: "mode    ",
    repair: "repair  ",
    also: "also on ",
    console: "console ",
    docs: "docs    ",
    key: "key     ",
    try: "try     ",
    page: "page    ",
  },
  sandbox: "sandbox: clients log in without proof, confined and capped; for development",
  production: "production: every login needs a proof signed by its platform",
  exposed:
    "this sandbox listens beyond this machine: anyone there can log in as any unverified user",
  repairDue: (keys) =>
    `due: ${keys} lets only players own wallets; run \`newday repair plan\`, then \`newday repair apply\``,
  adoptionDue: "done; the ledger is empty until you run `newday adopt`",
  unrestricted:
    "its sessions have every right of their login; `newday roles` says how to restrict them",
};

const CHINESE: Words = {
  serves: (base, ms) => `已在 ${base} 提供服务（${ms} 毫秒就绪）`,
  labels: {
    database: "数据库",
    mode: "模式  ",
    repair: "修复  ",
    also: "亦可用",
    console: "控制台",
    docs: "文档  ",
    key: "密钥  ",
    try: "试一试",
    page: "测试页",
  },
  sandbox: "沙盒：客户端无需凭证即可登录，权限受限；仅用于开发",
  production: "生产：每次登录都需要平台签名的凭证",
  exposed: "注意：此沙盒对本机以外开放，任何人都能以未验证用户身份登录",
  repairDue: (keys) =>
    `待修复：外键 ${keys} 只允许玩家拥有钱包；请先运行 newday repair plan，再运行 newday repair apply`,
  adoptionDue: "已完成；运行 newday adopt 之前账本为空",
  unrestricted: "会话拥有登录角色的全部权限；运行 newday roles 查看如何收紧",
};

const WORDS: Readonly<Record<Language, Words>> = { en: ENGLISH, zh: CHINESE };

/** The lines, in the reader's language. */
export function startLines(facts: StartFacts, language: Language): string[] {
  const words = WORDS[language];
  const { config, health } = facts;
  const [base = "", ...others] = facts.reachable.map((host) => urlOf(host, facts.port));
  const line = (label: string, text: string) => `  ${label}  ${text}`;
  const notes = [...facts.notes, ...(needsRoles(facts) ? [words.unrestricted] : [])];
  return [
    `New Day ${facts.version} ${words.serves(base, facts.startedInMs)}`,
    ...others.map((url) => line(words.labels.also, url)),
    line(words.labels.database, facts.database[language]),
    ...notes.map((note) => line(" ".repeat(words.labels.database.length), note)),
    line(words.labels.mode, config.mode === "sandbox" ? words.sandbox : words.production),
    ...(config.mode === "sandbox" && !LOOPBACK.has(config.host)
      ? [line(words.labels.mode, words.exposed)]
      : []),
    ...repairLines(health, words).map((text) => line(words.labels.repair, text)),
    line(words.labels.console, `${base}/`),
    line(words.labels.docs, `${base}/docs`),
    line(words.labels.key, keyCommand(config)),
    line(words.labels.try, `curl ${base}${EXAMPLE_PATH}`),
    line(words.labels.page, `${base}/test-newday-integration.html`),
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

function repairLines(health: ServerHealth, words: Words): string[] {
  if (health.adoption === "repair_due")
    return [words.repairDue(health.walletForeignKeys.join(", "))];
  return health.adoption === "adoption_due" ? [words.adoptionDue] : [];
}
