/** How the running command was invoked, so that a printed line runs as printed. */
import { accessSync, constants } from "node:fs";
import { delimiter, join, relative } from "node:path";
import { shellWord } from "../../repair/model/text.ts";

const NAME = "newday";
/** npm puts these folders into the path of its own scripts only, not into that of the person's shell. */
const NPM_FOLDER = join("node_modules", ".bin");

/** Returns the words that start this command again: `newday`, or in a checkout what stands for it. */
export function invocation(
  env: NodeJS.ProcessEnv = process.env,
  script = process.argv[1] ?? NAME,
): string {
  if (env["npm_lifecycle_event"] === NAME) return `npm run ${NAME} --`;
  if (env["npm_lifecycle_event"] === "npx") return `npx ${NAME}`;
  if (isOnPath(env["PATH"] ?? "")) return NAME;
  return `node ${shellWord(relative(process.cwd(), script))}`;
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
