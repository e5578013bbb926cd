// The files of a checkout as the checks of `npm run tidy` see them.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const TEXT = /\.(ts|tsx|mjs|md|sql|json|html|css|yml)$/;
const CODE = /\.(ts|tsx|mjs)$/;
const TEST = /(^|\/)(test|acceptance)\/|\.test\.tsx?$/;
const GENERATED = /(^|\/)(package-lock\.json|fixtures\/legacy\/.*|generated\/.*)$/;

/** Every file that git knows or would know, with its text on demand. */
export function openRepository(root) {
  const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  const files = listed.stdout.split("\n").filter((file) => file && existsSync(join(root, file)));
  const texts = new Map();
  return {
    root,
    files,
    has: (path) => existsSync(join(root, path)),
    read(file) {
      if (!texts.has(file)) texts.set(file, readFileSync(join(root, file), "utf8"));
      return texts.get(file);
    },
  };
}

export const isText = (file) => TEXT.test(file) && !GENERATED.test(file);
export const isCode = (file) => CODE.test(file);
export const isTest = (file) => TEST.test(file);

/** The source of the workspaces, without tests. */
export function isSource(file) {
  return /^(server|sdk|console)\/src\/.*\.tsx?$/.test(file) && !isTest(file);
}

/** 1 for the first line. */
export function lineAt(text, index) {
  let line = 1;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) line++;
  return line;
}
