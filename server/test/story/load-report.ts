/** The load at each step: the old server's players and the readers of ours, with their worst waits. */
import { setTimeout as sleep } from "node:timers/promises";
import { failures, type Measured } from "./measured.ts";
import type { OurReaders } from "./our-readers.ts";
import type { Screen } from "./screen.ts";
import type { OldServer } from "./stage.ts";

export interface StepLoad {
  readonly title: string;
  readonly old: Measured;
  readonly ours: Measured;
}

/** Measures while `work` runs, and at least `stepMs`. */
export async function underLoad<T>(
  { old, ours, stepMs }: { old: OldServer; ours: OurReaders; stepMs: number },
  title: string,
  work: () => Promise<T>,
): Promise<{ result: T; load: StepLoad }> {
  await old.measure();
  ours.measure();
  const [result] = await Promise.all([work(), sleep(stepMs)]);
  return { result, load: { title, old: await old.measure(), ours: ours.measure() } };
}

/** Prints the step's load and ticks its box: refusals belong to the adoption only. */
export function reportLoad(screen: Screen, { old, ours }: StepLoad, isAdopting: boolean): void {
  screen.line({
    en: `old server: ${old.reads} reads, ${old.writes} writes; worst wait ${ms(old.worstReadMs)} / ${ms(old.worstWriteMs)} ms; ${errorsOf(old)}`,
    zh: `旧服务器：读 ${old.reads} 次，写 ${old.writes} 次；最长等待 ${ms(old.worstReadMs)} / ${ms(old.worstWriteMs)} 毫秒；${errorsOf(old, true)}`,
  });
  screen.line({
    en: `New Day: ${ours.reads} reads; worst wait ${ms(ours.worstReadMs)} ms; ${errorsOf(ours)}`,
    zh: `New Day：读 ${ours.reads} 次；最长等待 ${ms(ours.worstReadMs)} 毫秒；${errorsOf(ours, true)}`,
  });
  const faults = failures(old) + failures(ours) + (isAdopting ? 0 : old.refused);
  screen.box(faults === 0 && old.reads > 0 && ours.reads > 0, {
    en: "the clients of both servers went on without an error",
    zh: "两台服务器的客户端均未出错",
  });
}

function ms(value: number): string {
  return value.toFixed(0);
}

function errorsOf({ errors, refused }: Measured, isChinese = false): string {
  const list = Object.entries(errors).map(([code, count]) => `${count} × ${code}`);
  const faults = list.length === 0 ? "0" : list.join(", ");
  if (isChinese) return `错误 ${faults}${refused > 0 ? `，按设计拒绝 ${refused} 次写入` : ""}`;
  return `errors ${faults}${refused > 0 ? `, ${refused} writes refused by design` : ""}`;
}

/** One row a step, for the end. */
export function loadTable(screen: Screen, steps: readonly StepLoad[]): void {
  screen.line({
    en: "worst wait of the clients, old server · New Day:",
    zh: "客户端最长等待，旧服务器 · New Day：",
  });
  for (const { title, old, ours } of steps)
    screen.detail(
      `${ms(Math.max(old.worstReadMs, old.worstWriteMs)).padStart(5)} ms · ${ms(ours.worstReadMs).padStart(5)} ms  ${title}`,
    );
  const sum = (pick: (load: StepLoad) => number) =>
    steps.reduce((all, load) => all + pick(load), 0);
  const worst = (pick: (load: StepLoad) => number) => Math.max(0, ...steps.map(pick));
  const calls = sum(({ old, ours }) => old.reads + old.writes + ours.reads);
  const worstOld = worst(({ old }) => Math.max(old.worstReadMs, old.worstWriteMs));
  const worstOurs = worst(({ ours }) => ours.worstReadMs);
  const faults = sum(({ old, ours }) => failures(old) + failures(ours));
  const refused = sum(({ old }) => old.refused);
  screen.line({
    en: `${calls} calls of clients; worst wait: old server ${ms(worstOld)} ms, New Day ${ms(worstOurs)} ms; errors ${faults}; writes refused since the adoption ${refused}`,
    zh: `客户端共 ${calls} 次调用；最长等待：旧服务器 ${ms(worstOld)} 毫秒，New Day ${ms(worstOurs)} 毫秒；错误 ${faults}；接管后拒绝的写入 ${refused}`,
  });
}
