import type { RepairState, Runbook } from "@newday/sdk/admin";

/** What a person types next on the machine, by what is true now. */
export function nextCommands(
  { adopted }: Runbook,
  { repair: { id }, keys, runs }: RepairState,
): string[] {
  if (runs[0]?.word === "IN_DOUBT") return [`newday repair resume --repair ${id}`];
  if (keys.length > 0)
    return [
      `newday repair plan --repair ${id} --out plan.json`,
      "newday repair rehearse --plan plan.json",
      "newday repair apply --plan plan.json",
    ];
  return [
    `newday repair smoke --repair ${id} --api-url URL`,
    ...(adopted ? [] : ["newday adopt --dry-run", "newday adopt"]),
    `newday repair notify --repair ${id}`,
    `newday repair watch --repair ${id}`,
  ];
}
