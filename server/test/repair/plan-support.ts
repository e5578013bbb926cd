import { blocking } from "../../src/repair/findings/finding.ts";
import type { Plan } from "../../src/repair/plan/plan.ts";

export function findingIds(plan: Plan): string[] {
  return plan.findings.map(({ id }) => id);
}

export function findBlocking(plan: Plan): string[] {
  return blocking(plan.findings).map(({ id }) => id);
}
