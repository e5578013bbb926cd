/** How the running command was invoked, so that a printed line runs as printed. */
import { accessSync, constants } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { shellWord } from "../../repair/model/text.ts";

const NAME = "newday";
/** npm puts these folders into the path of its own scripts only, not into that of the person's shell. */
const NPM_FOLDER = join("node_modules", ".bin");

/** The server's program and the commands' program lie beside each other. */
const SERVER_PROGRAM = /dist\/main\.js$/;

/** Returns the words that start a command here: `newday`, or in a checkout what stands for it. */
export function invocation(
  env: NodeJS.ProcessEnv = process.env,
  script = process.argv[1] ?? NAME,
): string {
  const event = env["npm_lifecycle_event"];
  if (event === NAME || event === "start") return `npm run ${NAME} --`;
  if (event === "npx") return `npx ${NAME}`;
  if (isOnPath(env["PATH"] ?? "")) return NAME;
  const program = script.replace(SERVER_PROGRAM, "bin/newday.mjs");
  return `node ${shellWord(relative(process.cwd(), program))}`;
}

/** In the texts of New Day, every command begins so. */
const NAMED_COMMAND =
  /(?<![\w./@-])newday (?=(?:adopt|audit|currency|doctor|exchange-pair|items|key|repair|roles)\b)/g;

/** Returns the text with its commands as a person types them here. */
export function asTyped(text: string): string {
  const words = invocation();
  return text.replaceAll(NAMED_COMMAND, `${words} `);
}

function isOnPath(path: string): boolean {
  return path
    .split(delimiter)
    .filter((folder) => folder !== "" && !folder.includes(NPM_FOLDER))
    .some((folder) => isExecutable(join(folder, NAME)));
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
