/** `newday platform ...`: the platforms that bring users, their secrets and keys (docs/platforms.md). */
import { Option, type Command } from "commander";
import { secretsAccessOf } from "../compose.ts";
import { readConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import type { JsonValue } from "../engine/operation.ts";
import { NewDayError } from "../errors/errors.ts";
import type {
  ModelChange,
  OperatorContext,
} from "../identity/operator-changes/operator-changes.ts";
import { requirePublicKeys } from "../identity/platforms/jwks.ts";
import {
  addPlatform,
  resumePlatform,
  setPlatform,
  suspendPlatform,
} from "../identity/platforms/platform-changes.ts";
import {
  readPlatforms,
  refuseUnknownPlatform,
  type Platform,
} from "../identity/platforms/platform-directory.ts";
import { viewPlatform } from "../identity/platforms/platform-view.ts";
import {
  endPlatformSessions,
  rotatePlatformSecret,
  rotateSecretsKey,
} from "../identity/platforms/secret-changes.ts";
import {
  createSecretsKey,
  ensureKeyFile,
  type SecretsKeySource,
} from "../identity/platforms/secrets-key.ts";
import { SECOND_FACTORS } from "../operators/second-factor-store.ts";
import {
  makeChange,
  parseMinorUnits,
  withChangeOptions,
  withModel,
  type ChangeOptions,
} from "./model-change.ts";
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { readFileOption } from "./usage/read-file-option.ts";
import { invalidArgument } from "./usage/usage-error.ts";

interface ValueOptions extends ChangeOptions {
  readonly login?: "none" | "hmac" | "jwks" | "compatibility";
  readonly compatibilityCap?: bigint;
  readonly accept?: string;
  readonly origins?: readonly string[];
  readonly jwksFile?: string;
  readonly jwksUrl?: string;
  readonly starterGrant?: bigint;
  readonly starterBudget?: bigint | null;
  readonly secretFile?: string;
  readonly keepOldFor?: number;
}

export function registerPlatform(program: Command): void {
  const platform = program.command("platform").description(
    helpText({
      en: "add, show and change the platforms that bring users, and rotate their secrets",
      zh: "添加、查看和更改带来用户的平台，并轮换其密钥",
    }),
  );
  registerReads(platform);
  registerValues(platform);
  registerStatus(platform);
  registerSecrets(platform);
}

function registerReads(platform: Command): void {
  platform
    .command("list")
    .description(helpText({ en: "every platform", zh: "所有平台" }))
    .option(...jsonOption("array"))
    .action((options: { json?: true }) => list(options.json));
  platform
    .command("show <name>")
    .description(
      helpText({ en: "one platform, its secrets by mark only", zh: "单个平台；密钥只显示标识" }),
    )
    .option(...jsonOption("object"))
    .action((name: string, options: { json?: true }) => show(name, options.json));
}

function registerValues(platform: Command): void {
  withValues(
    platform.command("add <name>").description(
      helpText({
        en: "add one; a new secret is shown once, unless its users prove themselves by public keys",
        zh: "添加平台；新密钥仅显示一次（以公钥验证的平台除外）",
      }),
    ),
  )
    .addOption(secretFileOption())
    .action((name: string, options: ValueOptions) =>
      changeWithKey(options, (db, context, key) =>
        addPlatform(db, context, key, { ...valuesOf(options), ...secretOf(options), name }),
      ),
    );
  withValues(
    platform
      .command("set <name>")
      .description(helpText({ en: "change some of its values", zh: "更改平台的部分设置" })),
  )
    .addOption(keepOption())
    .action((name: string, options: ValueOptions) =>
      changeWithKey(options, (db, context, key) =>
        setPlatform(db, context, key, {
          ...valuesOf(options),
          name,
          keepOldForMs: options.keepOldFor ?? 0,
        }),
      ),
    );
}

function registerStatus(platform: Command): void {
  withChangeOptions(
    platform.command("suspend <name>").description(
      helpText({
        en: "refuse its logins, sessions and keys at once, on every server",
        zh: "立即在所有服务器上拒绝其登录、会话和密钥",
      }),
    ),
    "required",
  ).action((name: string, options: ChangeOptions & { readonly reason: string }) =>
    changeWithKey(options, (db, context, key) =>
      suspendPlatform(db, { ...context, reason: options.reason }, key, name),
    ),
  );
  withChangeOptions(
    platform
      .command("resume <name>")
      .description(helpText({ en: "end its suspension", zh: "恢复已停用的平台" })),
  ).action((name: string, options: ChangeOptions) =>
    changeWithKey(options, (db, context, key) => resumePlatform(db, context, key, name)),
  );
  withChangeOptions(
    platform.command("end-sessions <name>").description(
      helpText({
        en: "end every session of its users at once; they log in again",
        zh: "立即结束其用户的所有会话；用户须重新登录",
      }),
    ),
  ).action((name: string, options: ChangeOptions) =>
    changeWithKey(options, (db, context, key) => endPlatformSessions(db, context, key, name)),
  );
}

function registerSecrets(platform: Command): void {
  withChangeOptions(
    platform.command("rotate-secret <name>").description(
      helpText({
        en: "give it a new secret; without --keep-old-for the old one is withdrawn and its sessions end",
        zh: "更换密钥；不加 --keep-old-for 时旧密钥立即作废，其会话随之结束",
      }),
    ),
  )
    .addOption(keepOption())
    .addOption(secretFileOption())
    .action((name: string, options: ValueOptions) =>
      changeWithKey(options, (db, context, key) =>
        rotatePlatformSecret(db, context, key, {
          ...secretOf(options),
          name,
          keepOldForMs: options.keepOldFor ?? 0,
        }),
      ),
    );
  withChangeOptions(
    platform.command("rotate-key").description(
      helpText({
        en: "encrypt every stored secret with the first key of NEWDAY_SECRETS_KEY; the embedded database gets a new key",
        zh: "以 NEWDAY_SECRETS_KEY 的第一个密钥重新加密所有已保存的密钥；内嵌数据库会生成新密钥",
      }),
    ),
  ).action((options: ChangeOptions) =>
    changeWithKey(options, (db, context, key) =>
      rotateSecretsKey(db, context, key, [SECOND_FACTORS]),
    ),
  );
  platform
    .command("make-key")
    .description(
      helpText({
        en: "print a new key for NEWDAY_SECRETS_KEY; nothing is stored",
        zh: "输出一个可用于 NEWDAY_SECRETS_KEY 的新密钥，不作保存",
      }),
    )
    .action(() => void process.stdout.write(`${createSecretsKey()}\n`));
}

function withValues(command: Command): Command {
  return withChangeOptions(command)
    .addOption(
      new Option(
        "--login <policy>",
        helpText({
          en: "how its users prove themselves: hmac (a secret), jwks (public keys), none; compatibility: also without a proof, within a cap",
          zh: "用户的验证方式：hmac（密钥）、jwks（公钥）、none（无）；compatibility：在限额内也可不验证",
        }),
      ).choices(["none", "hmac", "jwks", "compatibility"]),
    )
    .option(
      "--compatibility-cap <units>",
      helpText({
        en: "with compatibility: what a user may spend in total without a proof",
        zh: "用于 compatibility：未验证用户总共可支出的金额",
      }),
      parseMinorUnits,
    )
    .option(
      "--accept <sentence>",
      helpText({
        en: "with compatibility: the sentence that says what it permits; a refusal shows it",
        zh: "用于 compatibility：说明其后果的确认语句；拒绝时会显示",
      }),
    )
    .option(
      "--origins <list>",
      helpText({
        en: "origins of its pages, comma-separated, such as https://game.example",
        zh: "其页面的来源，以逗号分隔，如 https://game.example",
      }),
      parseOrigins,
    )
    .option(
      "--jwks-file <path>",
      helpText({ en: "its public keys, a JSON Web Key Set", zh: "其公钥（JWKS）文件" }),
    )
    .option(
      "--jwks-url <url>",
      helpText({ en: "where its backend publishes them", zh: "其后端公布公钥的地址" }),
    )
    .option(
      "--starter-grant <units>",
      helpText({ en: "coins of a new wallet, in minor units", zh: "新钱包的起始游戏币" }),
      parseMinorUnits,
    )
    .option(
      "--starter-budget <units>",
      helpText({
        en: "coins a UTC day that pay these grants, or `unlimited`",
        zh: "每个 UTC 日用于发放的游戏币，或 unlimited",
      }),
      (text) => (text === "unlimited" ? null : parseMinorUnits(text)),
    );
}

function keepOption(): Option {
  return new Option(
    "--keep-old-for <time>",
    helpText({
      en: "how long the old secret goes on proving logins, such as 2d, 12h or 30m",
      zh: "旧密钥继续可用于登录的时间，如 2d、12h、30m",
    }),
  ).argParser(parseDuration);
}

/** A secret never stands on the command line, where other users of the machine could read it. */
function secretFileOption(): Option {
  return new Option(
    "--secret-file <path>",
    helpText({
      en: "the platform's own secret; - reads it from the input",
      zh: "平台自备的密钥文件；- 表示从标准输入读取",
    }),
  );
}

const DAY_MS = 86_400_000;
const UNITS_MS: Readonly<Record<string, number>> = {
  d: DAY_MS,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
};
const KEEP_DAYS_MAX = 30;

function parseDuration(text: string): number {
  const [, count = "", unit = ""] = /^(\d{1,4})([dhms])$/.exec(text) ?? [];
  const duration = Number(count) * (UNITS_MS[unit] ?? Number.NaN);
  if (duration <= KEEP_DAYS_MAX * DAY_MS) return duration;
  throw invalidArgument({
    en: `a time such as 2d, 12h or 30m, at most ${KEEP_DAYS_MAX}d`,
    zh: `时间，如 2d、12h、30m，最长 ${KEEP_DAYS_MAX}d`,
  });
}

function parseOrigins(text: string): string[] {
  return text === "" ? [] : text.split(",").map((origin) => origin.trim());
}

function valuesOf(options: ValueOptions) {
  const { login, origins, jwksFile, jwksUrl, starterGrant, compatibilityCap } = options;
  const jwks = jwksFile === undefined ? undefined : readKeySet(jwksFile);
  const loginPolicy = login ?? (jwks || jwksUrl ? "jwks" : undefined);
  return {
    ...(loginPolicy && { loginPolicy }),
    ...(origins && { origins }),
    ...(compatibilityCap !== undefined && { compatibilityCap }),
    ...(options.accept !== undefined && { compatibilityAccepted: options.accept }),
    ...(jwks && { jwks }),
    ...(jwksUrl !== undefined && { jwksUrl }),
    jwksNetworks: readConfig(process.env, process.cwd()).jwksNetworks,
    ...(starterGrant !== undefined && { starterGrant }),
    ...(options.starterBudget !== undefined && { starterBudgetPerDay: options.starterBudget }),
  };
}

function readKeySet(path: string) {
  const text = readFileOption(path, "jwks-file");
  try {
    return requirePublicKeys(JSON.parse(text));
  } catch (error) {
    if (error instanceof NewDayError) throw error;
    throw new NewDayError("invalid_field", {
      field: "jwks-file",
      rule: { en: "is no JSON", zh: "不是有效的 JSON" },
    });
  }
}

function secretOf({ secretFile }: ValueOptions): { secret?: string } {
  return secretFile === undefined
    ? {}
    : { secret: readFileOption(secretFile, "secret-file").replace(/\r?\n$/, "") };
}

function changeWithKey(
  options: ChangeOptions,
  work: (db: Database, context: OperatorContext, key: SecretsKeySource) => Promise<ModelChange>,
): Promise<void> {
  const { secretsKey } = readConfig(process.env, process.cwd());
  return makeChange(options, (db, context) => {
    if (!context.dryRun) ensureKeyFile(secretsKey);
    return work(db, context, secretsKey);
  });
}

async function withPlatforms(
  work: (platforms: ReadonlyMap<string, Platform>) => Promise<string> | string,
): Promise<void> {
  const access = secretsAccessOf(readConfig(process.env, process.cwd()));
  await withModel(async (db) => {
    const platforms = await readPlatforms(db, { ...access, environment: new Map() });
    process.stdout.write(`${await work(platforms)}\n`);
  });
}

function list(json: true | undefined): Promise<void> {
  return withPlatforms(async (platforms) => {
    const all = [...platforms.values()];
    if (json) return JSON.stringify(await Promise.all(all.map(viewNamed)));
    return all.map(describeLine).join("\n");
  });
}

async function viewNamed(platform: Platform) {
  return { name: platform.name, ...(await viewPlatform(platform)) };
}

function describeLine(platform: Platform): string {
  const { name, status, loginPolicy, origins } = platform;
  return `${name.padEnd(20)} ${status.padEnd(10)} ${loginPolicy.padEnd(14)} ${origins.join(",") || "-"}`;
}

function show(name: string, json: true | undefined): Promise<void> {
  return withPlatforms(async (platforms) => {
    const platform = platforms.get(name) ?? refuseUnknownPlatform(name, "name");
    const view = { ...(await viewNamed(platform)), createdAt: platform.createdAt.toISOString() };
    if (json) return JSON.stringify(view);
    return Object.entries(view)
      .map(([member, value]) => `${member.padEnd(22)} ${textOf(value)}`)
      .join("\n");
  });
}

function textOf(value: JsonValue | undefined): string {
  if (value === null || value === undefined) return "-";
  if (Array.isArray(value)) return value.map(textOf).join(", ") || "-";
  return typeof value === "string" ? value : JSON.stringify(value);
}
