/**
 * The journal read back as a story: one entry per run, folded from its append-only rows.
 *
 * A run's state follows from its rows in their order. The newest row of a step is the step's state.
 */
import type { Queryable } from "../../db/database.ts";
import { DEFAULT_REPAIR } from "../model/repairs.ts";
import type { Evidence, StepKey, StepStatus } from "./step.ts";
import type { EventRow } from "./journal-queries.ts";
import type { JournalKind } from "./journal.ts";
import { readRecordedEvents } from "./recorded-events.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export interface StoryEvent {
  readonly at: string;
  readonly kind: JournalKind;
  readonly body: Readonly<Record<string, unknown>>;
  readonly hash: string;
}

export interface StoryStep {
  readonly step: StepKey;
  readonly status: StepStatus;
  readonly at: string;
  readonly evidence: Evidence;
}

export interface RunStory {
  readonly runId: string;
  readonly startedAt: string;
  readonly repairId: string;
  /** Schema of its tables; undefined when its first row does not name it. */
  readonly schema: string | undefined;
  readonly environment: string;
  readonly database: string;
  readonly operator: string;
  readonly tool: string;
  readonly planHash: string;
  readonly steps: readonly StoryStep[];
  readonly events: readonly StoryEvent[];
  /** Rows of the rollbacks of this run, which have ids of their own. */
  readonly rollbacks: readonly StoryEvent[];
  /** The hash of the run's newest row; its holder can prove that earlier rows are unedited. */
  readonly headHash: string;
  /** False when a row of this run breaks the chain. */
  readonly intact: boolean;
}

/** Every run of this database's journal, oldest first; empty without a journal. */
export async function readRuns(db: Queryable, backupDir?: string): Promise<RunStory[]> {
  return storiesOf(await readRecordedEvents(db, backupDir));
}

export interface RunQuery {
  /** The id of a run, or its beginning. */
  readonly id?: string | undefined;
  readonly repairId?: string | undefined;
  readonly schema?: string | undefined;
  /** The folder of the local journal, for a database that keeps none. */
  readonly backupDir?: string | undefined;
}

/**
 * The run with this id, or the newest run of this repair and schema that applied a plan. A rollback
 * has entries under an id of its own; it is no run to go on with.
 */
export async function findRun(
  db: Queryable,
  { id, repairId, schema, backupDir }: RunQuery = {},
): Promise<RunStory | undefined> {
  const runs = await readRuns(db, backupDir);
  if (id !== undefined) return runs.findLast(({ runId }) => runId.startsWith(id));
  const own = runs.filter(
    (run) =>
      (repairId === undefined || run.repairId === repairId) &&
      (schema === undefined || run.schema === undefined || run.schema === schema),
  );
  return own.findLast(({ events }) => events.some(({ kind }) => kind === "run")) ?? own.at(-1);
}

export function storiesOf(rows: readonly EventRow[]): RunStory[] {
  const byRun = new Map<string, EventRow[]>();
  for (const row of rows) byRun.set(row.runId, [...(byRun.get(row.runId) ?? []), row]);
  const stories = [...byRun.entries()].map(([runId, own]) => storyOf(runId, own));
  return stories.map((story) => ({ ...story, rollbacks: rollbacksOf(story.runId, stories) }));
}

function rollbacksOf(runId: string, stories: readonly RunStory[]): StoryEvent[] {
  return stories
    .filter(({ events }) =>
      events.some(({ kind, body }) => kind === "rollback" && body["of"] === runId),
    )
    .flatMap(({ events }) => events);
}

function eventOf({ at, kind, body, hash }: EventRow): StoryEvent {
  return {
    at,
    kind: kind as JournalKind,
    body: parseStoredJson(body) as Record<string, unknown>,
    hash,
  };
}

function storyOf(runId: string, rows: readonly EventRow[]): RunStory {
  const events = rows.map(eventOf);
  const started = events.find(({ kind, body }) => kind === "run" && body["status"] === "started");
  const facts = (started?.body ?? {}) as {
    repair?: { id?: string };
    environment?: string;
    target?: { database?: string; schema?: string };
    operator?: string;
    tool?: string;
    plan?: string;
  };
  return {
    runId,
    startedAt: started?.at ?? events[0]?.at ?? "",
    repairId: facts.repair?.id ?? DEFAULT_REPAIR,
    schema: facts.target?.schema,
    environment: facts.environment ?? "",
    database: facts.target?.database ?? "",
    operator: facts.operator ?? "",
    tool: facts.tool ?? "",
    planHash: facts.plan ?? "",
    steps: stepsOf(events),
    events,
    rollbacks: [],
    headHash: events.at(-1)?.hash ?? "",
    intact: rows.every(({ intact }) => intact),
  };
}

function stepsOf(events: readonly StoryEvent[]): StoryStep[] {
  const latest = new Map<StepKey, StoryStep>();
  for (const { kind, at, body } of events) {
    if (kind !== "step") continue;
    const { step, status, ...evidence } = body as { step: StepKey; status: StepStatus };
    latest.set(step, { step, status, at, evidence });
  }
  return [...latest.values()];
}
