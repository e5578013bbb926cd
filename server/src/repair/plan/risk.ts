/**
 * The risk of an apply, computed from terms that are all shown: lock strength x load of the tables
 * x age of the oldest blocker x reversibility. A bare number would only look exact.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Queryable } from "../../db/database.ts";
import { queryIfAllowed } from "../connection/optional-query.ts";
import { refreshStatistics } from "../connection/refresh-statistics.ts";
import type { Finding } from "../model/finding.ts";
import type { PlannedKey, Risk, RiskTerm } from "../model/plan.ts";
import type { Message } from "../../lib/messages.ts";

/** ACCESS EXCLUSIVE is the strongest of PostgreSQL's eight modes, and the drop needs it. */
const EXCLUSIVE_FACTOR = 2;
export const BANDS = { medium: 8, high: 25 } as const;
/** A blocker of this age doubles the risk; the factor ends at four. */
const BLOCKER_AGE_MS = 10_000;
const BLOCKER_FACTOR_MAX = 4;

/** Reads and writes per second on the tables; undefined without a sample. */
export async function readLoad(
  db: Queryable,
  tables: readonly number[],
  sampleMs: number,
): Promise<number | undefined> {
  if (sampleMs === 0) return undefined;
  return queryIfAllowed(db, LOAD, undefined, async () => {
    const before = await countOperations(db, tables);
    await sleep(sampleMs);
    return Math.max(0, ((await countOperations(db, tables)) - before) / (sampleMs / 1000));
  });
}

const LOAD: Message = { en: "reads and writes of the tables", zh: "这些表的读写量" };

async function countOperations(db: Queryable, tables: readonly number[]): Promise<number> {
  await refreshStatistics(db);
  const [row] = await db.query<{ operations: number }>(
    `select coalesce(sum(coalesce(seq_scan, 0) + coalesce(idx_scan, 0) + n_tup_ins + n_tup_upd + n_tup_del), 0)::float8
            as operations
       from pg_catalog.pg_stat_all_tables where relid = any($1::oid[])`,
    [tables],
  );
  return row?.operations ?? 0;
}

export function riskOf(input: {
  readonly locks: number;
  readonly load: number | undefined;
  readonly findings: readonly Finding[];
  readonly keys: readonly PlannedKey[];
}): Risk {
  const terms = [
    lockTerm(input.locks),
    loadTerm(input.load),
    blockerTerm(input.findings),
    reversibilityTerm(input.findings, input.keys),
  ];
  const product = terms.reduce((score, { factor }) => score * factor, 1);
  const score = Math.round(product * 10) / 10;
  const band = score >= BANDS.high ? "high" : score >= BANDS.medium ? "medium" : "low";
  return { score, band, terms };
}

function lockTerm(locks: number): RiskTerm {
  return {
    name: "locks",
    factor: EXCLUSIVE_FACTOR,
    text: {
      en: `ACCESS EXCLUSIVE on ${locks} relations`,
      zh: `对 ${locks} 个关系加 ACCESS EXCLUSIVE 锁`,
    },
  };
}

function loadTerm(load: number | undefined): RiskTerm {
  const factor = load === undefined ? 1 : round(1 + Math.log10(1 + load));
  return {
    name: "heat",
    factor,
    text:
      load === undefined
        ? { en: "not sampled", zh: "未采样" }
        : {
            en: `${Math.round(load)} reads and writes a second`,
            zh: `每秒 ${Math.round(load)} 次读写`,
          },
  };
}

function blockerTerm(findings: readonly Finding[]): RiskTerm {
  const ages = findings
    .filter(({ id }) => id === "B60" || id === "B62")
    .map(({ data }) => (typeof data["ageMs"] === "number" ? data["ageMs"] : 0));
  const prepared = findings.some(({ id }) => id === "B61");
  const oldest = prepared ? Infinity : Math.max(0, ...ages);
  const seconds = Math.round(oldest / 1000);
  return {
    name: "blockers",
    factor: round(Math.min(1 + oldest / BLOCKER_AGE_MS, BLOCKER_FACTOR_MAX)),
    text: prepared
      ? { en: "a prepared transaction holds a table", zh: "有预备事务占用表" }
      : { en: `oldest transaction on the tables ${seconds} s`, zh: `表上最久事务 ${seconds} 秒` },
  };
}

function reversibilityTerm(findings: readonly Finding[], keys: readonly PlannedKey[]): RiskTerm {
  const closed =
    keys.some(({ orphans }) => orphans !== 0) || findings.some(({ id }) => id === "B41");
  return {
    name: "reversibility",
    factor: closed ? 2 : 1,
    text: closed
      ? { en: "no exact rollback", zh: "无法精确回滚" }
      : { en: "exact rollback until the first external user", zh: "在首个外部用户之前可精确回滚" },
  };
}

function round(factor: number): number {
  return Math.round(factor * 10) / 10;
}
