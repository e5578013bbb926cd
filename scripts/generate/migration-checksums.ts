/**
 * server/migrations/checksums.json: the content of each migration at its release.
 *
 * A database that has run a migration refuses a server whose file differs, so an edited one stops
 * every existing data folder. Only new files are added here; `npm run tidy` compares the others.
 */
import { existsSync, readFileSync } from "node:fs";
import { listMigrations } from "../../server/src/db/migrations.ts";

export const CHECKSUMS = "server/migrations/checksums.json";

export function migrationChecksums(): string {
  const released = existsSync(CHECKSUMS)
    ? (JSON.parse(readFileSync(CHECKSUMS, "utf8")) as Record<string, string>)
    : {};
  const known = { ...released };
  for (const { name, checksum } of listMigrations()) known[name] ??= checksum;
  const ordered = Object.entries(known).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${JSON.stringify(Object.fromEntries(ordered), undefined, 2)}\n`;
}
