/** `newday repair`: one verb per file, registered by name in this table. */
import type { Command } from "commander";
import { registerApply } from "./apply-command.ts";
import { registerBackup } from "./backup-command.ts";
import { registerDrift } from "./drift-command.ts";
import { registerNotify } from "./notify-command.ts";
import { registerPlan } from "./plan-command.ts";
import { registerRehearse } from "./rehearse-command.ts";
import { registerRollback } from "./rollback-command.ts";
import { registerSmoke } from "./smoke-command.ts";
import { registerStatus } from "./status-command.ts";
import { registerVerify } from "./verify-command.ts";
import { registerWatch } from "./watch-command.ts";

const VERBS: readonly ((parent: Command) => void)[] = [
  registerPlan,
  registerRehearse,
  registerBackup,
  registerApply,
  registerVerify,
  registerSmoke,
  registerNotify,
  registerStatus,
  registerRollback,
  registerWatch,
  registerDrift,
];

export function registerRepair(program: Command): void {
  const repair = program
    .command("repair")
    .description(
      "repair a production database without an outage; every verb says what is true at its end",
    );
  for (const register of VERBS) register(repair);
}
