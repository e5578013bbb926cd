/** Periods as people write them: 30s, 10m, 24h, 7d. */
import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** In milliseconds. Throws commander's error, which becomes a usage error. */
export function parsePeriod(text: string): number {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (number === undefined || factor === undefined)
    throw new InvalidArgumentError("a period is a number and s, m, h or d: 30s, 10m, 24h, 7d");
  return Number(number) * factor;
}
