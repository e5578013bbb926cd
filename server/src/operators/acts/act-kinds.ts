/** Every kind of act, by its name in the log; an approval finds its kind here. */
import type { Operation, OperationResult } from "../../engine/operation.ts";
import type { PostingServices } from "../../ledger/wallets/posting-services.ts";
import type { ActContext, ActKind, ActRequest } from "./act.ts";
import { adjustUser } from "./adjust-user.ts";
import { cancelListingAct } from "./cancel-listing-act.ts";
import { confiscateAct } from "./confiscate.ts";
import { giveBackAct } from "./give-back.ts";
import { refundAct } from "./refund-act.ts";
import { endSessionsAct } from "./end-sessions.ts";
import { freezeAct, unfreezeAct } from "./freeze-act.ts";
import { loggedAct, type LoggedActTerms, type LoggedResult } from "./logged-act.ts";

export interface StoredActKind {
  readonly what: string;
  /** Of a request as the log holds it. */
  readonly prepare: (
    services: PostingServices,
    context: ActContext,
    stored: { readonly request: ActRequest } & Omit<LoggedActTerms, "what">,
  ) => Promise<{ readonly subject: string; readonly operation: Operation<LoggedResult> }>;
}

const KINDS: readonly StoredActKind[] = [
  storable(adjustUser),
  storable(freezeAct),
  storable(unfreezeAct),
  storable(endSessionsAct),
  storable(refundAct),
  storable(cancelListingAct),
  storable(confiscateAct),
  storable(giveBackAct),
];

export function findActKind(what: string): StoredActKind | undefined {
  return KINDS.find((kind) => kind.what === what);
}

/** A stored request is of the kind under whose name it was logged. */
function storable<Request extends ActRequest, Result extends OperationResult>({
  what,
  prepare,
}: ActKind<Request, Result>): StoredActKind {
  return {
    what,
    async prepare(services, context, { request, operator, authority }) {
      const act = await prepare(services, context, request as Request);
      return { subject: act.subject, operation: loggedAct(act, { what, operator, authority }) };
    },
  };
}
