import { helpText } from "../usage/help-text.ts";
import type { Command } from "commander";
import { reportChecks } from "../../repair/apply/verify-step.ts";
import { withRepairConnection } from "../../repair/connection/connection.ts";
import { verify } from "../../repair/verify/verify.ts";
import {
  EXIT,
  runCommand,
  withSharedOptions,
  type RepairSession,
  type SharedOptions,
} from "./session.ts";

const EXIT_UNVERIFIED = 6;

export function registerVerify(parent: Command): void {
  const command = parent.command("verify").description(
    helpText({
      en: "prove the repair by catalogue and by behaviour (an external user's row, rolled back); keeps nothing",
      zh: "从系统目录和实际行为验证修复（写入一行外部用户再回滚），不留痕迹",
    }),
  );
  withSharedOptions(command).action((options: SharedOptions) => runCommand(options, prove));
}

async function prove(session: RepairSession): Promise<number> {
  const { verified, checks } = await withRepairConnection(session.target, "verify", (client) =>
    verify(client, session.repair, session.schema),
  );
  reportChecks(session.emit, { checks });
  const isUntried = checks.some(({ ok, isAnswered }) => ok === undefined && !isAnswered);
  if (isUntried)
    session.emit("warning", {
      en: "NOT VERIFIED: a check marked ? could not be made. Run verify on the primary, as a role that may write these tables.",
      zh: "未证明：标为 ? 的检查未能进行。请在主库上以可写这些表的角色运行 verify。",
    });
  return verified && !isUntried ? EXIT.done : EXIT_UNVERIFIED;
}
