/** Secrets at rest: imported once, encrypted, read with the right key only, and encrypted again. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { importEnvironmentSecrets } from "../../src/identity/platforms/import-secrets.ts";
import { readPlatforms } from "../../src/identity/platforms/platform-directory.ts";
import {
  rotatePlatformSecret,
  rotateSecretsKey,
} from "../../src/identity/platforms/secret-changes.ts";
import {
  createSecretsKey,
  ensureKeyFile,
  writeKeyFile,
  type SecretsKeySource,
} from "../../src/identity/platforms/secrets-key.ts";
import { useTestDatabase } from "../support/database.ts";
import { BY_TEST } from "../support/platforms.ts";

const SECRET = "a secret of a platform that is long enough";
const environmentOf = (secret = SECRET) => new Map([["allinone", secret]]);
const inline = (text: string | undefined): SecretsKeySource => ({
  inline: text,
  file: undefined,
  isMade: false,
});
const NOTHING = { imported: [], notStored: [], differing: [], unreadable: [] };

describe("secrets of the environment", () => {
  it("are imported once; the rows win, and a difference is named", async () => {
    const { db } = await useTestDatabase();
    const key = inline(createSecretsKey());
    const start = (secret?: string) =>
      importEnvironmentSecrets(db, { key, environment: environmentOf(secret) });
    const both = await Promise.all([start(), start()]);
    expect(both.flatMap(({ imported }) => imported)).toEqual(["allinone"]);
    expect(await start()).toMatchObject(NOTHING);
    expect(await start("another secret that is also long enough")).toMatchObject({
      ...NOTHING,
      differing: ["allinone"],
      canProve: true,
    });
    await rotatePlatformSecret(db, BY_TEST, key, { name: "allinone", keepOldForMs: 0 });
    expect(await start()).toMatchObject({ ...NOTHING, differing: ["allinone"] });
    const [stored] = await db.query<{ count: bigint }>(
      "select count(*) from newday.operator_changes where what = 'platform import'",
    );
    expect(stored?.count).toBe(1n);
  });

  it("count for a process without a key, which stores and names them", async () => {
    const { db } = await useTestDatabase();
    const access = { key: inline(undefined), environment: environmentOf() };
    expect(await importEnvironmentSecrets(db, access)).toMatchObject({
      ...NOTHING,
      notStored: ["allinone"],
      hasKey: false,
      canProve: true,
    });
    const platforms = await readPlatforms(db, access);
    expect(platforms.get("allinone")?.secrets).toMatchObject([{ secret: SECRET }]);
    await expect(
      rotatePlatformSecret(db, BY_TEST, access.key, { name: "allinone", keepOldForMs: 0 }),
    ).rejects.toMatchObject({ code: "secrets_key_missing" });
  });
});

describe("the key of stored secrets", () => {
  it("is replaced without a gap: the first encrypts, all decrypt", async () => {
    const { db } = await useTestDatabase();
    const [old, newer] = [createSecretsKey(), createSecretsKey()];
    const environment = environmentOf();
    await importEnvironmentSecrets(db, { key: inline(old), environment });
    const start = (key: string) => importEnvironmentSecrets(db, { key: inline(key), environment });
    expect(await start(newer)).toMatchObject({ unreadable: ["allinone"], canProve: true });
    await expect(rotateSecretsKey(db, BY_TEST, inline(newer), [])).rejects.toMatchObject({
      code: "secrets_key_missing",
    });
    expect(await start(`${newer},${old}`)).toMatchObject(NOTHING);
    await rotateSecretsKey(db, BY_TEST, inline(`${newer},${old}`), []);
    expect(await start(newer)).toMatchObject(NOTHING);
    expect(await start(old)).toMatchObject({ unreadable: ["allinone"] });
  });

  it("of an embedded database is a file of its owner, made once and replaced by command", async () => {
    const folder = mkdtempSync(join(tmpdir(), "newday-key-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "secrets.key");
    const source: SecretsKeySource = { inline: undefined, file, isMade: true };
    ensureKeyFile(source);
    const first = readFileSync(file, "utf8");
    ensureKeyFile(source);
    expect(readFileSync(file, "utf8")).toBe(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { db } = await useTestDatabase();
    const access = { key: source, environment: environmentOf() };
    await importEnvironmentSecrets(db, access);
    await rotateSecretsKey(db, BY_TEST, source, []);
    expect(readFileSync(file, "utf8")).not.toBe(first);
    expect(await importEnvironmentSecrets(db, access)).toMatchObject(NOTHING);
  });

  it("of a place that takes no other file is refused with a remedy, and nothing is left there", () => {
    const folder = mkdtempSync(join(tmpdir(), "newday-key-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const place = join(folder, "secrets.key");
    mkdirSync(place);
    expect(() => writeKeyFile(place, [createSecretsKey()])).toThrow("Mount its folder");
    expect(readdirSync(folder)).toEqual(["secrets.key"]);
  });

  it("opens a row of its own platform only, and no changed one", async () => {
    const { db } = await useTestDatabase();
    const access = { key: inline(createSecretsKey()), environment: environmentOf() };
    await importEnvironmentSecrets(db, access);
    const readable = async (platform: string) =>
      (await readPlatforms(db, access)).get(platform)?.secrets[0]?.secret !== undefined;
    expect(await readable("allinone")).toBe(true);
    await db.query("update newday.platform_secrets set platform = 'direct'");
    expect(await readable("direct")).toBe(false);
    await db.query(
      "update newday.platform_secrets set platform = 'allinone', ciphertext = set_byte(ciphertext, 14, 7)",
    );
    expect(await readable("allinone")).toBe(false);
  });
});
