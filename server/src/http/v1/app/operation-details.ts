/** The details of an operation between JSON and the engine; each detail stands in both directions. */
import type { Static } from "typebox";
import type { OperationDetails } from "../../../engine/operation.ts";
import type { transferOptions } from "../schemas/schemas.ts";
import { parseTime } from "./v1-app.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

/** As a request body has them: exactly what `transferOptions` accepts; most postings take no reason. */
export type RequestedDetails = {
  readonly [Detail in keyof OperationDetails]: Static<(typeof transferOptions)[Detail]> | undefined;
};

/** As an operation or a stored transfer has them. */
export type KnownDetails = {
  readonly [Detail in keyof OperationDetails]: OperationDetails[Detail] | null;
};

/** As a reply has them. */
type ShownDetails = {
  [Detail in keyof OperationDetails]?: Static<(typeof transferOptions)[Detail]>;
};

type Every<Details> = { [Detail in keyof Details]-?: Details[Detail] | undefined };

/** Errors: `invalid_field` for an impossible time. */
export function readDetails(requested: RequestedDetails): Every<OperationDetails> {
  const { reference, reason, metadata, effectiveAt, ...unread } = requested;
  unread satisfies NothingElse;
  return { reference, reason, metadata, effectiveAt: parseTime(effectiveAt, "effectiveAt") };
}

/** Omits absent details. */
export function showDetails({
  reference,
  reason,
  metadata,
  effectiveAt,
}: KnownDetails): ShownDetails {
  const every: Every<ShownDetails> = {
    reference: reference ?? undefined,
    reason: reason ?? undefined,
    // The request's schema accepts this metadata only.
    metadata: (metadata ?? undefined) as ShownDetails["metadata"],
    effectiveAt: effectiveAt?.toISOString(),
  };
  for (const detail of Object.keys(every) as (keyof ShownDetails)[])
    if (every[detail] === undefined) delete every[detail];
  return every as ShownDetails;
}
