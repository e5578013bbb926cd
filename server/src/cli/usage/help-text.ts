/** Texts of `--help`, in the reader's language. */
import { Help, type Command } from "commander";
import type { Message } from "../../lib/messages.ts";
import { languageOfCommand } from "./usage-error.ts";

const HELP: Message = { en: "display help for command", zh: "显示帮助" };

/** Commander's titles and notes in English, and their Chinese. */
const TITLES: Readonly<Record<string, string>> = {
  "Usage:": "用法：",
  "Arguments:": "参数：",
  "Options:": "选项：",
  "Global Options:": "通用选项：",
  "Commands:": "命令：",
};

/** A description of a command, an option or an argument. */
export function helpText(text: Message): string {
  return text[languageOfCommand()];
}

/** The end of a command's help: its exit codes. */
export function exitCodes(codes: Message): string {
  return `\n${helpText({ en: `Exit codes: ${codes.en}`, zh: `退出码：${codes.zh}` })}`;
}

/** Sets what commander itself writes into a help; commands that are registered later inherit it. */
export function translateHelp(program: Command): void {
  program
    .helpOption("-h, --help", helpText(HELP))
    .helpCommand("help [command]", helpText(HELP))
    .configureHelp({
      showGlobalOptions: true,
      ...(languageOfCommand() === "zh" ? CHINESE : {}),
    });
}

const CHINESE: Partial<Help> = {
  styleTitle: (title) => TITLES[title] ?? title,
  optionDescription: (option) =>
    new Help()
      .optionDescription(option)
      .replace("(choices: ", "(可选：")
      .replace("default: ", "默认："),
};
