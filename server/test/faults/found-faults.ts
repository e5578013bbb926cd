/** What the checks found wrong, by rule. */

/** Of each rule; the rest is counted. */
const SHOWN = 5;

export interface FoundFaults {
  report(rule: string, detail: string): void;
  readonly byRule: ReadonlyMap<
    string,
    { readonly count: number; readonly details: readonly string[] }
  >;
}

export function createFoundFaults(): FoundFaults {
  const byRule = new Map<string, { count: number; details: string[] }>();
  return {
    byRule,
    report(rule, detail) {
      const found = byRule.get(rule) ?? { count: 0, details: [] };
      found.count += 1;
      if (found.details.length < SHOWN) found.details.push(detail.slice(0, 600));
      byRule.set(rule, found);
    },
  };
}
