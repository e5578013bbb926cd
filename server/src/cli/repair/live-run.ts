/** A run that accepts control commands from another terminal. */
import { createRunControl, type RunControl } from "../../repair/model/run-control.ts";
import { serveControl, type ControlServer } from "../../repair/apply/control-server.ts";
import {
  SHORTEST_ID,
  type ControlReply,
  type ControlRequest,
  type RunEnd,
} from "../../repair/apply/control-client.ts";
import type { Emit, EventType } from "../../repair/model/events.ts";
import type { Message } from "../../lib/messages.ts";
import { readFinalStatus } from "../../repair/verify/final-status.ts";
import type { RepairSession } from "./session.ts";
import { abortOnSignal } from "./signals.ts";

export interface LiveRunFacts {
  readonly runId: string;
  readonly database: string;
  readonly environment: string;
  /** True when the run has finished its work; read after its end. */
  readonly hasChanged: (keysPresent: boolean) => boolean;
}

export interface LiveRun {
  readonly emit: Emit;
  readonly control: RunControl;
  /** Opens the socket; called by the run that has won the runner lock, because others share its id. */
  readonly listen: () => Promise<void>;
  /** Ctrl-C here, or `abort` from the other terminal. */
  readonly signal: AbortSignal;
}

/** Events with the run's progress. */
const TELLING: ReadonlySet<EventType> = new Set(["step", "attempt", "waiting", "warning"]);

/** Runs `work` with a socket for `pause`, `postpone`, `continue`, `abort` and `status`. */
export async function withLiveRun<T>(
  session: RepairSession,
  facts: LiveRunFacts,
  work: (run: LiveRun) => Promise<T>,
): Promise<T> {
  const control = createRunControl();
  const state: { saying: Message; offered: boolean } = {
    saying: { en: "starting", zh: "启动中" },
    offered: false,
  };
  const { runId, database, environment } = facts;
  let server: ControlServer | undefined;
  const answer = (request: ControlRequest): ControlReply => {
    if (request.verb !== "status") control.act(request);
    const held = control.held() !== undefined;
    const { saying } = state;
    return {
      runId,
      repair: session.repair.id,
      database,
      environment,
      pid: process.pid,
      saying,
      held,
    };
  };
  const listen = async () => {
    server ??= await serveControl(runId, answer);
  };
  const emit: Emit = (type, text, data) => {
    if (TELLING.has(type)) state.saying = text;
    session.emit(type, text, data);
    if (type !== "waiting" || state.offered || !server) return;
    state.offered = true;
    session.emit("note", offer(runId), { runId });
  };
  const signal = AbortSignal.any([abortOnSignal(session.emit), control.signal]);
  try {
    return await work({ emit, control, signal, listen });
  } finally {
    await server?.close(() => endOf(session, facts));
  }
}

function offer(runId: string): Message {
  const id = runId.slice(0, SHORTEST_ID);
  return {
    en: `From another terminal: newday repair pause | postpone | continue | abort ${id}`,
    zh: `可在另一终端执行：newday repair pause | postpone | continue | abort ${id}`,
  };
}

/** The answer to an abort: the state read from the catalogue. */
async function endOf(session: RepairSession, { hasChanged }: LiveRunFacts): Promise<RunEnd> {
  const { target, repair, schema } = session;
  const { keys, text } = await readFinalStatus(target, repair, schema);
  return { changed: hasChanged(keys > 0), truth: text };
}
