/** Whether the legacy database that lies here has been moved into the ledger. */
import type { Queryable } from "./database.ts";
import { walletForeignKeys } from "./wallet-foreign-keys.ts";

/** The parts of an adopted database: its rows of `newday.adoptions`. */
export const ADOPTED_PARTS = ["wallets", "items"] as const;

export type AdoptedPart = (typeof ADOPTED_PARTS)[number];

export type AdoptionState = "repair_due" | "adoption_due" | "adopted";

/** Returns the state by one query of a small table, and one of the catalogue; cheap enough to poll. */
export async function adoptionState(
  db: Queryable,
  parts: readonly AdoptedPart[] = ADOPTED_PARTS,
): Promise<AdoptionState> {
  const rows = await db.query<{ part: string }>({
    name: "adoptions_parts",
    text: "select part from newday.adoptions",
  });
  const adopted = new Set(rows.map(({ part }) => part));
  if (parts.every((part) => adopted.has(part))) return "adopted";
  const keys = await walletForeignKeys(db);
  return keys.length > 0 ? "repair_due" : "adoption_due";
}
