import { describe, expect, it, onTestFinished, vi } from "vitest";
import { createLiveCredentials } from "../src/identity/live-credentials.ts";
import {
  createPlatformKey,
  createPlatformKeyReader,
  endPlatformKey,
} from "../src/identity/platform-keys.ts";
import { BY_TEST, readDirectoryOf } from "./support/platforms.ts";
import { useTestDatabase } from "./support/database.ts";
import { signalProcess } from "./support/signal-process.ts";

const WANTED = { platform: "allinone", scopes: ["wallets:read"] };

/** A reader of keys that counts its database queries. */
async function useReader() {
  const { db } = await useTestDatabase();
  const credentials = createLiveCredentials(db);
  onTestFinished(() => credentials.close());
  const asked = { times: 0 };
  const cacheReads: typeof credentials.cacheReads = (read) =>
    credentials.cacheReads((hash) => {
      asked.times += 1;
      return read(hash);
    });
  const read = createPlatformKeyReader(db, { cacheReads }, readDirectoryOf(db));
  const { id, key } = await createPlatformKey(db, WANTED);
  /** Whether a call was answered from the cache. */
  const isCached = async () => {
    const before = asked.times;
    await read(key);
    return asked.times === before;
  };
  const listeners = () =>
    db.query<{ pid: number }>(
      `select pid from pg_stat_activity
        where application_name = 'newday-revocations' and datname = current_database()`,
    );
  return { db, credentials, read, id, key, isCached, listeners };
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
  it("is cached once the database tells of revocations, and refused as soon as it tells of one", async () => {
    const { db, read, id, key, isCached } = await useReader();
    await expect.poll(isCached).toBe(true);
    await endPlatformKey(db, BY_TEST, id);
    await untilRefused(() => read(key));
  });

  it("is asked for again when the connection that tells is lost, until there is another", async () => {
    const { db, isCached, listeners } = await useReader();
    await expect.poll(isCached).toBe(true);
    const [first] = await listeners();
    // No heartbeat while the clock stands still (polls advance fake timers): the loss itself evicts.
    const clock = vi.spyOn(performance, "now").mockReturnValue(performance.now());
    onTestFinished(() => clock.mockRestore());
    await expect.poll(isCached).toBe(true);
    await db.query("select pg_terminate_backend($1)", [first?.pid]);
    await expect.poll(isCached, { timeout: 20_000 }).toBe(false);
    clock.mockRestore();
    await expect.poll(isCached).toBe(true);
    expect(await listeners()).not.toEqual([first]);
  });

  it("is refused within seconds even when the line that tells is dead without a sign", async () => {
    const { db, read, id, key, isCached, listeners } = await useReader();
    await expect.poll(isCached).toBe(true);
    const [first] = await listeners();
    const pid = first?.pid ?? 0;
    process.kill(pid, "SIGSTOP");
    onTestFinished(() => signalProcess(pid, "SIGCONT"));
    await endPlatformKey(db, BY_TEST, id);
    await untilRefused(() => read(key));
  });

  it("is not cached from a look-up during which something was revoked", async () => {
    const { credentials, isCached, key, read } = await useReader();
    await expect.poll(isCached).toBe(true);
    credentials.evictAll();
    const looking = read(key);
    credentials.evictAll();
    await looking;
    expect(await isCached()).toBe(false);
  });

  it("leaves no connection behind when the process has closed it", async () => {
    const { credentials, isCached, listeners } = await useReader();
    await expect.poll(isCached).toBe(true);
    await credentials.close();
    await expect.poll(listeners).toEqual([]);
    expect(await isCached()).toBe(false);
    expect(await isCached()).toBe(false);
  });
});
