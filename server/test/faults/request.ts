/** The options of `npm run test:faults`. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";

export const HELP = `Loads servers on one PostgreSQL 15 while they are killed, halted and cut off; then checks every answer.

usage: npm run test:faults -- [options]

  --minutes N   length of the load, fractions allowed (default 1.5)
  --seed N      the same operations and faults again (default: a new one, printed)
  --servers N   1 or 2 for the whole load (default: one server, then two, for half of the time each)
  --faults A,B  only faults with these names; "none" for a quiet run
  --pause MS    longest pause of a caller between two operations (default 300)
  --help        this text

Exit code: 0 when every check holds, 1 when one fails, 2 for invalid usage. The last line is JSON.`;

/** Beside it a run starts PostgreSQL and servers and asks everything again: below three minutes in all. */
const MINUTES = "1.5";
/** All callers together keep a small machine half busy. */
const PAUSE_MS = "300";
const SEED_MAX = 2 ** 31;

/** Invalid usage; the message tells what to do. */
export class InvalidUsage extends Error {}

export interface FaultsRequest {
  readonly minutes: number;
  readonly seed: number;
  /** Undefined for one, then two. */
  readonly servers: 1 | 2 | undefined;
  /** Undefined for all. */
  readonly faults: readonly string[] | undefined;
  readonly pauseMs: number;
}

/** Returns undefined when help is asked for. Throws `InvalidUsage`. */
export function readFaultsRequest(args: readonly string[]): FaultsRequest | undefined {
  const values = parse(args);
  if (values.help) return undefined;
  const minutes = Number(values.minutes);
  if (!(minutes > 0)) throw new InvalidUsage(`--minutes ${values.minutes}: use a number above 0.`);
  const seed = values.seed === undefined ? randomInt(SEED_MAX) : Number(values.seed);
  if (!Number.isSafeInteger(seed)) throw new InvalidUsage("--seed: use a whole number.");
  const servers = values.servers === undefined ? undefined : Number(values.servers);
  if (servers !== undefined && servers !== 1 && servers !== 2)
    throw new InvalidUsage("--servers: use 1 or 2.");
  const faults = values.faults === "none" ? [] : values.faults?.split(",");
  const pauseMs = Number(values.pause);
  if (!(pauseMs >= 0)) throw new InvalidUsage(`--pause ${values.pause}: use milliseconds from 0.`);
  return { minutes, seed, servers, faults, pauseMs };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        minutes: { type: "string", default: MINUTES },
        seed: { type: "string" },
        servers: { type: "string" },
        faults: { type: "string" },
        pause: { type: "string", default: PAUSE_MS },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new InvalidUsage(error instanceof Error ? error.message : String(error));
  }
}
