/** The background sweep of expired listings: what nobody bought goes back to its seller. */
import type { Economy } from "../inventory/economy.ts";
import { closeExpiredListings } from "./list-item.ts";

/** An expired listing cannot be bought from its instant on; only the item waits for the sweep. */
const PAUSE_MS = 30_000;

/** Sweeps until stopped. A failed sweep is told to `report` and tried again at the next turn. */
export function startListingSweep(economy: Economy, report: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    closeExpiredListings(economy).catch(report);
  }, PAUSE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
