/** TADD `test-newday-api.html`: its four presets, sent from disk to `inventory/add`. */
import { expect, it } from "vitest";
import { useClient } from "../support/client.ts";

const PRESETS = [
  {
    itemId: "test_potion_001",
    name: "生命药水",
    description: "恢复 50 点生命值",
    type: "consumable",
    rarity: "common",
    quantity: 1,
    stats: { healAmount: 50 },
    icon: "🧪",
  },
  {
    itemId: "test_weapon_001",
    name: "[New Day] 黎明之剑",
    description: "传说之剑",
    type: "weapon",
    rarity: "legendary",
    quantity: 1,
    stats: { attack: 150, defense: 20, speed: 10 },
    icon: "⚔️",
  },
  {
    itemId: "test_armor_001",
    name: "龙鳞护甲",
    description: "龙鳞",
    type: "armor",
    rarity: "epic",
    quantity: 1,
    stats: { attack: 10, defense: 120, health: 50 },
    icon: "🛡️",
  },
  { itemId: "test_minimal_001", name: "最小数据", type: "material", rarity: "common", quantity: 1 },
];

it("imports its four presets, shows them as they were sent, and answers 409 the second time", async () => {
  const { call } = await useClient({ origin: "null" });
  const { body } = await call("/api/allinone/auth/login", {
    method: "POST",
    body: { allinoneUserId: "user-001", allinoneUsername: "Ada" },
  });
  const add = (preset: object) =>
    call("/api/allinone/inventory/add", { method: "POST", token: body.token, body: preset });
  for (const preset of PRESETS) {
    const reply = await add(preset);
    expect([reply.status, reply.body.message]).toEqual([200, "道具添加成功"]);
    expect(reply.body.item).toMatchObject({ name: preset.name, rarity: preset.rarity });
  }
  const { body: all } = await call("/api/allinone/inventory", { token: body.token });
  expect(all.total).toBe(PRESETS.length);
  for (const { itemId: _id, quantity: _quantity, icon: _icon, ...sent } of PRESETS)
    expect(all.items).toContainEqual(expect.objectContaining({ description: "", ...sent }));
  for (const preset of PRESETS) {
    const again = await add(preset);
    expect([again.status, again.body.errorCode]).toEqual([409, "ITEM_ALREADY_EXISTS"]);
    expect(again.body.existingItem).toMatchObject({ name: preset.name });
  }
});

it("gets 401 for the JSON object that its local-storage button fills in as a token", async () => {
  const { call } = await useClient({ origin: "null" });
  const reply = await call("/api/allinone/inventory/add", {
    method: "POST",
    headers: { authorization: 'Bearer {"token":"nd_token_x","userId":"user-001"}' },
    body: PRESETS[0],
  });
  expect([reply.status, reply.body.errorCode]).toEqual([401, "INVALID_TOKEN"]);
});
