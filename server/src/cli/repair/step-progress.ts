/** Progress events on the screen: a bar on a terminal, a line for every tenth elsewhere, with the time that is left. */
import type { RepairEvent } from "../../repair/model/events.ts";
import { duration } from "../../repair/model/text.ts";
import type { Language, Message } from "../../lib/messages.ts";
import { progressBar, type BarStream } from "../usage/progress-bar.ts";

/** A step that ends within this shows no bar. */
const QUIET_MS = 2_000;
const TENTHS = 10;

export interface StepProgress {
  show(event: RepairEvent): void;
  /** Ends a bar that a line of text would be written into. */
  clear(): void;
}

export function createStepProgress(language: Language, stream: BarStream): StepProgress {
  const bar = progressBar(stream);
  let current = { label: "", since: 0, isOpen: false };
  return {
    show({ text, data }) {
      const now = performance.now();
      const label = text[language];
      if (label !== current.label) current = { label, since: now, isOpen: false };
      const elapsedMs = now - current.since;
      if (elapsedMs < QUIET_MS) return;
      const { done, total, unit } = factsOf(data);
      const left = timeLeft(elapsedMs, done, total);
      const rest = left === undefined ? "" : `, ${left[language]}`;
      bar(`… ${label}`, done, total, ` ${unit[language]}${rest}`);
      current.isOpen = stream.isTTY === true && done < total;
    },
    clear() {
      if (current.isOpen) stream.write("\r\u001b[K");
      current.isOpen = false;
    },
  };
}

/** For lines of JSON: true for the first event of each tenth of a step that is not over at once. */
export function createTenths(): (event: RepairEvent) => boolean {
  let current = { label: "", since: 0, told: -1 };
  return ({ text, data }) => {
    const now = performance.now();
    if (text.en !== current.label) current = { label: text.en, since: now, told: -1 };
    const { done, total } = factsOf(data);
    const tenth = Math.floor((total === 0 ? 1 : done / total) * TENTHS);
    if (now - current.since < QUIET_MS || tenth <= current.told) return false;
    current.told = tenth;
    return true;
  };
}

interface ProgressFacts {
  readonly done: number;
  readonly total: number;
  readonly unit: Message;
}

function factsOf(data: RepairEvent["data"]): ProgressFacts {
  const { done, total, unit } = data as Partial<ProgressFacts>;
  return { done: done ?? 0, total: total ?? 0, unit: unit ?? { en: "", zh: "" } };
}

/** The last hundredth has another pace: after a restore's rows come indexes and keys. */
const PREDICTABLE = 0.99;

/** By the pace so far; undefined at the beginning and at the end. */
function timeLeft(elapsedMs: number, done: number, total: number): Message | undefined {
  if (done <= 0 || done >= total * PREDICTABLE) return undefined;
  const left = duration((elapsedMs / done) * (total - done));
  return { en: `about ${left} left`, zh: `约剩 ${left}` };
}
