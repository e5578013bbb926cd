/** The background sweep of expired listings: unsold items go back to their sellers. */
import type { Economy } from "../../items/items/economy.ts";
import { closeExpiredListings } from "./list-item.ts";

/** An expired listing is off sale from its instant on; only the item waits for the sweep. */
const PAUSE_MS = 30_000;

/** Sweeps until stopped. A failed sweep goes to `report` and is retried at the next turn. */
export function startListingSweep(economy: Economy, report: (error: unknown) => void): () => void {
  const timer = setInterval(() => {
    closeExpiredListings(economy).catch(report);
  }, PAUSE_MS);
  timer.unref();
  return () => clearInterval(timer);
}
