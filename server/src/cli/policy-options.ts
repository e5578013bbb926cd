/** Shared by the commands of budgets, consents and limits. */
import { helpText } from "./usage/help-text.ts";
import { jsonOption } from "./usage/json-option.ts";
import type { Command } from "commander";
import {
  listPolicyChanges,
  type ChangesOf,
  type LoggedPolicyChange,
} from "../policy/changes/list-policy-changes.ts";
import { withChangeOptions, withModel, type ChangeOptions } from "./model-change.ts";

export interface PolicyOptions extends ChangeOptions {
  readonly reason: string;
}

/** Every change of a rule says why. */
export function withReason(command: Command): Command {
  return withChangeOptions(command, "required");
}

/** As many as a person reads. */
const LOGGED_MAX = 200;

/** `log`: the changes of every rule of this kind. */
export function registerPolicyLog(parent: Command, kind: string): void {
  parent
    .command("log [name]")
    .description(
      helpText({
        en: "who changed what and why, newest first; of one rule, or of all",
        zh: "更改记录（操作人、原因、前后值），最新在前；可指定一条规则",
      }),
    )
    .option(...jsonOption("array"))
    .action((name: string | undefined, { json }: { json?: true }) =>
      withModel(async (db) => {
        const changes = await listPolicyChanges(db, changesOf(kind, name), LOGGED_MAX);
        const text = json ? JSON.stringify(changes) : changes.map(describe).join("\n") || "-";
        process.stdout.write(`${text}\n`);
      }),
    );
}

/** `consent:<user>:<platform>:<currency>` */
const ONE_CONSENT = /^consent:.+:[^:]+:[^:]+$/;

/** Of a whole kind, of one rule, or of the consents of a user: `consent:<user>`. */
function changesOf(kind: string, name: string | undefined): ChangesOf {
  if (name === undefined || name === kind) return { what: kind };
  const isOfPayer = name.startsWith("consent:") && !ONE_CONSENT.test(name);
  return isOfPayer ? { consentsOf: name.slice("consent:".length) } : { subject: name };
}

function describe({ changedAt, subject, caller, reason, before, after }: LoggedPolicyChange) {
  const states = `${JSON.stringify(before)} -> ${JSON.stringify(after)}`;
  return `${changedAt.toISOString()} ${subject}  ${caller}: ${reason}\n  ${states}`;
}
