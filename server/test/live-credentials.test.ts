import { describe, expect, it, onTestFinished } from "vitest";
import { createLiveCredentials } from "../src/identity/live-credentials.ts";
import {
  createPlatformKey, createPlatformKeyReader, endPlatformKey,
} from "../src/identity/platform-keys.ts"; // prettier-ignore
import { useTestDatabase } from "./support/database.ts";

const WANTED = { platform: "acme", scopes: ["wallets:read"] };

/** A reader of keys that counts its database queries. */
async function useReader() {
  const { db } = await useTestDatabase();
  const credentials = createLiveCredentials(db);
  onTestFinished(() => credentials.close());
  const asked = { times: 0 };
  const remember: typeof credentials.remember = (read) =>
    credentials.remember((hash) => {
      asked.times += 1;
      return read(hash);
    });
  const read = createPlatformKeyReader(db, { remember });
  const { id, key } = await createPlatformKey(db, WANTED);
  /** Whether a call was answered from the cache. */
  const isRemembered = async () => {
    const before = asked.times;
    await read(key);
    return asked.times === before;
  };
  const listeners = () =>
    db.query<{ pid: number }>(
      `select pid from pg_stat_activity
        where application_name = 'newday-revocations' and datname = current_database()`,
    );
  return { db, credentials, read, id, key, isRemembered, listeners };
}

/** Within a third of a credential's lifetime in the cache. */
async function untilRefused(read: () => Promise<unknown>): Promise<void> {
  const outcome = () =>
    read().then(
      () => "live",
      (error: { code: string }) => error.code,
    );
  await expect.poll(outcome, { timeout: 20_000 }).toBe("invalid_token");
}

describe("a live credential", () => {
  it("is remembered once the database tells of revocations, and refused as soon as it tells of one", async () => {
    const { db, read, id, key, isRemembered } = await useReader();
    await expect.poll(isRemembered).toBe(true);
    await endPlatformKey(db, id);
    await untilRefused(() => read(key));
  });

  it("is asked for again when the connection that tells is lost, until there is another", async () => {
    const { db, isRemembered, listeners } = await useReader();
    await expect.poll(isRemembered).toBe(true);
    const [first] = await listeners();
    await db.query("select pg_terminate_backend($1)", [first?.pid]);
    await expect.poll(isRemembered).toBe(false);
    await expect.poll(isRemembered).toBe(true);
    expect(await listeners()).not.toEqual([first]);
  });

  it("is refused within seconds even when the line that tells is dead without a sign", async () => {
    const { db, read, id, key, isRemembered, listeners } = await useReader();
    await expect.poll(isRemembered).toBe(true);
    const [first] = await listeners();
    const pid = first?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    onTestFinished(() => void process.kill(pid, "SIGCONT"));
    await endPlatformKey(db, id);
    await untilRefused(() => read(key));
  });

  it("is not remembered from a look-up during which something was revoked", async () => {
    const { credentials, isRemembered, key, read } = await useReader();
    await expect.poll(isRemembered).toBe(true);
    credentials.forgetAll();
    const looking = read(key);
    credentials.forgetAll();
    await looking;
    expect(await isRemembered()).toBe(false);
  });

  it("leaves no connection behind when the process has closed it", async () => {
    const { credentials, isRemembered, listeners } = await useReader();
    await expect.poll(isRemembered).toBe(true);
    await credentials.close();
    await expect.poll(listeners).toEqual([]);
    expect(await isRemembered()).toBe(false);
    expect(await isRemembered()).toBe(false);
  });
});
