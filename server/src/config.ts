/** The only reader of the environment: every setting, its default and its rule. */
import { join } from "node:path";
import { NewDayError } from "./errors.ts";

export type Mode = "sandbox" | "production";

export interface Config {
  readonly mode: Mode;
  readonly host: string;
  readonly port: number;
  /** PostgreSQL to use instead of the embedded one. */
  readonly databaseUrl: string | undefined;
  /** Folder of the embedded database. */
  readonly dataDir: string;
  /** Origins that get `Access-Control-Allow-Credentials` (CONTRACT.md section 1). */
  readonly allowedOrigins: readonly string[];
}

const DEFAULT_PORT = 5000;
const DEFAULT_ORIGINS = "http://localhost:3000,https://yxp6y2qgnh.coze.site";

/** Reads and checks the settings. Throws `config_invalid` that names the variable and the rule. */
export function readConfig(env: NodeJS.ProcessEnv, cwd: string): Config {
  return {
    mode: mode(env),
    host: env["HOST"] || "127.0.0.1",
    port: port(env["PORT"]),
    databaseUrl: databaseUrl(env["DATABASE_URL"]),
    dataDir: env["NEWDAY_DATA_DIR"] || join(cwd, ".newday"),
    allowedOrigins: (env["NEWDAY_ALLOWED_ORIGINS"] ?? DEFAULT_ORIGINS).split(",").filter(Boolean),
  };
}

function mode(env: NodeJS.ProcessEnv): Mode {
  const value = env["NEWDAY_MODE"] ?? "sandbox";
  if (value !== "sandbox" && value !== "production")
    throw invalid("NEWDAY_MODE", "is `sandbox` or `production`", value);
  return value;
}

function port(value: string | undefined): number {
  if (!value) return DEFAULT_PORT;
  const number = Number(value);
  if (!Number.isInteger(number) || number < 0 || number > 65535)
    throw invalid("PORT", "is a whole number from 0 to 65535", value);
  return number;
}

function databaseUrl(value: string | undefined): string | undefined {
  if (!value) return undefined;
  if (!/^postgres(ql)?:\/\//.test(value))
    throw invalid("DATABASE_URL", "starts with postgres:// or postgresql://", "(not shown)");
  return value;
}

function invalid(name: string, rule: string, value: string): NewDayError {
  return new NewDayError(
    "config_invalid",
    { variable: name, rule, value },
    { message: `${name} ${rule}; it is ${value}.` },
  );
}
