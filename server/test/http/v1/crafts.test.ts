import { describe, expect, it } from "vitest";
import { composeServices } from "../../../src/compose.ts";
import { buildApp } from "../../../src/http/app.ts";
import { operationOf } from "../../../src/engine/operation-type.ts";
import { craftOperation, type CraftPayload } from "../../../src/items/recipes/craft-operation.ts";
import { useV1, type Reply, type TestV1 } from "./support.ts";

const STARDUST = { userId: "alice", name: "星尘", type: "material", rarity: "rare" };

/** Alice with these stacks, and a recipe that makes a blade of three of them and 10 coins. */
async function useRecipe(v1: TestV1, stacks: readonly number[]): Promise<string> {
  let definitionId = "";
  for (const quantity of stacks) {
    const granted = await v1.call("POST", "/items/grants", { body: { ...STARDUST, quantity } });
    definitionId = granted.body.item.definitionId as string;
  }
  const body = {
    name: "星刃",
    inputs: [{ definitionId, quantity: 3 }],
    prices: { game_coins: "10" },
    outputs: [{ item: { name: "星刃", type: "weapon" }, quantity: 1 }],
  };
  expect((await v1.call("PUT", "/recipes/blade", { body, key: null })).status).toBe(201);
  return definitionId;
}

function craftAtOnce({ call }: TestV1, count: number): Promise<Reply[]> {
  const body = { userId: "alice" };
  const keys = Array.from({ length: count }, (_, index) => `craft-${index}`);
  return Promise.all(keys.map((key) => call("POST", "/recipes/blade/crafts", { body, key })));
}

const codes = (replies: readonly Reply[]) =>
  replies.map(({ status, body }) => (status === 201 ? "made" : (body.code as string))).sort();

const times = <Value>(count: number, value: Value) => Array.from({ length: count }, () => value);

async function left({ database }: TestV1, definitionId: string): Promise<Record<string, bigint>> {
  const rows = await database.db.query<{ state: string; quantity: bigint }>(
    `select state, sum(quantity)::bigint as quantity from newday.items
      where definition_id = $1 group by state`,
    [definitionId],
  );
  return Object.fromEntries(rows.map(({ state, quantity }) => [state, quantity]));
}

async function coins({ call }: TestV1): Promise<string> {
  return (await call("GET", "/wallets/alice/accounts/game_coins")).body.balance as string;
}

describe.each(["pg15", "pg18"] as const)("crafts of one user at once, on %s", (server) => {
  it.each([
    { count: 2, stacks: [3, 3] },
    { count: 2, stacks: [2, 2, 2] },
    { count: 10, stacks: [30] },
    { count: 10, stacks: times(30, 1) },
    { count: 10, stacks: [7, 1, 4, 4, 2, 12] },
  ])("all succeed while the ingredients last: $count from $stacks", async ({ count, stacks }) => {
    const v1 = await useV1(server);
    const definitionId = await useRecipe(v1, stacks);
    expect(codes(await craftAtOnce(v1, count))).toEqual(times(count, "made"));
    expect(await left(v1, definitionId)).toEqual({ used: BigInt(3 * count) });
    expect(await coins(v1)).toBe(`${1000 - 10 * count}`);
  });

  it.each([[[5, 5, 5, 5]], [times(20, 1)], [[20]]])(
    "succeed as often as there is enough, whatever the stacks: %j",
    async (stacks) => {
      const v1 = await useV1(server);
      const definitionId = await useRecipe(v1, stacks);
      const replies = await craftAtOnce(v1, 10);
      expect(codes(replies)).toEqual([...times(4, "item_not_found"), ...times(6, "made")]);
      for (const { status, body } of replies)
        if (status !== 201) expect(body).toMatchObject({ status: 404, field: "userId" });
      expect(await left(v1, definitionId)).toEqual({ used: 18n, owned: 2n });
      expect(await coins(v1)).toBe("940");
    },
  );

  it("answer the first outcome under each key again", async () => {
    const v1 = await useV1(server);
    await useRecipe(v1, [2, 2, 2]);
    const first = await craftAtOnce(v1, 2);
    const again = await craftAtOnce(v1, 2);
    expect(again.map(({ body }) => body)).toEqual(
      first.map(({ body }) => ({ ...body, replayed: true })),
    );
  });

  it("succeed as often as there is enough at two servers too", async () => {
    const v1 = await useV1(server);
    const definitionId = await useRecipe(v1, [4, 4, 4, 4, 4]);
    const { config, build } = v1.services;
    const second = await buildApp(composeServices(config, v1.database.db, build));
    const sent = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? v1.app : second).inject({
        method: "POST",
        url: "/api/v1/recipes/blade/crafts",
        headers: { authorization: `Bearer ${v1.key}`, "idempotency-key": `craft-${index}` },
        payload: { userId: "alice" },
      }),
    );
    const replies = (await Promise.all(sent)).map(({ statusCode }) => `${statusCode}`).sort();
    expect(replies).toEqual([...times(6, "201"), ...times(4, "404")]);
    expect(await left(v1, definitionId)).toEqual({ used: 18n, owned: 2n });
    await second.close();
  });
});

describe("a craft", () => {
  it("is not refused for good while stacks that it did not read may be enough", async () => {
    const v1 = await useV1();
    const definitionId = await useRecipe(v1, [3]);
    const need = { definitionId, quantity: 3n, itemIds: ["gone"], partId: "inv-part" };
    const craft = (more: boolean) => {
      const payload: CraftPayload = {
        userId: "alice",
        needs: [{ ...need, more }],
        makes: [],
        legs: [],
      };
      const idempotency = { key: "one", fingerprint: "00000000-0000-7000-8000-000000000000" };
      const operation = operationOf(craftOperation, payload, { caller: "test", idempotency });
      return v1.services.engine.submit(operation);
    };
    await expect(craft(true)).rejects.toMatchObject({ code: "database_busy" });
    expect(await craft(false)).toMatchObject({ code: "item_not_found", replayed: false });
  });
});

describe("a recipe that is defined many times at once", () => {
  const recipe = (name: string) => ({
    name,
    inputs: [],
    prices: { game_coins: "10" },
    outputs: [{ item: { name: "星刃", type: "weapon" }, quantity: 1 }],
  });

  it("is one version when the texts agree, and one for each when they do not", async () => {
    const v1 = await useV1();
    const put = (body: object) => v1.call("PUT", "/recipes/blade", { body, key: null });
    const same = await Promise.all(times(8, recipe("星刃")).map(put));
    expect(same.map(({ status }) => status).sort((a, b) => a - b)).toEqual([...times(7, 200), 201]);
    const others = await Promise.all(times(8, "").map((_, n) => put(recipe(`星刃 ${n}`))));
    expect(others.map(({ status }) => status)).toEqual(times(8, 201));
    const versions = others.map(({ body }) => Number(body.version)).sort((a, b) => a - b);
    expect(versions).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
  });
});
