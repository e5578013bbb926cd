import { expect, it, onTestFinished, vi } from "vitest";
import type { Blocker } from "../../src/repair/drop/blocker-queries.ts";
import { waitingReporter } from "../../src/repair/drop/waiting-report.ts";
import { emitter } from "../../src/repair/model/events.ts";

function holder(pid: number): Blocker {
  return {
    pid,
    backendStart: null,
    preparedName: null,
    application: "app",
    role: "app",
    ageMs: 700,
    mode: "AccessShareLock",
    relation: "public.wallets",
    state: "active",
    query: null,
    kind: "session",
    wraparound: false,
  };
}

it("a wait for one old holder is one line a second, however many requests come and go beside it", () => {
  vi.useFakeTimers({ toFake: ["performance"] }); // a second is the test's, not the machine's
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  const report = waitingReporter(
    emitter(({ text }) => lines.push(text.en)),
    () => 60_000,
  );
  const look = (...pids: number[]) =>
    report({ state: "watching", attempts: 1, blockers: pids.map(holder), pause: 60 });
  look(1);
  look(1, 2);
  look(1, 3, 4);
  expect(lines).toHaveLength(1);
  vi.advanceTimersByTime(1_000);
  look(1);
  expect(lines).toHaveLength(2);
  look(5);
  expect(lines).toHaveLength(3);
});

it("F10: half a minute for one holder is at most ten lines, and ten minutes show two a minute", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  const report = waitingReporter(
    emitter(({ text }) => lines.push(text.en)),
    () => 60_000,
  );
  const waitFor = (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      report({ state: "watching", attempts: 1, blockers: [holder(1)], pause: 60 });
      vi.advanceTimersByTime(1_000);
    }
  };
  waitFor(30);
  expect(lines.length).toBeLessThanOrEqual(10);
  waitFor(570);
  expect(lines.length).toBeGreaterThanOrEqual(20);
  expect(lines.length).toBeLessThanOrEqual(32);
});

it("a wait of minutes says so less and less often", () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  onTestFinished(() => void vi.useRealTimers());
  const lines: string[] = [];
  const report = waitingReporter(
    emitter(({ text }) => lines.push(text.en)),
    () => 60_000,
  );
  for (let second = 0; second < 300; second++) {
    report({ state: "watching", attempts: 1, blockers: [holder(1)], pause: 60 });
    vi.advanceTimersByTime(1_000);
  }
  expect(lines.length).toBeLessThan(50);
});
