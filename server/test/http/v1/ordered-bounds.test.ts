/** A lower bound above its upper one is a mistake that 200 and an empty page would hide. */
import { expect, it } from "vitest";
import { useV1 } from "./support.ts";

interface Parameter {
  readonly name: string;
  readonly in: string;
}

/** [lower, upper] of `from` and `until`, `listedFrom` and `listedUntil`, `priceMin` and `priceMax`. */
function pairsOf(parameters: readonly Parameter[]): [string, string][] {
  const names = parameters.filter((one) => one.in === "query").map(({ name }) => name);
  return names.flatMap((lower): [string, string][] => {
    const upper = lower
      .replace(/From$/, "Until")
      .replace(/Min$/, "Max")
      .replace(/^from$/, "until");
    return upper !== lower && names.includes(upper) ? [[lower, upper]] : [];
  });
}

const VALUES = (name: string) =>
  /Min|Max/.test(name) ? ["7", "8"] : ["2026-11-22T08:00:00Z", "2026-11-22T08:00:01Z"];

it("is 400 and names the rule, on every route with two bounds", async () => {
  const { call } = await useV1();
  const { paths } = (await call("GET", "/openapi.json")).body;
  const seen: string[] = [];
  for (const [path, { get }] of Object.entries<{ get?: { parameters?: Parameter[] } }>(paths)) {
    for (const [lower, upper] of pairsOf(get?.parameters ?? [])) {
      const [low = "", high = ""] = VALUES(lower);
      const url = path
        .replace("/api/v1", "")
        .replace("{userId}", "alice")
        .replace("{currency}", "game_coins");
      const query = (from: string, until: string) =>
        `${url}?format=csv&currency=game_coins&${lower}=${from}&${upper}=${until}`
          .replace(url.endsWith("/export") ? "" : "format=csv&", "")
          .replace(url.includes("/accounts/") ? "currency=game_coins&" : "", "");
      const wrong = await call("GET", query(high, low));
      expect([url, wrong.status, wrong.body.code, wrong.body.field, wrong.body.detail]).toEqual([
        url,
        400,
        "invalid_field",
        upper,
        expect.stringContaining(`must not be below ${lower}`),
      ]);
      for (const [from, until] of [
        [low, low],
        [low, high],
      ] as const)
        expect([url, (await call("GET", query(from, until))).status]).toEqual([url, 200]);
      seen.push(`${url} ${lower}`);
    }
  }
  expect(seen.toSorted()).toEqual([
    "/catalogue endsFrom",
    "/catalogue listedFrom",
    "/catalogue priceMin",
    "/listings endsFrom",
    "/listings listedFrom",
    "/listings priceMin",
    "/wallets/alice/accounts/game_coins/statement from",
    "/wallets/alice/accounts/game_coins/statement/export from",
    "/wallets/alice/purchases from",
  ]);
});
