/**
 * Finds adventure items that are second copies of inventory items (docs/incidents.md D2).
 *
 * The old server wrote a purchase into both tables, under different ids and within the same moment.
 * The rule: same owner, same name, bought and unused, and written at most two seconds apart; each
 * row belongs to at most one pair, the nearest in time first. Equal names alone stay apart
 * (docs/incidents.md D3): three drinks bought a minute apart stay three.
 */
import type { DuplicateCandidate } from "./legacy-queries.ts";

/** Two inserts of one request lie milliseconds apart; a second purchase by hand takes longer. */
export const DUPLICATE_WITHIN_S = 2;

/** One-to-one pairs, by the adventure item's id. `candidates` come nearest first. */
export function pairDuplicates(
  candidates: readonly DuplicateCandidate[],
): Map<string, DuplicateCandidate> {
  const pairs = new Map<string, DuplicateCandidate>();
  const taken = new Set<string>();
  for (const candidate of candidates) {
    if (pairs.has(candidate.adventureId) || taken.has(candidate.inventoryId)) continue;
    pairs.set(candidate.adventureId, candidate);
    taken.add(candidate.inventoryId);
  }
  return pairs;
}
