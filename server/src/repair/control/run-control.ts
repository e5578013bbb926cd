/**
 * Steering a run while it waits: hold it back, let it go on, or stop it.
 *
 * Only the ladder listens, between two attempts, when no lock is held. So nothing that is said here
 * can interrupt a change, and a run that is held makes nobody wait.
 */

export type ControlVerb = "pause" | "postpone" | "continue" | "abort";

export interface ControlAction {
  readonly verb: ControlVerb;
  /** The user of the operating system who said so. */
  readonly by: string;
  readonly reason?: string | undefined;
  /** With `postpone`: for how long. */
  readonly forMs?: number | undefined;
}

export interface Hold {
  readonly action: ControlAction;
  /** For people; undefined until somebody says `continue`. */
  readonly until: Date | undefined;
  /** By `performance.now()`, which nobody can set back. */
  readonly endsAt: number;
}

export interface RunControl {
  /** Aborted by `abort`. */
  readonly signal: AbortSignal;
  act(action: ControlAction): void;
  /** What is in force now. */
  held(): Hold | undefined;
  abortedBy(): ControlAction | undefined;
  /** What was said since the last call; the run journals it. */
  takeActions(): ControlAction[];
}

export function createRunControl(): RunControl {
  const controller = new AbortController();
  let hold: Hold | undefined;
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

function holdOf(action: ControlAction): Hold | undefined {
  if (action.verb === "continue") return undefined;
  const { forMs = Infinity } = action;
  const until = forMs === Infinity ? undefined : new Date(Date.now() + forMs);
  return { action, until, endsAt: performance.now() + forMs };
}
