/** Shared by repair and rollback: handles a lost answer to COMMIT. */
import type { NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import type { ConnectionTarget } from "../../db/driver/direct-client.ts";
import type { Emit } from "../model/events.ts";
import type { Journal } from "../journal/journal.ts";
import { resolveDoubt, type Resolution } from "./doubt.ts";
import type { Backend } from "./round.ts";

export interface DoubtContext {
  readonly target: ConnectionTarget;
  readonly journal: Journal;
  readonly emit: Emit;
}

/**
 * Journals the doubt and queries the outcome; the change is sent once only. Resolves when it is
 * committed. Throws `repair_blocked` when it was rolled back, and the doubt itself when the server
 * has lost the outcome: `resume` queries again.
 */
export async function settleDoubt(
  { target, journal, emit }: DoubtContext,
  doubt: NewDayError,
): Promise<Resolution> {
  await journal.append("attempt", { ...doubt.details, status: "in_doubt" }).catch(() => undefined);
  emit("warning", { en: doubt.message, zh: `提交时连接中断：${doubt.message}` }, doubt.details);
  const resolution = await resolveDoubt(target, doubt.details as unknown as Backend);
  if (resolution === "unknown") throw doubt;
  if (resolution === "aborted") throw rolledBack(doubt);
  emit("note", { en: "The server has committed.", zh: "服务器已提交。" }, { resolution });
  return resolution;
}

/** The server answered: rolled back. */
export function rolledBack(cause?: unknown): NewDayError {
  return refusal("server_has_rolled_back", {}, { details: { resolution: "aborted" }, cause });
}
