/** The repairs that can be chosen: two that ship, and those of `--repair-file`. */
import { refusal } from "../../errors/refusals.ts";
import { ALL_USER_PATHS_REPAIR } from "./all-user-paths.ts";
import type { ProbeValue, RepairDefinition } from "./definition.ts";
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
    throw refusal("repair_id_taken", { id: repair.id }, { details: { repair: repair.id } });
  REPAIRS.push(repair);
}

const given: ProbeValue[] = [];

/** Adds values for the proof's rows to every repair of this process. */
export function giveProbeValues(values: readonly ProbeValue[]): void {
  given.push(...values);
}

let isProbed = true;

/** From now on the repairs of this process are proved by the catalogue alone. */
export function leaveOutProbes(): void {
  isProbed = false;
}

/** Reads `TABLE.COLUMN=VALUE`. Throws `repair_usage` for another form. */
export function readProbeValue(option: string): ProbeValue {
  const [, table = "", column = "", value = ""] = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(option) ?? [];
  if (table === "") throw refusal("probe_value_invalid", { option }, { details: { option } });
  return { table, column, value };
}

/** The repair with this id. Throws `repair_usage` that lists the ids. */
export function findRepair(id: string): RepairDefinition {
  const repair = REPAIRS.find((candidate) => candidate.id === id);
  if (repair)
    return given.length === 0 && isProbed
      ? repair
      : { ...repair, isProbed, probeValues: [...(repair.probeValues ?? []), ...given] };
  const known = REPAIRS.map((candidate) => candidate.id).join(", ");
  throw refusal("repair_unknown", { id, known }, { details: { repair: id, known } });
}
