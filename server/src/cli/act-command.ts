/** Acts of operators as commands: the same use cases as at /api/admin, done by the user of the machine. */
import type { OperationResult } from "../engine/operation.ts";
import { operatorName } from "../lib/operator-name.ts";
import type { ActKind, ActRequest } from "../operators/acts/act.ts";
import { performAct } from "../operators/acts/perform-act.ts";
import { makeChange } from "./model-change.ts";
import type { PolicyOptions } from "./policy-options.ts";
import { withEngine } from "./with-engine.ts";

/**
 * A user of the machine may do what an owner may, and is one person under whatever name `--by`
 * records. An act that needs a second person waits for an owner who is signed in.
 */
export function actByCommand<Request extends ActRequest, Result extends OperationResult>(
  options: PolicyOptions,
  kind: ActKind<Request, Result>,
  request: Request,
): Promise<void> {
  return makeChange(options, (db, { operator, dryRun }) =>
    withEngine(db, "newday-operator", async (services) => {
      const person = `machine:${operatorName()}`;
      const context = { operator, person, role: "owner", dryRun } as const;
      const outcome = await performAct(services, context, kind, request);
      const { what, subject, before, after, approval, needsApproval } = outcome;
      return { what, subject, before, after, accounts: 0n, approval, needsApproval };
    }),
  );
}
