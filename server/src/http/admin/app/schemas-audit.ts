/** Components of the continuous audit. */
import { Type } from "typebox";
import { Id, oneOf, orNull, pageOf, ref, Timestamp } from "../../v1/schemas/schemas.ts";

const OrNullTime = () => Type.Union([ref(Timestamp), Type.Null()]);
const OrNullText = () => Type.Union([Type.String(), Type.Null()]);

export const FindingSchema = Type.Object(
  {
    id: ref(Id),
    invariant: Type.String(),
    severity: oneOf(["critical", "serious"]),
    subject: Type.String({ description: "the row that breaks the invariant" }),
    userId: OrNullText(),
    evidence: Type.Unknown({ description: "what the row says, and what it should say" }),
    rule: Type.String(),
    ruleZh: Type.String(),
    remedy: Type.String(),
    remedyZh: Type.String(),
    page: Type.String({ description: "the page of the runbook" }),
    frozen: Type.Boolean({ description: "the audit froze the user for it" }),
    foundAt: ref(Timestamp),
    seenAt: ref(Timestamp),
    closedAt: OrNullTime(),
    closedBy: OrNullText(),
    closedReason: OrNullText(),
  },
  { $id: "Finding" },
);

export const InvariantSchema = Type.Object(
  {
    id: Type.String(),
    severity: oneOf(["critical", "serious"]),
    rule: Type.String(),
    ruleZh: Type.String(),
    page: Type.String(),
    lanes: Type.Array(
      Type.Object({
        lane: oneOf(["new", "again"], {
          description: "new: follows what is posted; again: reads everything once more",
        }),
        checked: Type.String({ description: "rows, in all readings" }),
        passes: Type.String({ description: "how often the end was reached" }),
        changedAt: ref(Timestamp),
        reachedAt: OrNullTime(),
      }),
    ),
  },
  { $id: "Invariant" },
);

export const AuditRunSchema = Type.Object(
  {
    id: ref(Id),
    state: oneOf(["waiting", "running", "ended"]),
    askedBy: Type.String(),
    askedAt: ref(Timestamp),
    startedAt: OrNullTime(),
    endedAt: OrNullTime(),
    step: Type.Integer({ description: "invariants and rules that are done" }),
    steps: Type.Integer(),
    checked: Type.String({ description: "rows so far" }),
    findings: Type.String(),
    unfinished: Type.Array(Type.String(), {
      description: "rules that took too long here; `newday audit` checks them without an end",
    }),
  },
  { $id: "AuditRun" },
);

/** A component of its own, so that clients see the invariants beside the page of findings. */
export const AuditSchema = Type.Object(
  {
    invariants: Type.Array(ref(InvariantSchema)),
    latestRun: orNull(AuditRunSchema, { description: "the run on demand that was asked for last" }),
    ...pageOf(ref(FindingSchema)).properties,
  },
  { $id: "Audit" },
);

export const AUDIT_COMPONENTS = [AuditSchema, FindingSchema, InvariantSchema, AuditRunSchema];
