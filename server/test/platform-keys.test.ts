import { describe, expect, it } from "vitest";
import { listPlatformKeys } from "../src/identity/platform-key-queries.ts";
import {
  createPlatformKey,
  createPlatformKeyReader,
  endPlatformKey,
} from "../src/identity/platform-keys.ts";
import { BY_TEST, readDirectoryOf } from "./support/platforms.ts";
import { useTestDatabase } from "./support/database.ts";

const ASKED_EVERY_TIME = { cacheReads: <Read>(read: Read) => read };
const WANTED = { platform: "allinone", scopes: ["wallets:read", "mint"], label: "shop" };

describe("platform keys", () => {
  it("are shown once, stored as a hash, and open what they were made for", async () => {
    const { db } = await useTestDatabase();
    const { id, key } = await createPlatformKey(db, WANTED);
    expect(key).toMatch(/^nd_key_[A-Za-z0-9_-]{43}$/);
    const read = createPlatformKeyReader(db, ASKED_EVERY_TIME, readDirectoryOf(db));
    expect(await read(key)).toEqual({
      id,
      platform: "allinone",
      role: "platform",
      scopes: new Set(["wallets:read", "mint"]),
    });
    const [stored] = await db.query("select * from newday.platform_keys");
    expect(JSON.stringify(stored)).not.toContain(key.slice(7));
  });

  it("end at once when they are revoked, and stay in the list", async () => {
    const { db } = await useTestDatabase();
    const { id, key } = await createPlatformKey(db, WANTED);
    const read = createPlatformKeyReader(db, ASKED_EVERY_TIME, readDirectoryOf(db));
    await endPlatformKey(db, BY_TEST, id);
    await expect(read(key)).rejects.toMatchObject({ code: "invalid_token" });
    expect(await listPlatformKeys(db, "allinone")).toMatchObject([
      { id, label: "shop", revokedAt: expect.any(Date) },
    ]);
    await expect(endPlatformKey(db, BY_TEST, "key_unknown")).rejects.toMatchObject({
      code: "key_not_found",
    });
  });

  it.each([
    [{ platform: "ACME" }, "platform"],
    [{ platform: "acme" }, "platform"],
    [{ scopes: [] }, "scopes"],
    [{ scopes: ["root"] }, "scopes"],
    [{ scopes: ["adjust"] }, "scopes"],
    [{ role: "operator" as const }, "platform"],
    [{ label: "x".repeat(65) }, "label"],
  ])("are not made of %j", async (change, field) => {
    const { db } = await useTestDatabase();
    await expect(createPlatformKey(db, { ...WANTED, ...change })).rejects.toMatchObject({
      code: "invalid_field",
      details: { field },
    });
  });
});
