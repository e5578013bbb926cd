/** Usage errors of the command line, in the reader's language and without the whole help. */
import { InvalidArgumentError, type CommanderError } from "commander";
import { readLanguage } from "../../config.ts";
import { fillMessage, type Language, type Message } from "../../lib/messages.ts";

/**
 * Commander's sentences by its codes. The English is Commander's own and tells the values apart; a
 * sentence of a later version stays English.
 */
const SENTENCES: Readonly<Record<string, readonly Message[]>> = {
  "commander.unknownOption": [
    { en: "error: unknown option '{option}'", zh: "错误：未知选项“{option}”" },
  ],
  "commander.unknownCommand": [
    { en: "error: unknown command '{command}'", zh: "错误：未知命令“{command}”" },
  ],
  "commander.missingArgument": [
    { en: "error: missing required argument '{argument}'", zh: "错误：缺少参数“{argument}”" },
  ],
  "commander.optionMissingArgument": [
    { en: "error: option '{option}' argument missing", zh: "错误：选项“{option}”缺少取值" },
  ],
  "commander.missingMandatoryOptionValue": [
    { en: "error: required option '{option}' not specified", zh: "错误：缺少必需的选项“{option}”" },
  ],
  "commander.conflictingOption": [
    {
      en: "error: option '{option}' cannot be used with option '{other}'",
      zh: "错误：选项“{option}”不能与“{other}”同时使用",
    },
  ],
  "commander.invalidArgument": [
    {
      en: "error: option '{option}' argument '{value}' is invalid. Allowed choices are {choices}.",
      zh: "错误：选项“{option}”的取值“{value}”无效。可选：{choices}。",
    },
    {
      en: "error: option '{option}' argument '{value}' is invalid. {rule}",
      zh: "错误：选项“{option}”的取值“{value}”无效。{rule}",
    },
    {
      en: "error: command-argument value '{value}' is invalid for argument '{argument}'. {rule}",
      zh: "错误：参数“{argument}”的取值“{value}”无效。{rule}",
    },
  ],
  "commander.excessArguments": [
    {
      en: "error: too many arguments for '{command}'. Expected {expected} arguments but got {count}.",
      zh: "错误：“{command}”的参数过多：应为 {expected} 个，实为 {count} 个。",
    },
    {
      en: "error: too many arguments for '{command}'. Expected {expected} argument but got {count}.",
      zh: "错误：“{command}”的参数过多：应为 {expected} 个，实为 {count} 个。",
    },
  ],
};

const SUGGESTIONS: readonly Message[] = [
  { en: "(Did you mean one of {names}?)", zh: "（是否指 {names}？）" },
  { en: "(Did you mean {names}?)", zh: "（是否指 {names}？）" },
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

/** Returns Commander's error and one line that says where the options are listed. */
export function usageError({ code, message }: CommanderError, language: Language): string {
  const [sentence = "", suggestion] = message.split("\n(");
  const lines = [translate(sentence, SENTENCES[code] ?? [])];
  if (suggestion !== undefined) lines.push(translate(`(${suggestion}`, SUGGESTIONS));
  return [...lines, HOW_TO_GET_HELP].map((line) => `${line[language].trimEnd()}\n`).join("");
}

/** Finds the template whose English the sentence follows. */
function translate(sentence: string, templates: readonly Message[]): Message {
  for (const template of templates) {
    const values = patternOf(template.en).exec(sentence)?.groups;
    if (values) return { en: sentence, zh: fillMessage(template, values).zh };
  }
  return { en: sentence, zh: sentence };
}

/** A pattern with one named group for each placeholder. */
function patternOf(template: string): RegExp {
  const parts = template
    .split(/\{(\w+)\}/)
    .map((part, at) =>
      at % 2 === 1 ? `(?<${part}>.*?)` : part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`),
    );
  return new RegExp(`^${parts.join("")}$`, "s");
}

/** An argument that breaks a rule; commander puts the option's name before the message. */
export function invalidArgument(rule: Message): InvalidArgumentError {
  return new InvalidArgumentError(rule[languageOfCommand()]);
}
