import { expect, it } from "vitest";
import { useV1, type TestV1 } from "./support.ts";

const PAGE_BYTES_MAX = 200_000;

/** The largest that is let in: 4,096 bytes. */
const LARGEST = {
  name: "n".repeat(255),
  description: "d".repeat(2_000),
  stats: Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`s${n}`, "x".repeat(190)])),
  type: "weapon",
};

async function grantMany({ call }: TestV1, count: number): Promise<string[]> {
  const grants = Array.from({ length: count }, () => ({ userId: "alice", ...LARGEST }));
  const body = { mode: "independent", grants };
  const { results } = (await call("POST", "/items/grants/bulk", { body })).body as {
    results: { transfer: { result: { itemId: string } } }[];
  };
  return results.map(({ transfer }) => transfer.result.itemId);
}

/** Follows the cursors of pages of 200; every page is bounded. */
async function readAll({ call }: TestV1, path: string): Promise<Record<string, unknown>[]> {
  const entries: Record<string, unknown>[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const next: string = cursor === "" ? "" : `&cursor=${cursor}`;
    const { status, body } = await call("GET", `${path}?limit=200${next}`);
    expect([status, body.data.length > 0]).toEqual([200, true]);
    expect(Buffer.byteLength(JSON.stringify(body))).toBeLessThan(PAGE_BYTES_MAX);
    entries.push(...body.data);
    cursor = body.nextCursor;
  }
  return entries;
}

it("H1, H2: pages of items and listings are bounded in bytes, and lose nothing", async () => {
  const v1 = await useV1();
  const granted = await grantMany(v1, 100);
  const ids = (await readAll(v1, "/wallets/alice/items")).map(({ id }) => String(id));
  expect([ids.length, new Set(ids)]).toEqual([100, new Set(granted)]);
  const prices = { game_coins: "1" };
  const listed: unknown[] = [];
  for (const itemId of granted.slice(0, 60)) {
    const { status, body } = await v1.call("POST", "/listings", { body: { itemId, prices } });
    expect(status).toBe(201);
    listed.push(body.id);
  }
  const found = await readAll(v1, "/listings");
  expect(found.map(({ id }) => id).filter((id) => listed.includes(id))).toHaveLength(60);
  expect(new Set(found.map(({ id }) => id)).size).toBe(found.length);
});

it("H1: pages of a statement are bounded in bytes, and lose nothing", async () => {
  const v1 = await useV1();
  const metadata = Object.fromEntries(
    Array.from({ length: 20 }, (_, n) => [`m${n}`, "字".repeat(500)]),
  );
  const body = { from: "alice", to: "bob", currency: "game_coins", amount: "1", metadata };
  for (let n = 0; n < 15; n += 1)
    expect((await v1.call("POST", "/transfers", { body })).status).toBe(201);
  const path = "/wallets/alice/accounts/game_coins/statement";
  const versions = (await readAll(v1, path)).map(({ version }) => version);
  expect(versions).toEqual(Array.from({ length: 16 }, (_, n) => `${16 - n}`));
  const file = await v1.call("GET", `${path}/export?format=json`);
  expect(file.body.data).toHaveLength(16);
});
