/** Progress of a repair's long steps: a bar on a terminal, a line for every tenth in a pipe. */
import { expect, it, onTestFinished, vi } from "vitest";
import { createStepProgress } from "../../src/cli/repair/step-progress.ts";
import { emitter, type RepairEvent } from "../../src/repair/model/events.ts";
import { progressReporter, ROWS } from "../../src/repair/model/progress.ts";

function useStream(isTTY: boolean) {
  const written: string[] = [];
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } };
}

/** Reports 0 to 1,000 rows, one a tick of `tickMs`. */
function run(show: (event: RepairEvent) => void, tickMs: number): void {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const label = { en: "dumping", zh: "备份中" };
  const report = progressReporter(emitter(show), { label, unit: ROWS, total: 1_000 });
  for (let done = 0; done <= 1_000; done += 1) {
    report(done);
    vi.advanceTimersByTime(tickMs);
  }
}

it("a pipe gets a line for every tenth, with the time that is left", () => {
  const { written, stream } = useStream(false);
  const progress = createStepProgress("en", stream);
  run((event) => progress.show(event), 100);
  expect(written.length).toBeGreaterThanOrEqual(10);
  expect(written.length).toBeLessThanOrEqual(11);
  expect(written[4]).toBe(
    "… dumping [############..................] 400/1000 rows, about 60.0 s left\n",
  );
  expect(written.at(-1)).toBe("… dumping [##############################] 1000/1000 rows\n");
});

it("a terminal gets one line that is drawn again, in its language, and erased before other text", () => {
  const { written, stream } = useStream(true);
  const progress = createStepProgress("zh", stream);
  run((event) => {
    if (Number(event.data["done"]) <= 500) progress.show(event);
  }, 100);
  expect(written.every((text) => text.startsWith("\r… 备份中 ["))).toBe(true);
  expect(written.at(-1)).toContain("500/1000 行, 约剩 50.0 s");
  progress.clear();
  expect(written.at(-1)).toBe("\r\u001b[K");
});

it("a step that ends within two seconds shows nothing", () => {
  const { written, stream } = useStream(false);
  const progress = createStepProgress("en", stream);
  run((event) => progress.show(event), 1);
  expect(written).toEqual([]);
});
