/** Usage errors of the command line, in the reader's language and without the whole help. */
import { InvalidArgumentError } from "commander";
import { readLanguage } from "../../config.ts";
import type { Language, Message } from "../../lib/messages.ts";

/** Commander's sentences and their Chinese; a later version may add some, which stay English. */
const CHINESE: readonly (readonly [sentence: RegExp, chinese: string])[] = [
  [/^error: unknown option '(.+?)'$/m, "错误：未知选项“$1”"],
  [/^error: unknown command '(.+?)'$/m, "错误：未知命令“$1”"],
  [/^error: missing required argument '(.+?)'$/m, "错误：缺少参数“$1”"],
  [/^error: option '(.+?)' argument missing$/m, "错误：选项“$1”缺少取值"],
  [/^error: required option '(.+?)' not specified$/m, "错误：缺少必需的选项“$1”"],
  [
    /^error: option '(.+?)' cannot be used with option '(.+?)'$/m,
    "错误：选项“$1”不能与“$2”同时使用",
  ],
  [/^error: option '(.+?)' argument '(.*?)' is invalid\. ?/m, "错误：选项“$1”的取值“$2”无效。"],
  [
    /^error: command-argument value '(.*?)' is invalid for argument '(.+?)'\. ?/m,
    "错误：参数“$2”的取值“$1”无效。",
  ],
  [
    /^error: too many arguments(?: for '(.+?)')?\. Expected (\d+) arguments? but got (\d+)\.$/m,
    "错误：参数过多：应为 $2 个，实为 $3 个。",
  ],
  [/Allowed choices are (.+?)\.$/m, "可选：$1。"],
  [/\(Did you mean (?:one of )?(.+?)\?\)/, "（是否指 $1？）"],
];

const HOW_TO_GET_HELP: Message = {
  en: "Run the command with --help for its options.",
  zh: "加 --help 运行该命令可查看其选项。",
};

/** The language of a command line: `--lang` where it is given, else the locale's. */
export function languageOfCommand(
  argv: readonly string[] = process.argv,
  env: NodeJS.ProcessEnv = process.env,
): Language {
  const at = argv.indexOf("--lang");
  const given = at >= 0 ? argv[at + 1] : argv.find((word) => word.startsWith("--lang="))?.slice(7);
  return given === "zh" || given === "en" ? given : readLanguage(env);
}

/** Commander's error and one line that says where the options are listed. */
export function usageError(text: string, language: Language): string {
  const sentence = language === "zh" ? inChinese(text) : text;
  return `${sentence.trimEnd()}\n${HOW_TO_GET_HELP[language]}\n`;
}

function inChinese(text: string): string {
  return CHINESE.reduce((known, [sentence, chinese]) => known.replace(sentence, chinese), text);
}

/** An argument that breaks a rule; commander puts the option's name before the message. */
export function invalidArgument(rule: Message): InvalidArgumentError {
  return new InvalidArgumentError(rule[languageOfCommand()]);
}
