/**
 * Limits per address, in production only: a sandbox serves its own machine, and its test pages call
 * in bursts on purpose. Behind a proxy, set NEWDAY_TRUST_PROXY, or everybody is one address.
 */
import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance } from "fastify";
import type { Config } from "../../config.ts";
import { NewDayError } from "../../errors.ts";

const WINDOW = "1 minute";
/** An open tab polls 6 times a minute (CONTRACT.md section 0); an office behind one address has many. */
const REQUESTS_PER_WINDOW = 1_200;
/** A login is rare; what comes more often guesses (INCIDENTS.md G26). */
export const LOGINS_PER_WINDOW = 60;
/** A wallet for any id costs nothing to ask for; slow enough that filling the table is no sport (G11). */
export const OPEN_READS_PER_WINDOW = 300;

/** Registers the limiter before any route, so that each route may carry a stricter limit. */
export async function addRateLimits(app: FastifyInstance, config: Config): Promise<void> {
  if (config.mode !== "production") return;
  await app.register(rateLimit, {
    max: REQUESTS_PER_WINDOW,
    timeWindow: WINDOW,
    allowList: (request) => request.url === "/healthz" || request.url === "/readyz",
    errorResponseBuilder: (_request, { after }) =>
      new NewDayError("rate_limited", { rule: `too many requests; try again in ${after}` }),
  });
}

/** The route option for a limit of its own. */
export function limitTo(max: number): {
  config: { rateLimit: { max: number; timeWindow: string } };
} {
  return { config: { rateLimit: { max, timeWindow: WINDOW } } };
}
