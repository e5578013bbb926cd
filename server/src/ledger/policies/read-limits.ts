/** Reads limits with what is left of them. */
import type { Queryable } from "../../db/database.ts";
import {
  counterOf,
  headroomOf,
  limitName,
  type Headroom,
} from "../../policy/limits/count-spending.ts";
import { spendingCounters } from "../../policy/limits/counter-rows.ts";
import {
  limitsOfAccount,
  PLATFORM_LIMITS,
  spendingLimits,
  type SpendingLimit,
  type SpendingLimitsRow,
} from "../../policy/limits/limit-rows.ts";
import { bucketEnd } from "../../policy/rules/windows.ts";

export interface LimitState extends Pick<Headroom, "used" | "left"> {
  readonly limit: SpendingLimit;
  readonly name: string;
  /** When the oldest counted amount counts no more; null while nothing is counted. */
  readonly freesAt: Date | null;
}

/** The limits of a user: their own, each user's, and those of the platform together. */
export async function readLimitsOfUser(
  db: Queryable,
  { accounts, platform, now }: { accounts: readonly bigint[]; platform: string; now: Date },
): Promise<LimitState[]> {
  const subjects = [...accounts.map(limitsOfAccount), PLATFORM_LIMITS];
  const rows = await spendingLimits.read(db, subjects, false);
  const numbers = new Map(accounts.map((account) => [Number(account & 0xffffn), account]));
  const wide = limitsOfPlatform(rows, platform).filter(({ currencyNumber }) =>
    numbers.has(currencyNumber),
  );
  const own = [...rows.values()].filter(({ subject }) => subject !== PLATFORM_LIMITS);
  const limits = [...own.flatMap((row) => row.limits), ...wide];
  return withHeadroom(db, limits, now, (limit) => numbers.get(limit.currencyNumber) ?? 0n);
}

/** The limits of a platform's users; what each of them has used is known by user only. */
export async function readLimitsOfPlatform(
  db: Queryable,
  { platform, now }: { platform: string; now: Date },
): Promise<LimitState[]> {
  return withHeadroom(db, await readPlatformLimits(db, platform), now, () => 0n);
}

async function readPlatformLimits(db: Queryable, platform: string): Promise<SpendingLimit[]> {
  const rows = await spendingLimits.read(db, [PLATFORM_LIMITS], false);
  return limitsOfPlatform(rows, platform);
}

function limitsOfPlatform(
  rows: ReadonlyMap<string, Pick<SpendingLimitsRow, "limits">>,
  platform: string,
): SpendingLimit[] {
  const { limits = [] } = rows.get(PLATFORM_LIMITS) ?? {};
  return limits.filter((limit) => limit.platform === platform);
}

async function withHeadroom(
  db: Queryable,
  limits: readonly SpendingLimit[],
  now: Date,
  accountOf: (limit: SpendingLimit) => bigint,
): Promise<LimitState[]> {
  const keys = limits.map((limit) => counterOf(limit, accountOf(limit)));
  const counters = await spendingCounters.read(db, keys, false);
  return limits.map((limit, index) => {
    const { live, used, left } = headroomOf(limit, counters.get(keys[index] ?? ""), now);
    const [oldest] = live;
    const freesAt = oldest ? new Date(bucketEnd(limit, oldest.start)) : null;
    return { limit, name: limitName(limit), used, left, freesAt };
  });
}

/** Where a limit stands: the subject of its row. */
export async function findLimit(
  db: Queryable,
  id: string,
): Promise<{ account: bigint | null; limit: SpendingLimit } | undefined> {
  const [found] = await db.query<{ subject: string }>(
    `select subject from newday.spending_limits
      where limits @> jsonb_build_array(jsonb_build_object('id', $1::text))`,
    [id],
  );
  if (!found) return undefined;
  const { subject } = found;
  const row = (await spendingLimits.read(db, [subject], false)).get(subject);
  const limit = row?.limits.find((one) => one.id === id);
  const account = subject === PLATFORM_LIMITS ? null : BigInt(subject.split(":")[1] ?? "");
  return limit && { account, limit };
}
