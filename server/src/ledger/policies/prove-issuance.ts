/**
 * Proves from the books that what was issued of each currency is held or has come back:
 * `issued = held + sunk`. One snapshot; sums of old entries are kept, so a later proof reads new ones only.
 */
import type { Database, Queryable } from "../../db/database.ts";
import type { IssuanceBudgetRow } from "../../policy/issuance/budget-rows.ts";
import { listBudgets } from "../../policy/issuance/list-budgets.ts";
import {
  listHeld,
  listIssuers,
  storeTally,
  sumEntries,
  type HeldRow,
  type IssuerRow,
} from "./issuance-queries.ts";

export interface PlatformIssuance {
  readonly platform: string;
  readonly issued: bigint;
  readonly sunk: bigint;
  readonly held: bigint;
  /** Received from users of other platforms, less what was paid to them. */
  readonly fromOthers: bigint;
  readonly budget: IssuanceBudgetRow | undefined;
}

export interface CurrencyIssuance {
  readonly currency: string;
  readonly issued: bigint;
  readonly sunk: bigint;
  readonly held: bigint;
  readonly platforms: readonly PlatformIssuance[];
}

export interface IssuanceProof {
  readonly asOf: Date;
  readonly currencies: readonly CurrencyIssuance[];
}

export type IssuanceProver = () => Promise<IssuanceProof>;

/** A proof may use a tenth of the time; between two proofs the last one is the answer. */
const PAUSE_FACTOR = 10;
const PAUSE_MIN_MS = 500;

/** Cache: the last proof; evicted by time. Simultaneous callers share one. */
export function createIssuanceProver(db: Database): IssuanceProver {
  let last: { readonly proof: Promise<IssuanceProof>; until: number } | undefined;
  return () => {
    if (last && Date.now() < last.until) return last.proof;
    const started = Date.now();
    const current = { proof: proveIssuance(db), until: Infinity };
    last = current;
    current.proof.then(
      () => {
        const took = Date.now() - started;
        current.until = Date.now() + Math.max(PAUSE_MIN_MS, took * PAUSE_FACTOR);
      },
      () => (last = undefined),
    );
    return current.proof;
  };
}

/** Of entries in one statement: about a second. */
const ENTRIES_AT_ONCE = 200_000n;

/** Every currency that was ever issued. */
export async function proveIssuance(db: Database): Promise<IssuanceProof> {
  for (const issuer of await listIssuers(db)) await advanceTally(db, issuer);
  return db.transaction(
    async (tx) => {
      const issuers = await listIssuers(tx);
      const [clock] = await tx.query<{ now: Date }>("select statement_timestamp() as now");
      const sums: IssuerSums[] = [];
      for (const issuer of issuers) sums.push(await sumsOf(tx, issuer));
      const [held, budgets] = [await listHeld(tx), await listBudgets(tx)];
      return { asOf: clock?.now ?? new Date(), currencies: compareIssuance(sums, held, budgets) };
    },
    { readOnly: true, isolation: "repeatable read", statementTimeoutMs: 60_000 },
  );
}

/** Keeps the sums of all but the last entries. */
async function advanceTally(db: Queryable, issuer: IssuerRow): Promise<void> {
  let { throughVersion: after } = issuer;
  let [issued, returned] = [BigInt(issuer.issued), BigInt(issuer.returned)];
  const { account, version } = issuer;
  while (version - after >= ENTRIES_AT_ONCE) {
    const through = after + ENTRIES_AT_ONCE;
    const sums = await sumEntries(db, { account, after, through });
    issued += sums.issued;
    returned += sums.returned;
    await storeTally(db, { account, through, issued, returned });
    after = through;
  }
}

export interface IssuerSums {
  readonly currency: string;
  readonly platform: string;
  readonly issued: bigint;
  readonly sunk: bigint;
}

async function sumsOf(db: Queryable, issuer: IssuerRow): Promise<IssuerSums> {
  const { account, currency, platform, throughVersion: after, version: through } = issuer;
  const rest = await sumEntries(db, { account, after, through });
  return {
    currency,
    platform,
    issued: BigInt(issuer.issued) + rest.issued,
    sunk: BigInt(issuer.returned) + rest.returned,
  };
}

/** By currency and platform, from the sums of the issuers, what is held, and the budgets. Pure. */
export function compareIssuance(
  issuers: readonly IssuerSums[],
  held: readonly HeldRow[],
  budgets: readonly IssuanceBudgetRow[],
): CurrencyIssuance[] {
  const currencies = new Set([...issuers, ...held].map(({ currency }) => currency));
  return [...currencies].sort().map((currency) => {
    const of = <Row extends { readonly currency: string }>(rows: readonly Row[]) =>
      rows.filter((row) => row.currency === currency);
    const names = new Set([...of(issuers), ...of(held)].map(({ platform }) => platform));
    const platforms = [...names].sort().map((platform): PlatformIssuance => {
      const own = of(issuers).filter((row) => row.platform === platform);
      const issued = sum(own.map((row) => row.issued));
      const sunk = sum(own.map((row) => row.sunk));
      const theirs = of(held).filter((row) => row.platform === platform);
      const holds = sum(theirs.map((row) => BigInt(row.held)));
      const budget = of(budgets).find((row) => row.platform === platform);
      return { platform, issued, sunk, held: holds, fromOthers: holds - issued + sunk, budget };
    });
    return {
      currency,
      issued: sum(platforms.map((row) => row.issued)),
      sunk: sum(platforms.map((row) => row.sunk)),
      held: sum(platforms.map((row) => row.held)),
      platforms,
    };
  });
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
