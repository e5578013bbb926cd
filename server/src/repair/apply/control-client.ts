/**
 * The client end of a run's control socket: finds the run by its id, sends one command, reads the
 * answer.
 */
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import { NONE, type Message } from "../../lib/messages.ts";
import { controlFolder, runIdsIn, socketPath } from "./control-folder.ts";
import type { ControlAction } from "../model/run-control.ts";
import { parseStoredJson } from "../model/stored-text.ts";

export type ControlRequest = ControlAction | { readonly verb: "status" };

/** The run's progress at the moment of the answer. */
export interface ControlReply {
  readonly runId: string;
  readonly repair: string;
  readonly database: string;
  readonly environment: string;
  readonly pid: number;
  /** The run's last message. */
  readonly saying: Message;
  readonly held: boolean;
}

export interface RunEnd {
  readonly changed: boolean;
  /** Read from the catalogue when the run had ended. */
  readonly truth: Message;
}

export interface RunEndpoint {
  readonly runId: string;
  readonly path: string;
}

/** An id names exactly the intended run; this much of it is on every screen. */
export const SHORTEST_ID = 8;

/** A run answers in milliseconds, even while it waits; a halted process stays silent. */
const LONGEST_ANSWER_MS = 15_000;

/** True when a process answers on this socket. */
export async function isLive(path: string): Promise<boolean> {
  const socket = await dial(path);
  socket?.destroy();
  return socket !== undefined;
}

/** Live runs of this user on this machine; sockets of killed ones are removed. */
export async function liveRuns(): Promise<RunEndpoint[]> {
  const folder = controlFolder();
  if (folder === undefined) return [];
  const runs: RunEndpoint[] = [];
  for (const runId of runIdsIn(folder)) {
    const path = socketPath(folder, runId);
    if (path === undefined) continue;
    if (await isLive(path)) runs.push({ runId, path });
    else rmSync(path, { force: true });
  }
  return runs;
}

/** Throws `repair_usage` for too short an id, `repair_refused` for a run that is over. */
export async function findLiveRun(id: string): Promise<RunEndpoint> {
  if (id.length < SHORTEST_ID)
    throw refusal("run_id_too_short", { length: SHORTEST_ID }, { details: { id } });
  const live = await liveRuns();
  const [run] = live.filter(({ runId }) => runId.startsWith(id.toLowerCase()));
  if (run) return run;
  const known = live.map(({ runId }) => runId.slice(0, SHORTEST_ID)).join(", ");
  throw refusal(
    "run_not_found",
    { id, live: known || NONE },
    { details: { id, live: known || NONE.en } },
  );
}

/** Sends the command and resolves with the run's answer. */
export async function control(run: RunEndpoint, request: ControlRequest): Promise<ControlReply> {
  const socket = await reach(run);
  let silent = false;
  socket.setTimeout(LONGEST_ANSWER_MS, () => {
    silent = true;
    socket.destroy();
  });
  try {
    socket.write(`${JSON.stringify(request)}\n`);
    const { value } = await lines(socket).next();
    if (value === undefined) throw silent ? halted(run) : gone(run);
    return parseStoredJson(value) as ControlReply;
  } finally {
    socket.destroy();
  }
}

/**
 * Asks the run to stop, reports the acknowledgement, and waits for its end; undefined when it died
 * silently. Throws `repair_refused` when it had ended before the command arrived.
 */
export async function abortRun(
  run: RunEndpoint,
  action: ControlAction,
  heard: () => void,
): Promise<RunEnd | undefined> {
  const socket = await reach(run);
  socket.write(`${JSON.stringify(action)}\n`);
  const answers = lines(socket);
  if ((await answers.next()).value === undefined) throw gone(run);
  heard();
  const { value } = await answers.next();
  return value === undefined ? undefined : (parseStoredJson(value) as RunEnd);
}

async function* lines(socket: Socket): AsyncGenerator<string, undefined> {
  try {
    for await (const line of createInterface({ input: socket })) yield line;
  } catch {
    // The connection was reset: the peer is gone, which ends its answers.
  }
  return undefined;
}

async function reach(run: RunEndpoint): Promise<Socket> {
  const socket = await dial(run.path);
  if (!socket) throw gone(run);
  return socket;
}

/** Undefined without a listener. */
function dial(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => resolve(socket));
    // Also for later: the end of the answers reports a run that dies in the middle.
    socket.on("error", () => resolve(undefined));
  });
}

function halted({ runId }: RunEndpoint): NewDayError {
  return refusal("run_halted", { id: runId }, { details: { runId } });
}

function gone({ runId }: RunEndpoint): NewDayError {
  return refusal("run_ended", { id: runId }, { details: { runId } });
}
