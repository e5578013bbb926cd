/** Periods as people write them: 30s, 10m, 24h, 7d. */
import { invalidArgument } from "../usage/usage-error.ts";

const UNITS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A day with a time of day; without an offset it would be read in the time zone of this machine. */
const TIME = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

/** As UTC in ISO form. Throws commander's error, which becomes a usage error. */
export function parseMoment(text: string): string {
  const time = TIME.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw invalidArgument({
    en: "a time is a day, a time and an offset: 2026-03-01T03:00Z, 2026-03-01T11:00+08:00",
    zh: "时间由日期、时刻和时区组成，例如 2026-03-01T03:00Z、2026-03-01T11:00+08:00",
  });
}

/** In milliseconds. Throws commander's error, which becomes a usage error. */
export function parsePeriod(text: string): number {
  const [, number, unit] = /^(\d+)([smhd])$/.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit];
  if (number === undefined || factor === undefined)
    throw invalidArgument({
      en: "a period is a number and s, m, h or d: 30s, 10m, 24h, 7d",
      zh: "时长为数字加 s、m、h 或 d，例如 30s、10m、24h、7d",
    });
  return Number(number) * factor;
}
