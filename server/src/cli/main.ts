/** `newday`: the program around the commands, which are in commands.ts. */
import { Command } from "commander";
import { readBuildInfo } from "../lib/build-info.ts";
import { readLanguage } from "../config.ts";
import { SQL_STATE, sqlStateOf } from "../db/sql-state.ts";
import { isNewDayError } from "../errors/errors.ts";
import { COMMANDS } from "./commands.ts";
import { outliveOutputStreams } from "./output-streams.ts";
import { speakChinese } from "./speak-chinese.ts";

const EXIT_USAGE = 2;

outliveOutputStreams();
// Hides deprecation warnings of libraries: they concern developers and look like trouble at night.
process.noDeprecation = true;

const program = new Command("newday")
  .description("New Day: one wallet, inventory and market for every user of every platform")
  .version(readBuildInfo().version)
  .showHelpAfterError()
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
for (const register of COMMANDS) register(program);
const chinese = readLanguage(process.env) === "zh";
if (chinese) speakChinese(program);

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`newday: ${explain(error)}\n`);
  process.exitCode = isNewDayError(error) ? error.definition.exitCode : 1;
});

/** The message, then field, rule and remedy unless the message contains them. */
function explain(error: unknown): string {
  if (!isNewDayError(error)) return explainFault(error);
  const { field, rule, ruleZh, remedy } = error.details;
  const general = error.message === error.definition.message;
  const message = chinese && general ? error.definition.messageZh : error.message;
  const said = chinese ? (ruleZh ?? rule) : rule;
  const broken = [field, said].filter((part) => typeof part === "string").join(" ");
  const parts = [message, broken, remedy].filter((part) => typeof part === "string" && part !== "");
  return parts.filter((part, index) => index === 0 || !message.includes(String(part))).join(" — ");
}

function explainFault(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  if (sqlStateOf(error) !== SQL_STATE.insufficientPrivilege) return message;
  const remedy = chinese ? "请在 DATABASE_URL 中使用表所有者的登录" : "use the login of the tables' owner in DATABASE_URL"; // prettier-ignore
  return `${message} — ${remedy}`;
}
