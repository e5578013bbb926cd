/** `newday key create | list | revoke`: the keys with which platforms call /api/v1. */
import type { Command } from "commander";
import { readConfig } from "../config.ts";
import type { Database } from "../db/database.ts";
import { migrate } from "../db/migrations.ts";
import { listPlatformKeys, type PlatformKeyRow } from "../identity/platform-key-queries.ts";
import { createPlatformKey, endPlatformKey } from "../identity/platform-keys.ts";
import { SCOPES } from "../identity/scopes.ts";
import { openOrJoinStore } from "../open-store.ts";

interface CreateOptions {
  readonly platform: string;
  readonly scopes: string;
  readonly label?: string;
  readonly json?: true;
}

interface ListOptions {
  readonly platform?: string;
  readonly json?: true;
}

export function registerKey(program: Command): void {
  const key = program.command("key").description("make, list and revoke keys of platforms");

  key
    .command("create")
    .description("make a key and show it, this once")
    .requiredOption("--platform <name>", "the platform whose users it acts for")
    .requiredOption("--scopes <list>", `comma-separated, or all: ${Object.keys(SCOPES).join(", ")}`)
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

async function withDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const store = await openOrJoinStore(readConfig(process.env, process.cwd()));
  try {
    await migrate(store.db);
    await work(store.db);
  } finally {
    await store.close();
  }
}

async function create(db: Database, options: CreateOptions): Promise<void> {
  const { platform, label, json } = options;
  const named = options.scopes.split(",").map((scope) => scope.trim());
  const scopes = options.scopes === "all" ? Object.keys(SCOPES) : named.filter(Boolean);
  const wanted = { platform, scopes, ...(label === undefined ? {} : { label }) };
  const { id, key } = await createPlatformKey(db, wanted);
  process.stdout.write(
    json
      ? `${JSON.stringify({ id, platform, scopes, key })}\n`
      : `${key}\n\n  id        ${id}\n  platform  ${platform}\n  scopes    ${scopes.join(", ")}\n\n` +
          "Keep it now: only its hash is stored. 请立即保存，服务器只保存其哈希值。\n",
  );
}

async function list(db: Database, { platform, json }: ListOptions): Promise<void> {
  const keys = await listPlatformKeys(db, platform);
  if (json) process.stdout.write(`${JSON.stringify(keys)}\n`);
  else if (keys.length === 0) process.stdout.write("no keys; make one with `newday key create`\n");
  else process.stdout.write(keys.map(describe).join(""));
}

function describe({ id, platform, label, scopes, createdAt, revokedAt }: PlatformKeyRow): string {
  const state = revokedAt ? `revoked ${revokedAt.toISOString()}` : "live";
  const made = createdAt.toISOString();
  return `${id}  ${platform}  ${state}  made ${made}  ${scopes.join(",")}${label && `  ${label}`}\n`;
}
