/** `newday`: the program around the commands, which are in commands.ts. */
import { SQL_STATE, sqlStateOf } from "../db/sql-state.ts";
import { isNewDayError } from "../errors/errors.ts";
import { explainError } from "../errors/explain-error.ts";
import type { Message } from "../lib/messages.ts";
import { createProgram } from "./program.ts";
import { ignoreBrokenPipes } from "../lib/output-streams.ts";
import { asTyped } from "./usage/invocation.ts";
import { languageOfCommand } from "./usage/usage-error.ts";

const OWNER_NEEDED: Message = {
  en: "use the login of the tables' owner in DATABASE_URL",
  zh: "请在 DATABASE_URL 中使用表所有者的登录",
};

ignoreBrokenPipes();
// Hides deprecation warnings of libraries: they concern developers and look like trouble at night.
process.noDeprecation = true;

const language = languageOfCommand();

createProgram()
  .parseAsync()
  .catch((error: unknown) => {
    process.stderr.write(`newday: ${asTyped(explain(error))}\n`);
    process.exitCode = isNewDayError(error) ? error.definition.exitCode : 1;
  });

function explain(error: unknown): string {
  if (sqlStateOf(error) !== SQL_STATE.insufficientPrivilege || isNewDayError(error))
    return explainError(error, language);
  return `${explainError(error, language)} — ${OWNER_NEEDED[language]}`;
}
