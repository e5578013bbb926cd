/**
 * Handles a broken connection or disk beside the change: its meaning, and the outcomes it must be
 * kept apart from. The catalogue decides; an unwritable journal leaves the change as it is.
 */
import { isNewDayError, NewDayError } from "../../errors/errors.ts";
import { refusal } from "../../errors/refusals.ts";
import type { DirectClient } from "../../db/driver/direct-client.ts";
import type { Evidence } from "../journal/step.ts";
import { LocalJournalUnwritable } from "../journal/local-journal.ts";
import type { JournalKind } from "../journal/journal.ts";
import type { ApplyContext } from "./apply.ts";
import { dropStep } from "./drop-step.ts";

/** A break before the batch was sent: the server rolls back by itself. */
export function lostBefore(error: unknown, clients: readonly DirectClient[]): unknown {
  if (isNewDayError(error)) return error;
  const isUnwritable = error instanceof LocalJournalUnwritable;
  if (!isUnwritable && !clients.some((client) => client.isLost())) return error;
  return refusal(
    isUnwritable ? "run_stopped_before_change" : "connection_lost_before_change",
    { words: words(error) },
    { cause: error },
  );
}

/** After the change has begun, its outcome is read from the catalogue. */
export async function decideByCatalogue(context: ApplyContext, error: unknown): Promise<void> {
  if (isNewDayError(error)) throw error;
  const { holds } = await dropStep(context)
    .observe()
    .catch((cause: unknown) => {
      throw new NewDayError("repair_in_doubt", {}, { cause });
    });
  if (!holds) throw refusal("run_broke_off", { words: words(error) }, { cause: error });
  context.emit("warning", {
    en: `The change is in, but writing that down failed: ${words(error)}`,
    zh: `更改已生效，但记录失败：${words(error)}`,
  });
}

/** A failed verification after the change: the message must say that the change is committed. */
export function unverified(error: unknown): NewDayError {
  if (isNewDayError(error) && error.code === "repair_incomplete") return error;
  return refusal(
    "verification_not_run",
    { words: words(error) },
    { details: { step: "verify" }, cause: error },
  );
}

/** Journals a fact of the past; an unreachable journal is a warning. */
export async function journalFact(
  { journal, emit }: ApplyContext,
  kind: JournalKind,
  body: Evidence,
): Promise<void> {
  await journal.append(kind, body).catch((error: unknown) =>
    emit("warning", {
      en: `The journal could not be written: ${words(error)}`,
      zh: `无法写入日志：${words(error)}`,
    }),
  );
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
