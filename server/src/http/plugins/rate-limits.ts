/**
 * Limits per address, in production only: a sandbox serves its own machine, and its test pages call
 * in bursts on purpose. Behind a proxy, set NEWDAY_TRUST_PROXY, or all clients share one address.
 *
 * A platform's server calls for all its users from few addresses, so it is counted by its key. Only
 * a live key counts: a made-up one would bypass the limit.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { NewDayError } from "../../errors/errors.ts";
import { readRequestKey } from "../auth/request-key.ts";
import type { Services } from "../context/services.ts";

const WINDOW = "1 minute";
/**
 * An open tab polls 6 times a minute (docs/contract.md 0); an office behind one address has many.
 */
export const REQUESTS_PER_WINDOW = 1_200;
/** A login is rare; higher rates are guesses (docs/incidents.md G26). */
export const LOGINS_PER_WINDOW = 60;
/** Reading a wallet creates one; the limit keeps the table from being filled (G11). */
export const OPEN_READS_PER_WINDOW = 300;

/**
 * Ten thousand online players who act every ten seconds. A platform beyond that would slow the
 * others down; its server has the bulk calls.
 */
export const KEY_REQUESTS_PER_WINDOW = 60_000;
const KEY_PREFIX = "key:";

/** Registers the limiter before the routes, so that each route may carry a stricter limit. */
export async function addRateLimits(
  app: FastifyInstance,
  services: Pick<Services, "config" | "readPlatformKey">,
): Promise<void> {
  if (services.config.mode !== "production") return;
  await app.register(rateLimit, {
    max: maxFor(REQUESTS_PER_WINDOW),
    timeWindow: WINDOW,
    keyGenerator: (request: FastifyRequest) => countedAs(services, request),
    allowList: (request) => request.url === "/healthz" || request.url === "/readyz",
    errorResponseBuilder: (_request, { after }) =>
      new NewDayError("rate_limited", {
        rule: `too many requests; try again in ${after}`,
        ruleZh: `请在 ${after} 后重试`,
      }),
  });
}

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

async function countedAs(
  services: Pick<Services, "readPlatformKey">,
  request: FastifyRequest,
): Promise<string> {
  // The route reads the key again and reports its fault.
  const key = await readRequestKey(services, request)?.catch(() => undefined);
  return key === undefined ? request.ip : `${KEY_PREFIX}${key.id}`;
}
