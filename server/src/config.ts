/** The only reader of the environment: every setting, its default and its rule. */
import { join } from "node:path";
import { NewDayError } from "./errors/errors.ts";

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
  /** True behind a proxy that sets X-Forwarded-For; the client's address is then the header's. */
  readonly trustProxy: boolean;
  /** Secret with which a platform signs its login assertions, by platform. */
  readonly platformSecrets: ReadonlyMap<string, string>;
  /**
   * Service keys of the game's own servers, for calls that mint, burn and use (docs/incidents.md
   * G9).
   */
  readonly serviceKeys: readonly string[];
}

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
    port: port(env["PORT"]),
    databaseUrl: readDatabaseUrl(env),
    dataDir: env["NEWDAY_DATA_DIR"] || join(cwd, ".newday"),
    allowedOrigins: (env["NEWDAY_ALLOWED_ORIGINS"] ?? DEFAULT_ORIGINS).split(",").filter(Boolean),
    trustProxy: flag("NEWDAY_TRUST_PROXY", env),
    platformSecrets: platformSecrets(env["NEWDAY_PLATFORM_SECRETS"], chosenMode),
    serviceKeys: serviceKeys(env["NEWDAY_SERVICE_KEYS"]),
  };
}

/** The system's language, as the default. */
export function readLanguage(env: NodeJS.ProcessEnv): "en" | "zh" {
  const locale = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return locale.toLowerCase().startsWith("zh") ? "zh" : "en";
}

/** `platform=secret` pairs, separated by commas; production requires at least one. */
function platformSecrets(value: string | undefined, chosenMode: Mode): Map<string, string> {
  const name = "NEWDAY_PLATFORM_SECRETS";
  const pairs = (value ?? "").split(",").filter(Boolean);
  if (pairs.length === 0 && chosenMode === "production")
    throw invalid(name, "must name at least one `platform=secret` in production", "empty");
  return new Map(
    pairs.map((pair) => {
      const at = pair.indexOf("=");
      const platform = pair.slice(0, at).trim();
      const secret = pair.slice(at + 1);
      if (!/^[a-z][a-z0-9-]{0,31}$/.test(platform) || secret.length < SECRET_LENGTH_MIN)
        throw invalid(
          name,
          `holds pairs \`platform=secret\` with secrets of at least ${SECRET_LENGTH_MIN} characters`,
          "(not shown)",
        );
      return [platform, secret] as const;
    }),
  );
}

/** Separated by commas; an empty list closes the calls that need one. */
function serviceKeys(value: string | undefined): string[] {
  const keys = (value ?? "").split(",").filter(Boolean);
  if (!keys.every((key) => /^nd_service_[A-Za-z0-9_-]{32,}$/.test(key)))
    throw invalid(
      "NEWDAY_SERVICE_KEYS",
      "holds keys `nd_service_` and at least 32 letters, digits, - or _",
      "(not shown)",
    );
  return keys;
}

function mode(env: NodeJS.ProcessEnv): Mode {
  const value = env["NEWDAY_MODE"] ?? "sandbox";
  if (value !== "sandbox" && value !== "production")
    throw invalid("NEWDAY_MODE", "is `sandbox` or `production`", value);
  return value;
}

function flag(name: string, env: NodeJS.ProcessEnv): boolean {
  const value = env[name] || "false";
  if (value !== "true" && value !== "false") throw invalid(name, "is `true` or `false`", value);
  return value === "true";
}

function port(value: string | undefined): number {
  if (!value) return DEFAULT_PORT;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw invalid("PORT", "is a whole number from 0 to 65535", value);
  return number;
}

/** DATABASE_URL alone, for commands with no other setting. Throws `config_invalid`. */
export function readDatabaseUrl(env: NodeJS.ProcessEnv): string | undefined {
  const value = env["DATABASE_URL"];
  if (!value) return undefined;
  if (!/^postgres(ql)?:\/\//.test(value))
    throw invalid("DATABASE_URL", "starts with postgres:// or postgresql://", "(not shown)");
  return value;
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

function invalid(name: string, rule: string, value: string): NewDayError {
  return new NewDayError(
    "config_invalid",
    { variable: name, rule, value },
    { message: `${name} ${rule}; it is ${value}.` },
  );
}
