/** Acts of operators as commands: the same use cases as at /api/admin, done by the user of the machine. */
import type { OperationResult } from "../engine/operation.ts";
import { operatorName } from "../lib/operator-name.ts";
import { readConfig } from "../config.ts";
import type { OperatorContext } from "../identity/operator-changes/operator-changes.ts";
import type { ActContext, ActKind, ActOutcome, ActRequest } from "../operators/acts/act.ts";
import { performAct } from "../operators/acts/perform-act.ts";
import type { PostingServices } from "../ledger/wallets/posting-services.ts";
import type { SettingServices } from "../operators/settings/setting.ts";
import { makeChange, type MadeChange } from "./model-change.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { withEngine } from "./with-engine.ts";

/**
 * A user of the machine may do what an owner may, and is one person under whatever name `--by`
 * records. An act that needs a second person waits for an owner.
 */
export function machineContext({ operator, dryRun }: OperatorContext): ActContext {
  return { operator, person: `machine:${operatorName()}`, role: "owner", dryRun };
}

/** The outcome of an act as `makeChange` prints it. */
export function changeOfOutcome(outcome: ActOutcome): MadeChange {
  const { what, subject, before, after, approval, needsApproval, secret } = outcome;
  const shown = secret === undefined ? {} : { secret };
  return { what, subject, before, after, accounts: 0n, approval, needsApproval, ...shown };
}

/** What a change of settings works with, by the settings of the environment. */
export function settingServicesOf(services: PostingServices): SettingServices {
  return { ...services, config: readConfig(process.env, process.cwd()) };
}

export function actByCommand<Request extends ActRequest, Result extends OperationResult>(
  options: PolicyOptions,
  kind: ActKind<Request, Result>,
  request: Request,
): Promise<void> {
  return makeChange(options, (db, context) =>
    withEngine(db, "newday-operator", async (services) =>
      changeOfOutcome(await performAct(services, machineContext(context), kind, request)),
    ),
  );
}
