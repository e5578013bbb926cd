/**
 * The worst legal request of each route against what it may cost. Only what can be counted, so that the test
 * gives the same answer on any machine; `npm run bench:worst` measures time.
 */
import { expect, it } from "vitest";
import { CONTRACT_ROUTES } from "../../fuzz/contract-routes.ts";
import type { Costs } from "../../support/costs.ts";
import { ADMIN, adminAsks, UNMETERED } from "./admin-asks.ts";
import { contractAsks } from "./contract-asks.ts";
import { itemTypeAsks } from "./item-type-asks.ts";
import { linkAsks } from "./link-asks.ts";
import { policyAsks } from "./policy-asks.ts";
import { stockAsks } from "./stock-asks.ts";
import { v1Asks } from "./v1-asks.ts";
import { V1 } from "./v1-budgets.ts";
import { useWorstWorld, type Ask, type Asks, type WorstWorld } from "./worst-world.ts";

/**
 * Resolves once the server has cached the platforms and the caller's credential: notifications of earlier requests
 * still evict both.
 */
function cacheCredentials({ app, meter }: WorstWorld, headers: Record<string, string>) {
  const statements = async () => {
    const read = () => app.inject({ url: `${V1}/links`, headers });
    return (await meter.measure(read)).statements;
  };
  return expect.poll(statements).toBeLessThanOrEqual(1);
}

async function measure(world: WorstWorld, route: string, ask: Ask) {
  const [method = ""] = route.split(" ");
  const { as, url, body } = ask;
  const authorization: Record<string, string> =
    as === null ? {} : { authorization: `Bearer ${world.as[as]}` };
  await cacheCredentials(world, authorization);
  const sent = {
    "idempotency-key": `budget ${route}`,
    ...(body && { "content-type": "application/json" }),
  };
  const headers = {
    ...(method === "GET" ? {} : sent),
    ...ask.headers,
    ...authorization,
  };
  let status = 0;
  const costs = await world.meter.measure(async () => {
    const reply = await world.app.inject({
      method: method as "GET",
      url,
      headers,
      ...(body && { payload: body }),
    });
    status = reply.statusCode;
    return reply;
  });
  return { status, costs };
}

/** As the document spells them. */
async function routesOf({ app }: WorstWorld, prefix: string): Promise<string[]> {
  const document = (await app.inject(`${prefix}/openapi.json`)).json() as {
    paths: Record<string, object>;
  };
  return Object.entries(document.paths)
    .filter(([path]) => !UNMETERED.test(path))
    .flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
}

it("H1, H2, H3: the worst legal request of every route costs what it may cost", async () => {
  const world = await useWorstWorld();
  const surfaces = await Promise.all([V1, ADMIN].map((prefix) => routesOf(world, prefix)));
  const routes = new Set(surfaces.flat());
  for (const { method, path } of CONTRACT_ROUTES) routes.add(`${method} ${path}`);
  const asks: Asks = {
    ...v1Asks,
    ...policyAsks,
    ...linkAsks,
    ...itemTypeAsks,
    ...stockAsks,
    ...contractAsks,
    ...adminAsks,
  };
  expect(new Set(Object.keys(asks)), "each route has its worst request here").toEqual(routes);
  const over: string[] = [];
  for (const [route, make] of Object.entries(asks)) {
    const ask = await make(world);
    const { status, costs } = await measure(world, route, ask);
    if (status >= 300) over.push(`${route} is ${status}`);
    if (process.env["SHOW_COSTS"]) console.log(route, status, JSON.stringify(costs));
    for (const name of Object.keys(costs) as (keyof Costs)[])
      if (costs[name] > ask.budget[name])
        over.push(`${route}: ${name} ${costs[name]} of ${ask.budget[name]}`);
  }
  expect(over).toEqual([]);
});
