/** `newday --help` in the reader's language: the texts and titles of every command. */
import { Help, type Command } from "commander";
import { languageOfCommand } from "./usage/usage-error.ts";
import { helpZh } from "./help-zh.ts";

const TITLES: Readonly<Record<string, string>> = {
  "Usage:": "用法：",
  "Arguments:": "参数：",
  "Options:": "选项：",
  "Global Options:": "通用选项：",
  "Commands:": "命令：",
};

/** Puts the Chinese help into a program and all of its commands; call it when they are registered. */
export function speakChinese(command: Command): void {
  command.description(helpZh(command.description()) ?? command.description());
  command.configureHelp({
    showGlobalOptions: true,
    styleTitle: (title) => TITLES[title] ?? title,
    optionDescription: (option) =>
      new Help()
        .optionDescription(option)
        .replace("(choices: ", "(可选：")
        .replace("default: ", "默认："),
  });
  command.helpOption("-h, --help", "显示帮助");
  if (command.commands.length > 0) command.helpCommand("help [command]", "显示命令的帮助");
  for (const term of [...command.options, ...command.registeredArguments])
    term.description = helpZh(term.description) ?? term.description;
  for (const one of command.commands) speakChinese(one);
}

/** The end of a command's help: its exit codes, in the reader's language. */
export function exitCodes(english: string): () => string {
  const text = `Exit codes: ${english}`;
  return () => `\n${languageOfCommand() === "zh" ? (helpZh(text) ?? text) : text}`;
}
