// Findings that are being mended: as many of a rule as `known.json` counts are tolerated, more are not.
// Counted by rule and not by file, so that moving a file changes nothing, and with headroom, so that two
// branches do not turn each other red. Both files go when the list is empty.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const HEADROOM = 1.25;
const LIST = fileURLToPath(new URL("known.json", import.meta.url));

/** The findings of every rule that has more of them than the list allows. */
export function beyondKnown(findings) {
  const known = existsSync(LIST) ? JSON.parse(readFileSync(LIST, "utf8")) : {};
  const counts = countByRule(findings);
  return findings.filter(({ rule }) => !(counts.get(rule) <= (known[rule] ?? 0)));
}

/** Writes the list as the checkout is now. */
export function recordKnown(findings) {
  const counts = [...countByRule(findings)]
    .map(([rule, count]) => [rule, Math.ceil(count * HEADROOM) + 5])
    .sort(([one], [other]) => (one < other ? -1 : 1));
  writeFileSync(LIST, `${JSON.stringify(Object.fromEntries(counts), null, 2)}\n`);
}

function countByRule(findings) {
  const counts = new Map();
  for (const { rule } of findings) if (rule) counts.set(rule, (counts.get(rule) ?? 0) + 1);
  return counts;
}
