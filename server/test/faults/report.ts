/** The end of a run: tables for people, one line of JSON for machines. */
import type { Told } from "./caller.ts";
import type { Chaos } from "./chaos.ts";
import type { FoundFaults } from "./found-faults.ts";
import type { FaultsRequest } from "./request.ts";

export interface Run {
  readonly request: FaultsRequest;
  readonly told: readonly Told[];
  readonly lostAnswers: ReadonlyMap<string, number>;
  readonly done: Chaos["done"];
  readonly found: FoundFaults;
  readonly sums: number;
  /** Operations without an answer when the load was over. */
  readonly unanswered: number;
  readonly progress: (line: string) => void;
}

/** Prints the run; returns whether every check held. */
export function printReport(run: Run): boolean {
  const { request, told, lostAnswers, done, found, sums, unanswered, progress } = run;
  progress("checked");
  const rows = countByKind(told);
  console.log(`\n${"operation".padEnd(18)} posted  refused  lost once`);
  for (const [kind, { posted, refused, lostOnce }] of rows)
    console.log(`${kind.padEnd(18)} ${pad(posted, 6)}  ${pad(refused, 7)}  ${pad(lostOnce, 9)}`);
  console.log(`\n${"fault".padEnd(18)}  times  ready again after at most`);
  for (const [name, { times, longestMs }] of done)
    console.log(`${name.padEnd(18)} ${pad(times, 6)}  ${pad(Math.round(longestMs), 8)} ms`);
  const refusals = countBy(
    told.filter(({ answer }) => answer && !answer.posted),
    ({ answer }) => answer?.digest ?? "",
  );
  console.log(`\nrefusals: ${refusals || "none"}`);
  const reasons = [...lostAnswers].map(([reason, count]) => `${reason} ${count}`);
  console.log(`\nanswers lost: ${reasons.join(", ") || "none"}`);
  for (const [rule, { count, details }] of found.byRule) {
    console.log(`\nFOUND ${rule}: ${count}`);
    for (const detail of details) console.log(`  ${detail}`);
  }
  const isSound = found.byRule.size === 0;
  console.log(isSound ? `\nEvery answer holds; ${sums} sums agree; the audit is clean.` : "");
  console.log(
    JSON.stringify({
      test: "faults",
      sound: isSound,
      seed: request.seed,
      minutes: request.minutes,
      figures: {
        operations: told.length,
        posted: total(rows, "posted"),
        refused: total(rows, "refused"),
        lost_once: total(rows, "lostOnce"),
        unanswered_at_end: unanswered,
        answers_lost: [...lostAnswers.values()].reduce((sum, count) => sum + count, 0),
        faults: [...done.values()].reduce((sum, { times }) => sum + times, 0),
        recovery_ms_max: Math.round(Math.max(0, ...[...done.values()].map((one) => one.longestMs))),
        sums,
      },
      found: Object.fromEntries([...found.byRule].map(([rule, { count }]) => [rule, count])),
    }),
  );
  return isSound;
}

type Row = { posted: number; refused: number; lostOnce: number };

function countByKind(told: readonly Told[]): Map<string, Row> {
  const rows = new Map<string, Row>();
  for (const { kind, answer, lostOnce } of told) {
    const row = rows.get(kind) ?? { posted: 0, refused: 0, lostOnce: 0 };
    rows.set(kind, row);
    if (answer?.posted) row.posted += 1;
    else if (answer) row.refused += 1;
    if (lostOnce) row.lostOnce += 1;
  }
  return rows;
}

function countBy(told: readonly Told[], word: (one: Told) => string): string {
  const counts = new Map<string, number>();
  for (const one of told) counts.set(word(one), (counts.get(word(one)) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(", ");
}

function total(rows: ReadonlyMap<string, Row>, column: keyof Row): number {
  return [...rows.values()].reduce((sum, row) => sum + row[column], 0);
}

const pad = (value: number, width: number) => `${value}`.padStart(width);
