/** The messages of a running repair. The terminal, `--json` and the tests read the same events. */
import type { Message } from "../../lib/messages.ts";

export type EventType =
  | "banner"
  | "note"
  | "warning"
  | "step"
  | "attempt"
  | "waiting"
  | "progress"
  | "finding"
  | "check"
  | "artefact"
  | "truth";

export interface RepairEvent {
  readonly at: string;
  readonly type: EventType;
  readonly text: Message;
  /** Facts for programs; the text is complete for a person. */
  readonly data: Readonly<Record<string, unknown>>;
}

export type Emit = (
  type: EventType,
  text: Message,
  data?: Readonly<Record<string, unknown>>,
) => void;

/** Stamps the events and hands them on. */
export function emitter(sink: (event: RepairEvent) => void): Emit {
  return (type, text, data = {}) => sink({ at: new Date().toISOString(), type, text, data });
}

/** For callers that want the result only. */
export const silent: Emit = () => undefined;
