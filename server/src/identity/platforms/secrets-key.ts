/**
 * The keys that encrypt stored secrets, from the environment or a file; the database never holds one.
 *
 * Several keys may stand beside each other: the first encrypts, all decrypt. So a key is replaced without a
 * moment in which a server cannot read a secret.
 */
import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { NewDayError } from "../../errors/errors.ts";
import type { Message } from "../../lib/messages.ts";
import { markSecret } from "./secret-mark.ts";

/** Where the keys come from. A file is read again with each use, so that servers follow a rotation. */
export interface SecretsKeySource {
  /** The value of the environment variable; undefined when a file holds the keys. */
  readonly inline: string | undefined;
  readonly file: string | undefined;
  /** True for the file of the embedded database, which is made when it is missing. */
  readonly isMade: boolean;
}

interface SecretsKey {
  readonly bytes: Buffer;
  /** Tells keys apart, and reveals none. */
  readonly fingerprint: string;
}

export interface Keyring {
  /** The first key encrypts; empty without a key. */
  readonly keys: readonly SecretsKey[];
}

export interface SealedSecret {
  readonly mark: Buffer;
  readonly ciphertext: Buffer;
  readonly keyFingerprint: string;
}

const KEY_BYTES = 32;
const KEY = /^[A-Za-z0-9_-]{43}$/;
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A new key in the form of the setting and the file. */
export function createSecretsKey(): string {
  return randomBytes(KEY_BYTES).toString("base64url");
}

/** An absent file is an empty keyring. Errors: `config_invalid` for a malformed key. */
export function readKeyring({ inline, file }: SecretsKeySource): Keyring {
  const name = inline === undefined ? "NEWDAY_SECRETS_KEY_FILE" : "NEWDAY_SECRETS_KEY";
  const text = inline ?? (file === undefined ? "" : readKeyFile(file));
  const entries = text.split(/[\s,]+/).filter(Boolean);
  if (!entries.every((entry) => KEY.test(entry))) throw malformed(name);
  return { keys: entries.map(toKey) };
}

function readKeyFile(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw new NewDayError(
      "config_invalid",
      { variable: "NEWDAY_SECRETS_KEY_FILE", file },
      {
        message: {
          en: `NEWDAY_SECRETS_KEY_FILE names ${file}, which cannot be read: ${(error as Error).message}.`,
          zh: `无法读取 NEWDAY_SECRETS_KEY_FILE 指定的文件 ${file}：${(error as Error).message}。`,
        },
        cause: error,
      },
    );
  }
}

/** Makes the file of the embedded database once; two processes at once make one. */
export function ensureKeyFile({ file, isMade }: SecretsKeySource): void {
  if (!isMade || file === undefined || readKeyFile(file) !== "") return;
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${createSecretsKey()}\n`, { mode: 0o600, flush: true });
  try {
    linkSync(temporary, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

/**
 * Replaces the keys of a file as one step: a reader sees the old ones or the new ones. Errors: `config_invalid`
 * for a file that is mounted by itself. It stays as it was, because a cut write in place would lose every key.
 */
export function writeKeyFile(file: string, keys: readonly string[]): void {
  const temporary = `${file}.${process.pid}`;
  try {
    writeFileSync(temporary, `${keys.join("\n")}\n`, { mode: 0o600, flush: true });
    renameSync(temporary, file);
  } catch (cause) {
    rmSync(temporary, { force: true });
    const words = (cause as Error).message;
    const message = {
      en: `The file of keys ${file} cannot be replaced: ${words}. Mount its folder, writable, instead of the file.`,
      zh: `无法替换密钥文件 ${file}：${words}。请挂载其所在目录（可写），而不是单个文件。`,
    };
    throw new NewDayError("config_invalid", { file }, { message, cause });
  }
}

/** The keys of the ring in the form of the file. */
export function textsOf({ keys }: Keyring): string[] {
  return keys.map(({ bytes }) => bytes.toString("base64url"));
}

/** Encrypts for one platform, whose name the ciphertext is bound to. Errors: `secrets_key_missing`. */
export function sealSecret({ keys }: Keyring, platform: string, secret: string): SealedSecret {
  const [key] = keys;
  if (!key) throw new NewDayError("secrets_key_missing", {});
  const mark = markSecret(secret);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key.bytes, nonce).setAAD(contextOf(platform, mark));
  const ciphertext = Buffer.concat([nonce, cipher.update(secret, "utf8"), cipher.final()]);
  return {
    mark,
    ciphertext: Buffer.concat([ciphertext, cipher.getAuthTag()]),
    keyFingerprint: key.fingerprint,
  };
}

/** Undefined when the ring has not the key, or the row was changed. */
export function openSecret(
  { keys }: Keyring,
  { platform, mark, ciphertext, keyFingerprint }: SealedSecret & { readonly platform: string },
): string | undefined {
  const key = keys.find(({ fingerprint }) => fingerprint === keyFingerprint);
  if (!key || ciphertext.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = ciphertext.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key.bytes, nonce, { authTagLength: TAG_BYTES })
    .setAAD(contextOf(platform, mark))
    .setAuthTag(ciphertext.subarray(-TAG_BYTES));
  try {
    const text = decipher.update(ciphertext.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  } catch {
    return undefined;
  }
}

function contextOf(platform: string, mark: Buffer): Buffer {
  return Buffer.from(`newday platform secret ${platform} ${mark.toString("hex")}`);
}

function toKey(text: string): SecretsKey {
  const bytes = Buffer.from(text, "base64url");
  const digest = createHmac("sha256", bytes).update("newday secrets key").digest("hex");
  return { bytes, fingerprint: digest.slice(0, 16) };
}

function malformed(variable: string): NewDayError {
  const rule: Message = {
    en: "holds keys of 43 characters, 32 random bytes in base64url, separated by commas",
    zh: "应为 43 个字符的密钥（32 个随机字节的 base64url），以逗号分隔",
  };
  return new NewDayError(
    "config_invalid",
    { variable, rule },
    {
      message: {
        en: `${variable} ${rule.en}. Make one with \`newday platform make-key\`.`,
        zh: `${variable} ${rule.zh}。可用 \`newday platform make-key\` 生成。`,
      },
    },
  );
}
