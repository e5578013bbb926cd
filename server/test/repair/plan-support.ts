import { blocking } from "../../src/repair/model/finding.ts";
import type { Plan } from "../../src/repair/model/plan.ts";

export function findingIds(plan: Plan): string[] {
  return plan.findings.map(({ id }) => id);
}

export function findBlocking(plan: Plan): string[] {
  return blocking(plan.findings).map(({ id }) => id);
}
