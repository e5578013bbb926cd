/** The only reader of the environment: every setting, its default and its rule. */
import { isIP } from "node:net";
import { join } from "node:path";
import { NewDayError } from "./errors/errors.ts";
import type { SecretsKeySource } from "./identity/platforms/secrets-key.ts";
import { verbatim, type Language, type Message } from "./lib/messages.ts";

export type Mode = "sandbox" | "production";

export interface Config {
  readonly mode: Mode;
  readonly host: string;
  readonly port: number;
  /** PostgreSQL to use; the embedded one by default. */
  readonly databaseUrl: string | undefined;
  /** Folder of the embedded database. */
  readonly dataDir: string;
  /** Origins that get `Access-Control-Allow-Credentials` (docs/contract.md 1). */
  readonly allowedOrigins: readonly string[];
  /** The proxies whose `X-Forwarded-For` counts. */
  readonly trustedProxies: TrustedProxies;
  /** Secrets of platforms by platform, imported once (docs/platforms.md). */
  readonly platformSecrets: ReadonlyMap<string, string>;
  /** The keys that encrypt stored secrets. */
  readonly secretsKey: SecretsKeySource;
  /** Private networks that public keys of platforms may be fetched from (CIDR). */
  readonly jwksNetworks: readonly string[];
  /**
   * Service keys of the game's own servers, for calls that mint, burn and use (docs/incidents.md
   * G9).
   */
  readonly serviceKeys: readonly string[];
  /** Bearer key of `/metrics`; without one production serves no metrics. */
  readonly metricsKey: string | undefined;
  /** The least severe lines of the log. */
  readonly logLevel: LogLevel;
  /** One line for each request, at the level `info`. */
  readonly accessLog: boolean;
  /** Where traces are sent; the exporter reads its other settings, OTEL_*, itself. */
  readonly otlpEndpoint: string | undefined;
}

const LOG_LEVELS = ["fatal", "error", "warn", "info", "debug", "trace"] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

/** A number of proxies in front of every request, or the networks that they are in (CIDR). */
export type TrustedProxies = { readonly hops: number } | { readonly networks: readonly string[] };

/** HS256 wants at least as many secret bits as its digest has (RFC 7518, 3.2). */
const SECRET_LENGTH_MIN = 32;

const DEFAULT_PORT = 5000;
const DEFAULT_ORIGINS = "http://localhost:3000,https://yxp6y2qgnh.coze.site";

/** Reads and checks the settings. Throws `config_invalid` that names the variable and the rule. */
export function readConfig(env: NodeJS.ProcessEnv, cwd: string): Config {
  const chosenMode = mode(env);
  return {
    mode: chosenMode,
    host: env["HOST"] || "localhost",
    port: readPort(env),
    databaseUrl: readDatabaseUrl(env),
    dataDir: dataDir(env, cwd),
    allowedOrigins: allowedOrigins(env["NEWDAY_ALLOWED_ORIGINS"] ?? DEFAULT_ORIGINS),
    trustedProxies: trustedProxies(env["NEWDAY_TRUST_PROXY"] ?? ""),
    platformSecrets: readPlatformSecrets(env),
    secretsKey: secretsKey(env, cwd),
    jwksNetworks: jwksNetworks(env["NEWDAY_JWKS_NETWORKS"] ?? ""),
    serviceKeys: serviceKeys(env["NEWDAY_SERVICE_KEYS"]),
    metricsKey: metricsKey(env["NEWDAY_METRICS_KEY"]),
    ...logging(env),
    otlpEndpoint: env["OTEL_EXPORTER_OTLP_ENDPOINT"] || undefined,
  };
}

/** The system's language, as the default. */
export function readLanguage(env: NodeJS.ProcessEnv): Language {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return locale.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/**
 * The entries of a comma-separated list. Empty entries and surrounding blanks are refused, because
 * they would silently match nothing. Entries are secrets, so messages omit them.
 */
function listOf(name: string, value: string): string[] {
  if (value === "") return [];
  const entries = value.split(",");
  const number = entries.findIndex((entry) => entry === "" || entry !== entry.trim()) + 1;
  if (number > 0)
    throw invalid(
      name,
      {
        en: `has no empty entry and no blanks around one; entry ${number} has`,
        zh: `不能有空项或首尾空格；第 ${number} 项不符合`,
      },
      HIDDEN,
    );
  return entries;
}

const PLATFORM_NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** Stands for a value that may hold a secret. */
const HIDDEN: Message = { en: "(not shown)", zh: "（不显示）" };

/** `platform=secret` pairs, separated by commas. */
export function readPlatformSecrets(env: NodeJS.ProcessEnv): Map<string, string> {
  const name = "NEWDAY_PLATFORM_SECRETS";
  const secrets = new Map<string, string>();
  for (const [index, entry] of listOf(name, env[name] ?? "").entries()) {
    const at = entry.indexOf("=");
    const platform = entry.slice(0, Math.max(at, 0));
    const secret = entry.slice(at + 1);
    if (!PLATFORM_NAME.test(platform))
      throw invalid(
        name,
        {
          en: `holds pairs \`platform=secret\`, and no comma inside a secret; entry ${index + 1} is no pair`,
          zh: `应为 platform=secret 形式，密钥中不能有逗号；第 ${index + 1} 项不符合`,
        },
        HIDDEN,
      );
    if (secrets.has(platform))
      throw invalid(
        name,
        {
          en: `names each platform once, and ${platform} stands twice`,
          zh: `每个平台只能出现一次；${platform} 出现了两次`,
        },
        HIDDEN,
      );
    if (secret !== secret.trim())
      throw invalid(
        name,
        {
          en: `has no blanks around a secret, and that of ${platform} has`,
          zh: `密钥首尾不能有空格；${platform} 的密钥不符合`,
        },
        HIDDEN,
      );
    if (secret.length < SECRET_LENGTH_MIN)
      throw invalid(
        name,
        {
          en: `holds secrets of at least ${SECRET_LENGTH_MIN} characters without a comma, and that of ${platform} is shorter`,
          zh: `密钥至少 ${SECRET_LENGTH_MIN} 个字符且不含逗号；${platform} 的密钥过短`,
        },
        HIDDEN,
      );
    secrets.set(platform, secret);
  }
  return secrets;
}

function dataDir(env: NodeJS.ProcessEnv, cwd: string): string {
  return env["NEWDAY_DATA_DIR"] || join(cwd, ".newday");
}

/** In the folder of the embedded database, beside its cluster. */
const KEY_FILE = "secrets.key";

/** The embedded database gets a key of its own; any other one needs a setting. */
function secretsKey(env: NodeJS.ProcessEnv, cwd: string): SecretsKeySource {
  const inline = env["NEWDAY_SECRETS_KEY"] || undefined;
  const file = env["NEWDAY_SECRETS_KEY_FILE"] || undefined;
  if (inline !== undefined && file !== undefined)
    throw invalid(
      "NEWDAY_SECRETS_KEY",
      {
        en: "is left out where NEWDAY_SECRETS_KEY_FILE is set",
        zh: "不能与 NEWDAY_SECRETS_KEY_FILE 同时设置",
      },
      HIDDEN,
    );
  const isMade = inline === undefined && file === undefined && !env["DATABASE_URL"];
  return { inline, file: isMade ? join(dataDir(env, cwd), KEY_FILE) : file, isMade };
}

function jwksNetworks(value: string): string[] {
  const name = "NEWDAY_JWKS_NETWORKS";
  const networks = listOf(name, value);
  const wrong = networks.find((network) => !isNetwork(network));
  if (wrong !== undefined)
    throw invalid(
      name,
      { en: "holds networks such as 10.1.0.0/16", zh: "应为形如 10.1.0.0/16 的网段" },
      wrong,
    );
  return networks;
}

/** Separated by commas; an empty list closes the calls that need one. */
function serviceKeys(value: string | undefined): string[] {
  const name = "NEWDAY_SERVICE_KEYS";
  const keys = listOf(name, value ?? "");
  if (!keys.every((key) => /^nd_service_[A-Za-z0-9_-]{32,}$/.test(key)))
    throw invalid(
      name,
      {
        en: "holds keys `nd_service_` and at least 32 letters, digits, - or _",
        zh: "应为 nd_service_ 加至少 32 个字母、数字、- 或 _ 的密钥",
      },
      HIDDEN,
    );
  return keys;
}

/** As browsers send them, because they are compared letter by letter. `null` is never echoed. */
function allowedOrigins(value: string): string[] {
  const name = "NEWDAY_ALLOWED_ORIGINS";
  const origins = listOf(name, value);
  const wrong = origins.find(
    (origin) => origin !== "null" && !(URL.canParse(origin) && new URL(origin).origin === origin),
  );
  if (wrong !== undefined)
    throw invalid(
      name,
      {
        en: "holds origins such as https://partner.example, in lower case, without path and default port",
        zh: "应为形如 https://partner.example 的来源，小写，不带路径与默认端口",
      },
      wrong,
    );
  return origins;
}

/** More proxies than any chain has; a longer number is a mistake. */
const HOPS_MAX = 16;

/**
 * `true` of earlier releases is refused: it trusted the leftmost word of the header, which the
 * client writes. Only the operator knows the number of proxies.
 */
function trustedProxies(value: string): TrustedProxies {
  const name = "NEWDAY_TRUST_PROXY";
  if (value === "" || value === "false") return { hops: 0 };
  if (/^\d{1,2}$/.test(value) && Number(value) <= HOPS_MAX) return { hops: Number(value) };
  const networks = listOf(name, value);
  if (!networks.every(isNetwork))
    throw invalid(
      name,
      {
        en: `is the number of proxies in front of the server (0 to ${HOPS_MAX}; 1 for one nginx) or a list of their networks such as 10.0.0.0/8,fd00::/8`,
        zh: `应为服务器前的代理层数（0 到 ${HOPS_MAX}；一层 nginx 为 1），或其网段列表，例如 10.0.0.0/8,fd00::/8`,
      },
      value,
    );
  return { networks };
}

function isNetwork(text: string): boolean {
  const [, address = "", prefix = "0"] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return Number(prefix) <= bits;
}

function metricsKey(value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (!/^[\x21-\x7e]{32,}$/.test(value))
    throw invalid(
      "NEWDAY_METRICS_KEY",
      {
        en: "has at least 32 printable ASCII characters without blanks",
        zh: "至少 32 个可打印的 ASCII 字符，不含空格",
      },
      HIDDEN,
    );
  return value;
}

/** An access log needs its level: without one given, `on` sets it to `info`. */
function logging(env: NodeJS.ProcessEnv): Pick<Config, "logLevel" | "accessLog"> {
  const access = env["NEWDAY_ACCESS_LOG"] || "off";
  if (access !== "on" && access !== "off")
    throw invalid("NEWDAY_ACCESS_LOG", { en: "is `on` or `off`", zh: "须为 on 或 off" }, access);
  const given = env["NEWDAY_LOG_LEVEL"] || (access === "on" ? "info" : "warn");
  const logLevel = LOG_LEVELS.find((level) => level === given);
  if (logLevel === undefined)
    throw invalid(
      "NEWDAY_LOG_LEVEL",
      { en: `is one of ${LOG_LEVELS.join(", ")}`, zh: `须为 ${LOG_LEVELS.join("、")} 之一` },
      given,
    );
  return { logLevel, accessLog: access === "on" };
}

function mode(env: NodeJS.ProcessEnv): Mode {
  const value = env["NEWDAY_MODE"] ?? "sandbox";
  if (value !== "sandbox" && value !== "production")
    throw invalid(
      "NEWDAY_MODE",
      { en: "is `sandbox` or `production`", zh: "须为 sandbox 或 production" },
      value,
    );
  return value;
}

/** The port of the server. Throws `config_invalid`. */
export function readPort(env: NodeJS.ProcessEnv): number {
  const value = env["PORT"];
  if (!value) return DEFAULT_PORT;
  const number = /^\d{1,5}$/.test(value) ? Number(value) : -1;
  if (number < 0 || number > 65535)
    throw invalid(
      "PORT",
      { en: "is a whole number from 0 to 65535", zh: "须为 0 到 65535 的整数" },
      value,
    );
  return number;
}

/** DATABASE_URL alone, for commands with no other setting. Throws `config_invalid`. */
export function readDatabaseUrl(env: NodeJS.ProcessEnv): string | undefined {
  const value = env["DATABASE_URL"];
  if (!value) return undefined;
  if (!/^postgres(ql)?:\/\//.test(value))
    throw invalid(
      "DATABASE_URL",
      {
        en: "starts with postgres:// or postgresql://",
        zh: "须以 postgres:// 或 postgresql:// 开头",
      },
      HIDDEN,
    );
  return value;
}

/** The environment of the database that `newday repair plan` is for; empty counts as unset. */
export function readEnvironmentName(env: NodeJS.ProcessEnv): string | undefined {
  return env["NEWDAY_ENVIRONMENT"] || undefined;
}

export interface NotifyVariables {
  readonly webhookUrl: string | undefined;
  readonly webhookSecret: string | undefined;
  readonly smtpUrl: string | undefined;
  readonly mailFrom: string | undefined;
  readonly mailTo: string | undefined;
  readonly chatUrl: string | undefined;
  readonly contact: string | undefined;
}

/** Notice channels of the repair; empty counts as unset. */
export function readNotifyVariables(env: NodeJS.ProcessEnv): NotifyVariables {
  const read = (name: string) => env[`NEWDAY_NOTIFY_${name}`] || undefined;
  return {
    webhookUrl: read("WEBHOOK_URL"),
    webhookSecret: read("WEBHOOK_SECRET"),
    smtpUrl: read("SMTP_URL"),
    mailFrom: read("MAIL_FROM"),
    mailTo: read("MAIL_TO"),
    chatUrl: read("CHAT_URL"),
    contact: read("CONTACT"),
  };
}

function invalid(name: string, rule: Message, value: string | Message): NewDayError {
  const shown = typeof value === "string" ? verbatim(value) : value;
  return new NewDayError(
    "config_invalid",
    { variable: name, rule, value: shown.en },
    {
      message: {
        en: `${name} ${rule.en}; it is ${shown.en}.`,
        zh: `${name}：${rule.zh}；当前值为 ${shown.zh}。`,
      },
    },
  );
}
