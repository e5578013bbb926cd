/** `newday` and its commands. Their help is English until `speakChinese`. */
import { Command, Option } from "commander";
import { readBuildInfo } from "../lib/build-info.ts";
import { COMMANDS } from "./commands.ts";
import { languageOfCommand, usageError } from "./usage/usage-error.ts";

const LANGUAGES = ["zh", "en"];
const EXIT_USAGE = 2;

/** Commands inherit the settings that stand before their registration. */
export function createProgram(): Command {
  const language = languageOfCommand();
  const program = new Command("newday")
    .description("New Day: one wallet, inventory and market for every user of every platform")
    .version(readBuildInfo().version)
    .addOption(
      new Option("--lang <language>", "language of the output; default: from the locale").choices(
        LANGUAGES,
      ),
    )
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({ outputError: (text, write) => write(usageError(text, language)) })
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE));
  for (const register of COMMANDS) register(program);
  return program;
}
