/** The repairs that can be chosen: two that ship, and those of `--repair-file`. */
import { NewDayError } from "../../errors/errors.ts";
import { ALL_USER_PATHS_REPAIR } from "./all-user-paths.ts";
import type { RepairDefinition } from "./definition.ts";
import { WALLETS_REPAIR } from "./wallets.ts";

const REPAIRS: RepairDefinition[] = [WALLETS_REPAIR, ALL_USER_PATHS_REPAIR];

export const DEFAULT_REPAIR = WALLETS_REPAIR.id;

export function knownRepairs(): readonly RepairDefinition[] {
  return REPAIRS;
}

/** Adds a repair to this process. Throws `repair_usage` when another repair has its id. */
export function addRepair(repair: RepairDefinition): void {
  if (REPAIRS.includes(repair)) return;
  if (REPAIRS.some(({ id }) => id === repair.id))
    throw new NewDayError(
      "repair_usage",
      { repair: repair.id },
      { message: `The repair id "${repair.id}" is taken. Choose another id in the repair file.` },
    );
  REPAIRS.push(repair);
}

/** The repair with this id. Throws `repair_usage` that lists the ids. */
export function findRepair(id: string): RepairDefinition {
  const repair = REPAIRS.find((candidate) => candidate.id === id);
  if (repair) return repair;
  const known = REPAIRS.map((candidate) => candidate.id).join(", ");
  throw new NewDayError(
    "repair_usage",
    { repair: id, known },
    {
      message: `There is no repair "${id}". Known: ${known}; name the file of another one with --repair-file.`,
    },
  );
}
