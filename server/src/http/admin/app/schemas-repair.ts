/** Components of the repair: what `newday repair` shows on a terminal, as JSON in both languages. */
import { Type } from "typebox";
import { oneOf, orNull, ref, Timestamp } from "../../v1/schemas/schemas.ts";

const OrNullText = () => Type.Union([Type.String(), Type.Null()]);
const Count = () => Type.Integer({ minimum: 0 });
const OrNullCount = (description: string) =>
  Type.Union([Count(), Type.Null()], {
    description: `${description}; null: it could not be counted`,
  });

export const MessageSchema = Type.Object(
  { en: Type.String(), zh: Type.String() },
  { $id: "Message" },
);

const RunSchema = Type.Object({
  runId: Type.String(),
  repair: Type.String(),
  word: Type.String({ description: "such as CUTTING, BLOCKED or VERIFIED_DB" }),
  shown: ref(MessageSchema),
  rollbackOf: OrNullText(),
  steps: Type.Array(Type.Object({ step: ref(MessageSchema), status: ref(MessageSchema) })),
  lastAt: Type.String(),
  isUnfinished: Type.Boolean({
    description: "an apply that wrote no end: it runs, or it was killed",
  }),
});

export const BlockerSchema = Type.Object(
  {
    kind: oneOf(["session", "autovacuum", "prepared", "dump"]),
    pid: Type.Union([Type.Integer(), Type.Null()], { description: "null: a prepared transaction" }),
    backendStart: OrNullText(),
    preparedName: OrNullText(),
    application: OrNullText(),
    role: OrNullText(),
    state: OrNullText(),
    ageMs: Type.Union([Type.Number(), Type.Null()], {
      description: "null: hidden from the server's role",
    }),
    relation: Type.String(),
    mode: Type.String(),
    query: Type.Union([Type.String(), Type.Null()], { description: "without its literals" }),
    isInTheWay: Type.Boolean({
      description: "false: a request of milliseconds, which the repair passes by",
    }),
    unblock: Type.Union([Type.String(), Type.Null()], {
      description: "what to type to end it; null: it ends by itself",
    }),
  },
  { $id: "Blocker" },
);

const RepairNameSchema = Type.Object({ id: Type.String(), title: ref(MessageSchema) });

export const RepairStateSchema = Type.Object(
  {
    at: ref(Timestamp),
    repair: RepairNameSchema,
    repairs: Type.Array(RepairNameSchema),
    database: Type.String(),
    keys: Type.Array(Type.String(), { description: "the foreign keys that are there now" }),
    journal: Type.Object({
      entries: Count(),
      intact: Type.Boolean({ description: "false: its chain of hashes is broken" }),
      head: Type.String(),
    }),
    runs: Type.Array(RunSchema, { description: "newest first" }),
    runner: Type.Union([
      Type.Object({
        pid: Type.Integer({ description: "of its session at PostgreSQL" }),
        application: OrNullText(),
        since: OrNullText(),
        state: OrNullText(),
      }),
      Type.Null(),
    ]),
    saying: Type.Union(
      [
        Type.Object({
          runId: Type.String(),
          environment: Type.String(),
          text: ref(MessageSchema),
          held: Type.Boolean(),
        }),
        Type.Null(),
      ],
      { description: "the run's own words; known where it runs as this server's user" },
    ),
    blockers: Type.Array(ref(BlockerSchema)),
  },
  { $id: "RepairState" },
);

export const RunbookSchema = Type.Object(
  {
    runId: OrNullText(),
    repair: Type.String(),
    status: ref(MessageSchema),
    externalRows: OrNullCount("rows of users without a player"),
    adopted: Type.Boolean(),
    checklist: Type.Array(
      Type.Object({
        box: Type.String(),
        title: ref(MessageSchema),
        at: OrNullText(),
        evidence: ref(MessageSchema),
      }),
    ),
    markdown: orNull(MessageSchema, {
      description: "the runbook of the run; null before the first",
    }),
  },
  { $id: "Runbook" },
);

const PlanKeySchema = Type.Object({
  table: Type.String(),
  name: Type.String(),
  definition: Type.String(),
  blocks: ref(MessageSchema),
  orphans: OrNullCount("rows without an owner"),
  dropSql: Type.String(),
  restoreSql: Type.String(),
});

const PlanFindingSchema = Type.Object({
  id: Type.String(),
  severity: oneOf(["block", "warn", "info"]),
  title: ref(MessageSchema),
  evidence: ref(MessageSchema),
  remedy: ref(MessageSchema),
  page: Type.String(),
});

export const RepairPlanSchema = Type.Object(
  {
    repair: Type.String(),
    environment: Type.String(),
    database: Type.String(),
    server: Type.String({ description: "the version of PostgreSQL" }),
    madeAt: ref(Timestamp),
    keys: Type.Array(PlanKeySchema),
    locks: Type.Array(Type.Object({ table: Type.String(), rows: Count(), bytes: Count() })),
    longestWaitMs: Count(),
    risk: Type.Object({
      band: oneOf(["low", "medium", "high"]),
      terms: Type.Array(ref(MessageSchema)),
    }),
    findings: Type.Array(PlanFindingSchema, { description: "what blocks comes first" }),
  },
  { $id: "RepairPlan" },
);

export const RollbackSchema = Type.Object(
  {
    keys: Type.Array(Type.String(), { description: "that could be put back" }),
    externalRows: OrNullCount("rows of users without a player"),
    droppedAt: OrNullText(),
    options: Type.Array(
      Type.Object({
        letter: Type.String(),
        name: Type.String(),
        open: Type.Boolean(),
        reason: ref(MessageSchema),
        effect: ref(MessageSchema),
        hazard: ref(MessageSchema),
      }),
    ),
  },
  { $id: "Rollback" },
);

export const REPAIR_COMPONENTS = [
  MessageSchema,
  BlockerSchema,
  RepairStateSchema,
  RunbookSchema,
  RepairPlanSchema,
  RollbackSchema,
];
