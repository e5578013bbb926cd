/** `newday` and its commands. */
import { helpText, translateHelp } from "./usage/help-text.ts";
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
    .description(
      helpText({
        en: "New Day: one wallet, inventory and market for every user of every platform",
        zh: "New Day：为每个平台的每位用户提供一个钱包、库存与市场",
      }),
    )
    .version(
      readBuildInfo().version,
      "-V, --version",
      helpText({ en: "output the version number", zh: "显示版本号" }),
    )
    .addOption(
      new Option(
        "--lang <language>",
        helpText({
          en: "language of the output; default: from the locale",
          zh: "输出语言；默认按系统语言",
        }),
      ).choices(LANGUAGES),
    )
    .configureOutput({ outputError: () => undefined })
    .exitOverride((error) => {
      if (error.exitCode !== 0 && error.code !== "commander.help")
        process.stderr.write(usageError(error, language));
      process.exit(error.exitCode === 0 ? 0 : EXIT_USAGE);
    });
  translateHelp(program);
  for (const register of COMMANDS) register(program);
  return program;
}
