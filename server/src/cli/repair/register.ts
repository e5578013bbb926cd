/** `newday repair`: one verb per file, registered by name in this table. */
import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { registerApply } from "./apply-command.ts";
import { registerBackup } from "./backup-command.ts";
import { registerControl } from "./control-command.ts";
import { registerDrift } from "./drift-command.ts";
import { registerNotify } from "./notify-command.ts";
import { registerPlan } from "./plan-command.ts";
import { registerRehearse } from "./rehearse-command.ts";
import { registerReport } from "./report-command.ts";
import { registerRollback } from "./rollback-command.ts";
import { registerSmoke } from "./smoke-command.ts";
import { registerStatus } from "./status-command.ts";
import { registerExplain } from "./explain-command.ts";
import { registerInspect } from "./inspect-command.ts";
import { registerResume } from "./resume-command.ts";
import { registerTargets } from "./targets-command.ts";
import { registerUnblock } from "./unblock-command.ts";
import { registerVerify } from "./verify-command.ts";
import { registerWatch } from "./watch-command.ts";

const VERBS: readonly ((parent: Command) => void)[] = [
  registerTargets,
  registerInspect,
  registerPlan,
  registerRehearse,
  registerBackup,
  registerApply,
  registerVerify,
  registerSmoke,
  registerNotify,
  registerStatus,
  registerResume,
  registerControl,
  registerRollback,
  registerWatch,
  registerDrift,
  registerUnblock,
  registerExplain,
  registerReport,
];

export function registerRepair(program: Command): void {
  const repair = program.command("repair").description(
    helpText({
      en: "repair a production database without an outage: plan, backup, rehearse, apply, verify, smoke; then `newday adopt`, the point of no return of every rollback; then notify and watch. Every verb says what is true at its end",
      zh: "不停机修复生产数据库：plan、backup、rehearse、apply、verify、smoke；随后 newday adopt（不可逆点，此后不可回滚）；再 notify 与 watch。每个命令结束时说明当前状态",
    }),
  );
  for (const register of VERBS) register(repair);
}
