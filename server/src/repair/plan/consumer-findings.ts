/** Programs that depend on the key: those that would make it again, and code that assumes it. */
import { findMigrationTables, findRoutinesThatName } from "./environment-queries.ts";
import type { Finding } from "../model/finding.ts";
import type { PreflightInput } from "./preflight.ts";

export async function consumerFindings({ client, inspection }: PreflightInput): Promise<Finding[]> {
  if (inspection.keys.length === 0) return [];
  const parents = inspection.keys.map(({ referencesOid }) => referencesOid);
  const names = inspection.tables
    .filter(({ oid }) => parents.includes(oid))
    .map(({ name }) => name);
  const histories = await findMigrationTables(client);
  const routines = await findRoutinesThatName(client, names);
  return [...warning("W81", histories), ...warning("W82", routines)];
}

function warning(id: string, found: readonly string[]): Finding[] {
  if (found.length === 0) return [];
  const words = found.join(", ");
  return [{ id, severity: "warn", evidence: { en: words, zh: words }, data: { found } }];
}
