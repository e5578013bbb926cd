/**
 * Adoption: moves a repaired legacy database into this one, complete.
 *
 * Every legacy balance becomes an opening transfer against the adoption account, under a key made
 * of the wallet's id. So a run that was killed anywhere continues and posts each wallet once. The
 * legacy table is switched off only when counts and sums agree exactly.
 */
import type { Database, Queryable } from "../db/database.ts";
import { walletForeignKeys } from "../db/wallet-foreign-keys.ts";
import { NewDayError } from "../errors/errors.ts";
import type { JsonObject } from "../engine/operation.ts";

import { SNAPSHOT_OF_ANY_SIZE, type AdoptionContext, type AdoptionPart } from "./adoption-part.ts";
import { listAdoptedParts } from "./adoption-queries.ts";

/** Enough to be fast, little enough that a step is over in a fraction of a second. */
export const ADOPTION_BATCH_SIZE = 500;

/**
 * Clients of the old tables wait while a part switches, so the time has a bound. Comparing 200,000
 * wallets takes less than a second.
 */
export const ADOPTION_HOLD_MS = 10_000;

export interface AdoptionReport {
  readonly part: string;
  readonly alreadyAdopted: boolean;
  readonly report: JsonObject;
}

/** Previews `adopt`, part by part. Errors: `adoption_refused` while the repair is due. */
export async function planAdoption(
  db: Database,
  parts: readonly AdoptionPart[],
): Promise<AdoptionReport[]> {
  await refuseWhileKeyStands(db);
  const adopted = await adoptedReports(db);
  const reports: AdoptionReport[] = [];
  for (const part of parts) {
    const done = adopted.get(part.name);
    const report = done ?? (await db.transaction((tx) => part.plan(tx), SNAPSHOT_OF_ANY_SIZE));
    reports.push({ part: part.name, alreadyAdopted: done !== undefined, report });
  }
  return reports;
}

/**
 * Adopts every part that is still open; a second run finds all parts done. Errors:
 * `adoption_refused` (a foreign key stands), `adoption_mismatch` (nothing was switched),
 * `database_busy` (the legacy table could not be locked in time; run again).
 */
export async function adopt(
  context: AdoptionContext,
  parts: readonly AdoptionPart[],
): Promise<AdoptionReport[]> {
  await refuseWhileKeyStands(context.db);
  const adopted = await adoptedReports(context.db);
  const reports: AdoptionReport[] = [];
  for (const part of parts) {
    const done = adopted.get(part.name);
    if (!done) await part.backfill(context);
    const report = done ?? (await part.switchOver(context));
    reports.push({ part: part.name, alreadyAdopted: done !== undefined, report });
  }
  return reports;
}

async function adoptedReports(db: Queryable): Promise<Map<string, JsonObject>> {
  return new Map((await listAdoptedParts(db)).map(({ part, report }) => [part, report]));
}

/** Errors: `adoption_refused` while a foreign key ties wallets to players. */
export async function refuseWhileKeyStands(db: Queryable): Promise<void> {
  const constraints = await walletForeignKeys(db);
  const names = constraints.join(", ");
  if (constraints.length > 0)
    throw new NewDayError(
      "adoption_refused",
      { constraints },
      {
        message: {
          en: `The adoption is not allowed: ${names} still ties wallets to players. Run \`newday repair plan\`, then \`newday repair apply\`, then \`newday adopt\` again.`,
          zh: `不允许接管：${names} 仍将钱包绑定到玩家。请依次运行 newday repair plan、newday repair apply，然后再次运行 newday adopt。`,
        },
      },
    );
}
