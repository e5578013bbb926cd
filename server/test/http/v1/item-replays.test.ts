import { expect, it } from "vitest";
import { logIn, TRANSFER } from "../../support/market.ts";
import { useV1, type CallOptions, type Reply } from "./support.ts";

it("H1: a repeated item request answers the item as it was", async () => {
  const v1 = await useV1();
  const asked: { path: string; options: CallOptions; first: Reply }[] = [];
  const post = async (path: string, body: object) => {
    const options = { body, key: `replay-${asked.length}` };
    const first = await v1.call("POST", path, options);
    expect(first.status).toBe(201);
    asked.push({ path, options, first });
    return first;
  };
  const grant = { userId: "alice", name: "星尘", type: "material", quantity: 5 };
  const { id } = (await post("/items/grants", grant)).body.item;
  const gift = await post(`/items/${id}/gifts`, { to: "bob", quantity: 2 });
  await post(`/items/${id}/exports`, { platform: "allinone" });
  await post(`/items/${id}/returns`, {});
  await post(`/items/${gift.body.item.id}/gifts`, { to: "carol" });
  const listing = { itemId: id, prices: { game_coins: "1" }, quantity: 2 };
  const listed = await post("/listings", listing);
  await post("/purchases", { userId: "bob", listingId: listed.body.id, quantity: 2 });
  const planned = new Date(Date.now() + 1_000).toISOString();
  const upcoming = await post("/listings", { ...listing, quantity: 1, startsAt: planned });
  expect(upcoming.body.status).toBe("upcoming");
  await post(`/listings/${upcoming.body.id}/cancel`, {});
  for (const { path, options, first } of asked) {
    const { replayed: _, ...again } = (await v1.call("POST", path, options)).body;
    const { replayed: __, ...was } = first.body;
    expect(again).toEqual(was);
  }
});

it("H1: so does the older surface under an Idempotency-Key", async () => {
  const v1 = await useV1();
  const grant = { userId: "alice", name: "星尘", type: "material", quantity: 5 };
  const { id } = (await v1.call("POST", "/items/grants", { body: grant })).body.item;
  const [alice, bob] = [await logIn(v1, "alice"), await logIn(v1, "bob")];
  const gift = { itemId: id, targetUserId: "bob", quantity: 5 };
  const key = { "idempotency-key": "gift-1" };
  const first = await alice.post(TRANSFER, gift, key);
  expect([first.status, first.body.item.userId]).toEqual([200, "bob"]);
  await bob.post(TRANSFER, { itemId: id, targetUserId: "carol", quantity: 2 });
  const again = await alice.post(TRANSFER, gift, key);
  expect(again.body.item).toEqual(first.body.item);
});

it("repeated bulk grants answer the first outcomes after their item type was retired", async () => {
  const { call } = await useV1();
  await call("PUT", "/item-types/rune", { body: { shownAs: "material" } });
  const rune = { userId: "alice", name: "符文", type: "rune" };
  const dust = { userId: "bob", name: "星尘", type: "material" };
  const grants = (mode: string, ...items: object[]) =>
    ({ body: { mode, grants: items }, key: `grants-${mode}-${items.length}` }) as const;
  const asked = [
    grants("independent", rune, dust),
    grants("atomic", dust, rune),
    grants("atomic", rune),
  ];
  const post = (options: CallOptions) => call("POST", "/items/grants/bulk", options);
  const firsts = [];
  for (const options of asked) firsts.push(await post(options));
  await call("POST", "/item-types/rune/retire", { body: {} });
  for (const [at, options] of asked.entries()) {
    const again = await post(options);
    expect(again.headers["idempotency-replayed"]).toBe("true");
    expect(withoutReplay(again.body)).toEqual(withoutReplay(firsts[at]?.body));
  }
  const other = await post({ ...asked[0], body: asked[1]?.body });
  expect(other.body.code).toBe("idempotency_conflict");
  const anew = await post({ ...asked[0], key: "grants-anew" });
  expect(anew.body).toMatchObject({ posted: 1, refused: 1, replayed: false });
});

/** A reply without the members that say whether it is repeated. */
function withoutReplay(body: object): unknown {
  return JSON.parse(
    JSON.stringify(body, (name, value) => (name === "replayed" ? undefined : value)),
  );
}
