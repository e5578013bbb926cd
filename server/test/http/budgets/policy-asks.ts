/** The worst legal request of limits, consents and sessions, and its budget. */
import { signAssertion } from "../../support/assertions.ts";
import { POST, READ, V1 } from "./v1-budgets.ts";
import { RICH, type Asks, type WorstWorld } from "./worst-world.ts";

const REASON = "r".repeat(255);
const LIMIT = { scope: "user", userId: RICH, currency: "game_coins", maximum: "1000000" };
const CONSENT = { platform: "moon", currency: "game_coins" };
const consents = `${V1}/wallets/${RICH}/consents`;

/** The limit of a rolling window of this many seconds. */
async function limitId({ prepare }: WorstWorld, seconds: number): Promise<string> {
  const limit = { ...LIMIT, window: "rolling", seconds, reason: REASON };
  return (await prepare("/limits", limit))["id"] ?? "";
}

function grant({ prepare }: WorstWorld) {
  const body = { ...CONSENT, perDay: "5", verbs: ["transfer", "hold"], reason: REASON };
  return prepare(`/wallets/${RICH}/consents`, body);
}

export const policyAsks: Asks = {
  [`GET ${V1}/limits`]: async (world) => {
    await limitId(world, 3_600);
    return { url: `${V1}/limits?userId=${RICH}`, as: "key", budget: READ };
  },
  [`GET ${V1}/limits/{id}/changes`]: async (world) => ({
    url: `${V1}/limits/${await limitId(world, 7_200)}/changes`,
    as: "key",
    budget: READ,
  }),
  [`POST ${V1}/limits`]: () => ({
    url: `${V1}/limits`,
    body: { ...LIMIT, window: "month", reason: REASON },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/limits/{id}/remove`]: async (world) => ({
    url: `${V1}/limits/${await limitId(world, 7_201)}/remove`,
    body: { reason: REASON },
    as: "key",
    budget: POST,
  }),
  [`GET ${V1}/consents`]: () => ({ url: `${V1}/consents?limit=200`, as: "key", budget: READ }),
  [`GET ${V1}/wallets/{userId}/consents`]: async (world) => {
    await grant(world);
    return { url: consents, as: "key", budget: READ };
  },
  [`GET ${V1}/wallets/{userId}/consents/changes`]: () => ({
    url: `${consents}/changes`,
    as: "key",
    budget: READ,
  }),
  [`POST ${V1}/wallets/{userId}/consents`]: () => ({
    url: consents,
    body: { ...CONSENT, perDay: "9", verbs: ["transfer", "hold"], reason: REASON },
    as: "key",
    budget: POST,
  }),
  [`POST ${V1}/wallets/{userId}/consents/revoke`]: async (world) => {
    await grant(world);
    const body = { ...CONSENT, reason: REASON };
    return { url: `${consents}/revoke`, body, as: "key", budget: POST };
  },
  [`POST ${V1}/sessions`]: async () => ({
    url: `${V1}/sessions`,
    body: {
      assertion: await signAssertion("moon", `new-${"n".repeat(120)}`),
      displayName: "字".repeat(64),
    },
    as: null,
    budget: { ...POST, statements: 40, hashes: 8 },
  }),
  [`GET ${V1}/sessions`]: () => ({
    url: `${V1}/sessions?userId=${RICH}`,
    as: "key",
    budget: { ...READ, rows: 60, hashes: 8 },
  }),
  [`DELETE ${V1}/sessions/{id}`]: async ({ call, login }) => {
    await login(RICH);
    const { body } = await call("GET", `/sessions?userId=${RICH}`);
    const url = `${V1}/sessions/${body.data[0].id}?userId=${RICH}`;
    return { url, as: "key", budget: { ...READ, hashes: 5 } };
  },
  [`DELETE ${V1}/sessions`]: async ({ login }) => {
    await login("carol");
    return { url: `${V1}/sessions?userId=carol`, as: "key", budget: READ };
  },
};
