/**
 * What a repair is doing now, for a person who watches from elsewhere: the journal, the runner's session at the
 * server, and who holds the tables. Cheap, free of locks, and it writes nothing.
 */
import type { ConnectionTarget, DirectClient } from "../../db/driver/direct-client.ts";
import { control, liveRuns, type ControlReply } from "../apply/control-client.ts";
import { listBlockers } from "../apply/unblock.ts";
import { findKeyNames, type KeyName } from "../catalogue/catalogue-queries.ts";
import { readOnly, withRepairConnection } from "../connection/connection.ts";
import type { Blocker } from "../drop/blocker-queries.ts";
import { readRecordedEvents } from "../journal/recorded-events.ts";
import { runStates, type RunState } from "../journal/run-state.ts";
import { findRunner, type Runner } from "../journal/runner-lock.ts";
import type { RepairDefinition } from "../model/definition.ts";

export interface LiveState {
  readonly database: string;
  /** The foreign keys of the repair that are there now. */
  readonly keys: readonly KeyName[];
  /** Oldest first. */
  readonly runs: readonly RunState[];
  readonly journal: { readonly entries: number; readonly intact: boolean; readonly head: string };
  /** The process that runs a repair on this database, on whatever machine. */
  readonly runner: Runner | undefined;
  /** What it says; known for a run of this process's user on this machine. */
  readonly saying: ControlReply | undefined;
  readonly blockers: readonly Blocker[];
}

/** Errors: those of `openRepairConnection`; `repair_refused` (B04, or a journal out of reach). */
export async function readLiveState(
  target: ConnectionTarget,
  repair: RepairDefinition,
): Promise<LiveState> {
  const state = await withRepairConnection(target, "status", async (client) => {
    const recorded = await readOnly(client, async () => ({
      database: await readDatabaseName(client),
      keys: await findKeyNames(client, repair.keys),
      events: await readRecordedEvents(client),
      runner: await findRunner(client),
    }));
    return { ...recorded, blockers: await listBlockers(client, repair) };
  });
  const { events, ...shown } = state;
  return {
    ...shown,
    runs: runStates(events),
    journal: {
      entries: events.length,
      intact: events.every(({ intact }) => intact),
      head: events.at(-1)?.hash ?? "",
    },
    saying: await listenToRun(state.database),
  };
}

async function readDatabaseName(client: DirectClient): Promise<string> {
  const [row] = await client.query<{ name: string }>("select current_database()::text as name");
  return row?.name ?? "";
}

/** A run that ends between the two queries is in the journal by then. */
async function listenToRun(database: string): Promise<ControlReply | undefined> {
  for (const run of await liveRuns()) {
    const reply = await control(run, { verb: "status" }).catch(() => undefined);
    if (reply?.database === database) return reply;
  }
  return undefined;
}
