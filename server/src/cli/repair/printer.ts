/** Turns events into lines: text for people, one JSON object a line for programs. */
import pc from "picocolors";
import { isNewDayError } from "../../errors/errors.ts";
import type { EventType, RepairEvent } from "../../repair/model/events.ts";
import { printable } from "../../lib/printable.ts";
import type { Language } from "../../lib/messages.ts";
import { toStoredJson } from "../../repair/model/stored-text.ts";
import { createStepProgress, createTenths } from "./step-progress.ts";
import { asTyped } from "../usage/invocation.ts";
import { explainError } from "../../errors/explain-error.ts";
import { toWireDetails } from "../../errors/wire-details.ts";

export interface Printer {
  event(event: RepairEvent): void;
  failure(error: unknown): void;
}

/** Marks carry the meaning; colour repeats it. */
const MARKS: Readonly<Record<EventType, string>> = {
  banner: "■",
  note: "·",
  warning: "!",
  step: "▶",
  attempt: "↻",
  waiting: "…",
  progress: "…",
  finding: "◆",
  check: "✓",
  artefact: "□",
  truth: "=",
};

const STEP_MARKS: Readonly<Record<string, string>> = {
  intent: "▶",
  done: "☑",
  satisfied: "☑ᵒ",
  attested: "✎",
  skipped: "⊘",
  failed: "✗",
  in_doubt: "?",
};

export function createPrinter(language: Language, json: boolean): Printer {
  if (json) {
    const isTenth = createTenths();
    return {
      event: (event) => {
        const { at, type, text, data } = event;
        if (type !== "progress" || isTenth(event))
          line({ at, type, message: text[language], ...data });
      },
      failure: (error) =>
        line({ at: new Date().toISOString(), type: "error", ...described(error, language) }),
    };
  }
  const progress = createStepProgress(language, process.stdout);
  return {
    event: (event) => {
      if (event.type === "progress") return progress.show(event);
      progress.clear();
      process.stdout.write(`${asTyped(humanLine(event, language))}\n`);
    },
    failure: (error) => {
      progress.clear();
      process.stderr.write(
        `${pc.red("✗")} ${printable(asTyped(explainError(error, language)))}\n${faultStack(error)}`,
      );
    },
  };
}

function line(value: object): void {
  process.stdout.write(`${toStoredJson(value)}\n`);
}

function humanLine({ type, text, data }: RepairEvent, language: Language): string {
  const words = printable(text[language]);
  if (type === "truth") return pc.bold(`= ${words}`);
  if (type === "check") return `${checkMark(data["ok"])} ${words}`;
  if (type === "step") return `${STEP_MARKS[String(data["status"])] ?? "▶"} ${words}`;
  return `${MARKS[type]} ${words}`;
}

function checkMark(ok: unknown): string {
  if (ok === true) return pc.green("ok    ");
  return ok === false ? pc.red("not ok") : pc.yellow("?     ");
}

function described(
  error: unknown,
  language: Language,
): { message: string; code?: string; details?: object } {
  if (isNewDayError(error))
    return {
      message: error.text[language],
      code: error.code,
      details: toWireDetails(error.details),
    };
  return { message: error instanceof Error ? error.message : String(error) };
}

/** An internal fault shows its stack; a refusal is one sentence. */
function faultStack(error: unknown): string {
  if (isNewDayError(error) || !(error instanceof Error)) return "";
  return `${error.stack ?? ""}\n`;
}
