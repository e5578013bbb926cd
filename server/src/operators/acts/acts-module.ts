/** Registers the acts of operators with the posting engine. */
import { resource, type EngineModule } from "../../engine/registry.ts";
import { operatorActs } from "../../identity/operator-changes/act-rows.ts";
import { actLimits, actTotals } from "./act-limit-rows.ts";
import { approvals } from "./approval-rows.ts";
import { beginApprovalOperation, finishApprovalOperation } from "./approval-steps.ts";
import { askApprovalOperation, rejectApprovalOperation } from "./ask-approval.ts";
import { confiscateOperation } from "./confiscate.ts";
import { confiscations } from "./confiscation-rows.ts";
import { giveBackOperation } from "./give-back.ts";
import { endSessionsOperation } from "./end-sessions.ts";
import { liveSessions } from "./live-sessions.ts";

export const actsModule: EngineModule = {
  resources: [
    resource(liveSessions),
    resource(actLimits),
    resource(actTotals),
    resource(approvals),
    resource(confiscations),
    // The head of the log's chain is locked last, as by the changes of operators that the engine does not post.
    resource(operatorActs),
  ],
  types: [
    confiscateOperation,
    giveBackOperation,
    endSessionsOperation,
    askApprovalOperation,
    rejectApprovalOperation,
    beginApprovalOperation,
    finishApprovalOperation,
  ],
};
