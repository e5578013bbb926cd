/** The option `--json` of a command, and its help by the shape of the output. */
import type { Message } from "../../lib/messages.ts";
import { helpText } from "./help-text.ts";

const SHAPES = {
  object: { en: "one JSON object for machines", zh: "输出一个 JSON 对象，供程序使用" },
  array: { en: "one JSON array for machines", zh: "输出一个 JSON 数组，供程序使用" },
} as const satisfies Readonly<Record<string, Message>>;

export function jsonOption(shape: keyof typeof SHAPES): [flags: string, description: string] {
  return ["--json", helpText(SHAPES[shape])];
}
