/**
 * Controls a run while it waits: hold, continue, or stop.
 *
 * Commands are read between two attempts only, while all locks are free. So a change is never
 * interrupted, and a held run blocks no client.
 */

export type ControlVerb = "pause" | "postpone" | "continue" | "abort";

export interface ControlAction {
  readonly verb: ControlVerb;
  /** The operating-system user of the command. */
  readonly by: string;
  readonly reason?: string | undefined;
  /** With `postpone`: the duration. */
  readonly forMs?: number | undefined;
}

export interface RunHold {
  readonly action: ControlAction;
  /** For people; undefined until `continue`. */
  readonly until: Date | undefined;
  /** By `performance.now()`, which is monotonic. */
  readonly endsAt: number;
}

export interface RunControl {
  /** Aborted by `abort`. */
  readonly signal: AbortSignal;
  act(action: ControlAction): void;
  /** The command in force. */
  held(): RunHold | undefined;
  abortedBy(): ControlAction | undefined;
  /** Commands since the last call; the run journals them. */
  takeActions(): ControlAction[];
}

export function createRunControl(): RunControl {
  const controller = new AbortController();
  let hold: RunHold | undefined;
  let abort: ControlAction | undefined;
  let unread: ControlAction[] = [];
  return {
    signal: controller.signal,
    act(action) {
      unread.push(action);
      if (action.verb === "abort") {
        abort = action;
        controller.abort();
      } else hold = holdOf(action);
    },
    held() {
      if (hold && performance.now() >= hold.endsAt) hold = undefined;
      return hold;
    },
    abortedBy: () => abort,
    takeActions() {
      const actions = unread;
      unread = [];
      return actions;
    },
  };
}

function holdOf(action: ControlAction): RunHold | undefined {
  if (action.verb === "continue") return undefined;
  const { forMs = Infinity } = action;
  const until = forMs === Infinity ? undefined : new Date(Date.now() + forMs);
  return { action, until, endsAt: performance.now() + forMs };
}
