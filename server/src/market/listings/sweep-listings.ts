/** The background sweep of expired listings: unsold items go back to their sellers. */
import { repeat, type RepeatedWork } from "../../lib/repeat.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import { closeExpiredListings } from "./cancel-listing.ts";

/** An expired listing is off sale from its instant on; only the item waits for the sweep. */
const PAUSE_MS = 30_000;

/** Sweeps until stopped. A failed sweep goes to `report` and is retried at the next turn. */
export function startListingSweep(
  services: PostingServices,
  report: (error: unknown) => void,
): RepeatedWork {
  return repeat(() => closeExpiredListings(services), PAUSE_MS, report);
}
