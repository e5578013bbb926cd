/**
 * Limits, in production only: a sandbox serves its own machine, and its test pages call in bursts on purpose.
 *
 * A caller with a live session is counted as its user and a platform's server as its key, because a school or
 * a data centre has many of them behind one address. All others are counted by address (IPv6: by /64), so a
 * made-up credential bypasses nothing. Behind a proxy, NEWDAY_TRUST_PROXY says who tells the address.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { NewDayError } from "../../errors/errors.ts";
import { readRequestKey } from "../auth/request-key.ts";
import { isWellFormedToken } from "../../identity/token.ts";
import { bearerToken } from "../auth/authenticate.ts";
import { countedNetwork } from "../context/client-address.ts";
import type { Services } from "../context/services.ts";

const WINDOW = "1 minute";
/**
 * An open tab polls 6 times a minute (docs/contract.md 0); an office behind one address has many.
 */
export const REQUESTS_PER_WINDOW = 1_200;
/**
 * A school behind one address logs in within a minute. Higher rates are guesses (docs/incidents.md G26), and
 * an assertion is 256 bits away from being guessed.
 */
export const LOGINS_PER_WINDOW = 300;
/** Reading a wallet creates one; the limit keeps the table from being filled (G11). */
export const OPEN_READS_PER_WINDOW = 300;

/**
 * Ten thousand online players who act every ten seconds. A platform beyond that would slow the
 * others down; its server has the bulk calls.
 */
export const KEY_REQUESTS_PER_WINDOW = 60_000;
const KEY_PREFIX = "key:";
const USER_PREFIX = "user:";

type Countable = Pick<Services, "config" | "readAddress" | "readPlatformKey" | "readSession">;

/** Registers the limiter before the routes, so that each route may carry a stricter limit. */
export async function addRateLimits(app: FastifyInstance, services: Countable): Promise<void> {
  if (services.config.mode !== "production") return;
  await app.register(rateLimit, {
    max: maxFor(REQUESTS_PER_WINDOW),
    timeWindow: WINDOW,
    keyGenerator: (request: FastifyRequest) => countedAs(services, request),
    errorResponseBuilder: (_request, { after }) =>
      new NewDayError("rate_limited", {
        rule: { en: `too many requests; try again in ${after}`, zh: `请在 ${after} 后重试` },
      }),
  });
}

/** The route option of probes: a monitor must see the server also when its neighbours are busy. */
export const UNLIMITED = { config: { rateLimit: false } } as const;

type MaxFor = (request: FastifyRequest, countedAs: string) => number;

/** The route option for a stricter limit per address. */
export function limitTo(max: number): {
  config: { rateLimit: { max: MaxFor; timeWindow: string } };
} {
  return { config: { rateLimit: { max: maxFor(max), timeWindow: WINDOW } } };
}

function maxFor(perAddress: number): MaxFor {
  return (_request, counted) =>
    counted.startsWith(KEY_PREFIX) ? KEY_REQUESTS_PER_WINDOW : perAddress;
}

async function countedAs(services: Countable, request: FastifyRequest): Promise<string> {
  // The route reads the credential again and reports its fault.
  const key = await readRequestKey(services, request)?.catch(() => undefined);
  if (key) return `${KEY_PREFIX}${key.id}`;
  const token = bearerToken(request);
  const session = isWellFormedToken(token ?? "")
    ? await services.readSession(token ?? "").catch(() => undefined)
    : undefined;
  if (session) return `${USER_PREFIX}${session.userId}`;
  return countedNetwork(services.readAddress(request.raw));
}
