/** Facts that an operator states before a rollback: this database, and this many people. */
import { NewDayError } from "../../errors/errors.ts";
import { shellWord } from "../model/text.ts";
import type { RollbackView } from "./view.ts";

export interface RollbackFacts {
  readonly database: string;
  readonly environment: string;
  /** Rows without an owner, as counted; `unknown` for an impossible count. */
  readonly strangers: string;
}

/** The strictest reading of an unnamed database, as in a plan. */
const UNNAMED_ENVIRONMENT = "production";

export function rollbackFacts({ database, environment, state }: RollbackView): RollbackFacts {
  return {
    database,
    environment: environment ?? UNNAMED_ENVIRONMENT,
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
  const options = wrong.map(
    (fact) =>
      `--confirm-${fact} ${shellWord(expected[fact])} (${stated[fact] === undefined ? "missing" : `not ${stated[fact]}`})`,
  );
  throw new NewDayError(
    "repair_refused",
    { wrong },
    {
      message: `State what is rolled back, and mean it: ${options.join(", ")}. Nothing was changed.`,
    },
  );
}
