/** `newday key create | list | revoke`: the keys with which platforms call /api/v1. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import { Option, type Command } from "commander";
import type { Database } from "../db/database.ts";
import { listPlatformKeys, type PlatformKeyRow } from "../identity/platform-key-queries.ts";
import { addPlatformKey, endPlatformKey } from "../identity/platform-keys.ts";
import { HOME_PLATFORM } from "../identity/platforms/platform-ids.ts";
import { scopesFor, type KeyRole } from "../identity/scopes.ts";
import { fillMessage, type Message } from "../lib/messages.ts";
import { operatorName } from "../lib/operator-name.ts";
import { makeChange, withChangeOptions, withModel, type ChangeOptions } from "./model-change.ts";
import { asTyped } from "./usage/invocation.ts";
import { languageOfCommand } from "./usage/usage-error.ts";

interface CreateOptions extends ChangeOptions {
  readonly platform?: string;
  readonly role: KeyRole;
  readonly scopes: string;
  readonly label?: string;
}

interface ListOptions {
  readonly platform?: string;
  readonly json?: true;
}

const KEEP_IT: Message = {
  en: "Keep it now: only its hash is stored.",
  zh: "请立即保存，服务器只保存其哈希值。",
};
const NO_KEYS: Message = {
  en: "no keys; make one with `newday key create`",
  zh: "没有密钥；请用 `newday key create` 创建",
};
const STATE_LIVE: Message = { en: "live  made {made}", zh: "有效  创建于 {made}" };
const STATE_REVOKED: Message = {
  en: "revoked {revoked}  made {made}",
  zh: "已于 {revoked} 吊销  创建于 {made}",
};

const SCOPES = scopesFor("operator").join(", ");

export function registerKey(program: Command): void {
  const key = program.command("key").description(
    helpText({
      en: "make, list and revoke keys of platforms and operators",
      zh: "创建、列出和吊销平台与运维人员的密钥",
    }),
  );

  withChangeOptions(
    key
      .command("create")
      .description(
        helpText({ en: "make a key and show it, this once", zh: "创建密钥并显示，仅此一次" }),
      ),
  )
    .option(
      "--platform <name>",
      helpText({ en: "the platform whose users it acts for", zh: "密钥所代表的平台" }),
    )
    .addOption(roleOption())
    .requiredOption(
      "--scopes <list>",
      helpText({ en: `comma-separated, or all: ${SCOPES}`, zh: `以逗号分隔，或 all：${SCOPES}` }),
    )
    .option(
      "--label <text>",
      helpText({ en: "what it is for, for your own list", zh: "用途说明，便于自己辨认" }),
    )
    .action((options: CreateOptions) => create(options));

  key
    .command("list")
    .description(
      helpText({
        en: "list keys, revoked ones included; never the keys themselves",
        zh: "列出密钥（含已吊销的），从不显示密钥本身",
      }),
    )
    .option(
      "--platform <name>",
      helpText({ en: "only those of this platform", zh: "只列出该平台的" }),
    )
    .option(...jsonOption("array"))
    .action((options: ListOptions) => withModel((db) => list(db, options)));

  withChangeOptions(
    key.command("revoke <id>").description(
      helpText({
        en: "end a key at once, on every server",
        zh: "立即吊销密钥，对所有服务器生效",
      }),
    ),
  ).action((id: string, options: ChangeOptions) =>
    makeChange(options, (db, context) => endPlatformKey(db, context, id)),
  );
}

function roleOption(): Option {
  return new Option(
    "--role <role>",
    helpText({
      en: "operator: acts as New Day for the users of all platforms",
      zh: "operator：以 New Day 身份服务所有平台的用户",
    }),
  )
    .choices(["platform", "operator"])
    .default("platform");
}

function create(options: CreateOptions): Promise<void> {
  const { role, label, json, by, reason } = options;
  const platform = options.platform ?? (role === "operator" ? HOME_PLATFORM : "");
  const named = options.scopes.split(",").map((scope) => scope.trim());
  const scopes = options.scopes === "all" ? scopesFor(role) : named.filter(Boolean);
  const wanted = { platform, role, scopes, ...(label === undefined ? {} : { label }) };
  if (options.dryRun)
    return makeChange(options, (db, context) => addPlatformKey(db, context, wanted));
  return withModel(async (db) => {
    const context = { operator: by ?? operatorName(), reason, dryRun: false };
    const { subject: id, secret: key = "" } = await addPlatformKey(db, context, wanted);
    process.stdout.write(
      json
        ? `${JSON.stringify({ id, platform, role, scopes, key })}\n`
        : `${key}\n\n  id        ${id}\n  platform  ${platform}\n  role      ${role}\n  scopes    ${scopes.join(", ")}\n\n` +
            `${KEEP_IT[languageOfCommand()]}\n`,
    );
  });
}

async function list(db: Database, { platform, json }: ListOptions): Promise<void> {
  const keys = await listPlatformKeys(db, platform);
  if (json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else if (keys.length === 0) process.stdout.write(`${asTyped(NO_KEYS[languageOfCommand()])}\n`);
  else process.stdout.write(keys.map(describe).join(""));
}

function describe(row: PlatformKeyRow): string {
  const { id, platform, role, label, scopes, createdAt, revokedAt } = row;
  const language = languageOfCommand();
  const times = { made: createdAt.toISOString(), revoked: revokedAt?.toISOString() ?? "" };
  const state = fillMessage(revokedAt ? STATE_REVOKED : STATE_LIVE, times)[language];
  return `${id}  ${platform}  ${role}  ${state}  ${scopes.join(",")}${label && `  ${label}`}\n`;
}
