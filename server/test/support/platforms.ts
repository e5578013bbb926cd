/** Platforms beside the legacy three, as `newday platform add` makes them. */
import type { Database } from "../../src/db/database.ts";
import { addPlatform } from "../../src/identity/platforms/platform-changes.ts";
import {
  createPlatformDirectory,
  type PlatformDirectory,
} from "../../src/identity/platforms/platform-directory.ts";
import { secretOf } from "./assertions.ts";
import type { SecretsKeySource } from "../../src/identity/platforms/secrets-key.ts";

/** The key of stored secrets that every test server has. */
export const TEST_KEY = { NEWDAY_SECRETS_KEY: "k".repeat(43) };
export const TEST_KEY_SOURCE: SecretsKeySource = {
  inline: TEST_KEY.NEWDAY_SECRETS_KEY,
  file: undefined,
  isMade: false,
};
export const BY_TEST = { operator: "test", dryRun: false };

export async function addTestPlatform(
  db: Database,
  name: string,
  values: Partial<Parameters<typeof addPlatform>[3]> = {},
): Promise<void> {
  const secret = secretOf(name);
  await addPlatform(db, BY_TEST, TEST_KEY_SOURCE, { secret, ...values, name });
}

/** The stored platforms, read with each question. */
export function readDirectoryOf(db: Database): PlatformDirectory {
  const access = { key: TEST_KEY_SOURCE, environment: new Map<string, string>() };
  return createPlatformDirectory(db, { cacheReads: (read) => read }, access);
}
