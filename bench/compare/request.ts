/** What a person asks of `npm run bench:compare`. */
import { parseArgs } from "node:util";

export const HELP = `Compares the speed of the working copy with that of a commit.

usage: npm run bench:compare -- --against COMMIT posting|market [options]

  posting   transfers through the engine, 256 in flight: spread over 100,000 accounts, and on one
  market    HTTP on 64 connections to the built server: purchases, wallets, transfers of /api/v1

  --against COMMIT  what to compare with; built in a temporary folder
  --rounds N        rounds of four turns, A B B A (default 5)
  --seconds N       length of a turn (default 3)
  --help            this text

Both sides run the same loops on one PostgreSQL 15. A figure is worse when its median over the rounds
lies outside the other's range and differs by more than 5 %. The exit code is 0 when nothing is worse,
1 when something is or the audit finds a fault, 2 for a wrong request. The last line is JSON; its
ratios are the medians of the working copy over those of the commit.`;

/** A request that cannot be carried out; the message says what to do. */
export class Refused extends Error {}

export type Workload = "posting" | "market";

export interface Request {
  readonly against: string;
  readonly workload: Workload;
  readonly rounds: number;
  readonly seconds: number;
}

/** Returns undefined when help is asked for. Throws `Refused`. */
export function readRequest(args: readonly string[]): Request | undefined {
  const { values, positionals } = parse(args);
  if (values.help) return undefined;
  if (!values.against) throw new Refused("--against COMMIT is missing.");
  const [workload, ...more] = positionals;
  if ((workload !== "posting" && workload !== "market") || more.length > 0)
    throw new Refused("Name one workload: posting or market.");
  return {
    against: values.against,
    workload,
    rounds: positive("--rounds", values.rounds),
    seconds: positive("--seconds", values.seconds),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        against: { type: "string" },
        rounds: { type: "string", default: "5" },
        seconds: { type: "string", default: "3" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new Refused(error instanceof Error ? error.message : String(error));
  }
}

function positive(option: string, text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text))
    throw new Refused(`${option} is a whole number from 1 to 9999; it is ${text}.`);
  return Number(text);
}
