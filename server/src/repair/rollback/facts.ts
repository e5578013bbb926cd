/** Facts that an operator states before a rollback: this database, and this many people. */
import { refusal } from "../../errors/refusals.ts";
import { joinMessages, type Message } from "../../lib/messages.ts";
import { shellWord } from "../model/text.ts";
import type { RollbackView } from "./view.ts";

export interface RollbackFacts {
  readonly database: string;
  readonly environment: string;
  /** Rows without an owner, as counted; `unknown` for an impossible count. */
  readonly strangers: string;
}

/** The strictest reading of a database without a name, as in a plan. */
const STRICTEST_ENVIRONMENT = "production";

export function rollbackFacts({ database, environment, state }: RollbackView): RollbackFacts {
  return {
    database,
    environment: environment ?? STRICTEST_ENVIRONMENT,
    strangers: state.orphans === null ? "unknown" : String(state.orphans),
  };
}

/**
 * Throws `repair_refused` that names each missing or false fact. Foreign rows since the inspection
 * are a new fact: more people are concerned than the operator agreed to.
 */
export function requireRollbackFacts(
  view: RollbackView,
  stated: Readonly<Partial<Record<keyof RollbackFacts, string | undefined>>>,
): void {
  const expected = rollbackFacts(view);
  const wrong = (["database", "environment", "strangers"] as const).filter(
    (fact) => stated[fact] !== expected[fact],
  );
  if (wrong.length === 0) return;
  const options = wrong.map((fact): Message => {
    const option = `--confirm-${fact} ${shellWord(expected[fact])}`;
    const given = stated[fact];
    return given === undefined
      ? { en: `${option} (missing)`, zh: `${option}（缺少）` }
      : { en: `${option} (not ${given})`, zh: `${option}（不是 ${given}）` };
  });
  throw refusal(
    "rollback_facts_differ",
    { facts: joinMessages(options, ", ") },
    { details: { wrong } },
  );
}
