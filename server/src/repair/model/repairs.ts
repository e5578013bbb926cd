/** The table of repairs. Another one is a declaration and a line here. */
import { NewDayError } from "../../errors/errors.ts";
import { ALL_USER_PATHS_REPAIR } from "./all-user-paths.ts";
import type { RepairDefinition } from "./definition.ts";
import { WALLETS_REPAIR } from "./wallets.ts";

export const REPAIRS: readonly RepairDefinition[] = [WALLETS_REPAIR, ALL_USER_PATHS_REPAIR];

export const DEFAULT_REPAIR = WALLETS_REPAIR.id;

/** The repair with this id. Throws `repair_usage` that lists the ids. */
export function findRepair(id: string): RepairDefinition {
  const repair = REPAIRS.find((candidate) => candidate.id === id);
  if (repair) return repair;
  const known = REPAIRS.map((candidate) => candidate.id).join(", ");
  throw new NewDayError(
    "repair_usage",
    { repair: id, known },
    { message: `There is no repair "${id}". Known: ${known}.` },
  );
}
