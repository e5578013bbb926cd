/** `newday key create | list | revoke`: the keys with which platforms call /api/v1. */
import { Option, type Command } from "commander";
import type { Database } from "../db/database.ts";
import { migrateExisting } from "../db/migrations.ts";
import { listPlatformKeys, type PlatformKeyRow } from "../identity/platform-key-queries.ts";
import { createPlatformKey, endPlatformKey } from "../identity/platform-keys.ts";
import { HOME_PLATFORM } from "../identity/platforms.ts";
import { scopesFor, type KeyRole } from "../identity/scopes.ts";
import { openCommandStore } from "./command-store.ts";
import { asTyped } from "./usage/invocation.ts";

interface CreateOptions {
  readonly platform?: string;
  readonly role: KeyRole;
  readonly scopes: string;
  readonly label?: string;
  readonly json?: true;
}

interface ListOptions {
  readonly platform?: string;
  readonly json?: true;
}

export function registerKey(program: Command): void {
  const key = program
    .command("key")
    .description("make, list and revoke keys of platforms and operators");

  key
    .command("create")
    .description("make a key and show it, this once")
    .option("--platform <name>", "the platform whose users it acts for")
    .addOption(roleOption())
    .requiredOption(
      "--scopes <list>",
      `comma-separated, or all: ${scopesFor("operator").join(", ")}`,
    )
    .option("--label <text>", "what it is for, for your own list")
    .option("--json", "one JSON object for machines")
    .action((options: CreateOptions) => withDatabase((db) => create(db, options)));

  key
    .command("list")
    .description("list keys, revoked ones included; never the keys themselves")
    .option("--platform <name>", "only those of this platform")
    .option("--json", "one JSON array for machines")
    .action((options: ListOptions) => withDatabase((db) => list(db, options)));

  key
    .command("revoke <id>")
    .description("end a key at once, on every server")
    .action((id: string) =>
      withDatabase(async (db) => {
        await endPlatformKey(db, id);
        process.stdout.write(`${id} is revoked\n`);
      }),
    );
}

function roleOption(): Option {
  return new Option("--role <role>", "operator: acts as New Day for the users of all platforms")
    .choices(["platform", "operator"])
    .default("platform");
}

async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const store = await openCommandStore();
  try {
    await migrateExisting(store.db);
    await work(store.db);
  } finally {
    await store.close();
  }
}

async function create(db: Database, options: CreateOptions): Promise<void> {
  const { role, label, json } = options;
  const platform = options.platform ?? (role === "operator" ? HOME_PLATFORM : "");
  const named = options.scopes.split(",").map((scope) => scope.trim());
  const scopes = options.scopes === "all" ? scopesFor(role) : named.filter(Boolean);
  const wanted = { platform, role, scopes, ...(label === undefined ? {} : { label }) };
  const { id, key } = await createPlatformKey(db, wanted);
  process.stdout.write(
    json
      ? `${JSON.stringify({ id, platform, role, scopes, key })}\n`
      : `${key}\n\n  id        ${id}\n  platform  ${platform}\n  role      ${role}\n  scopes    ${scopes.join(", ")}\n\n` +
          "Keep it now: only its hash is stored. 请立即保存，服务器只保存其哈希值。\n",
  );
}

async function list(db: Database, { platform, json }: ListOptions): Promise<void> {
  const keys = await listPlatformKeys(db, platform);
  if (json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else if (keys.length === 0)
    process.stdout.write(asTyped("no keys; make one with `newday key create`\n"));
  else process.stdout.write(keys.map(describe).join(""));
}

function describe(row: PlatformKeyRow): string {
  const { id, platform, role, label, scopes, createdAt, revokedAt } = row;
  const state = revokedAt ? `revoked ${revokedAt.toISOString()}` : "live";
  const made = createdAt.toISOString();
  return `${id}  ${platform}  ${role}  ${state}  made ${made}  ${scopes.join(",")}${label && `  ${label}`}\n`;
}
