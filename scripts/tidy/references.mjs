// A comment or a page names a document only when the repository has it.
import { dirname, join, normalize } from "node:path";
import { commentsOf } from "./comments.mjs";
import { isCode, isText, lineAt } from "./repository.mjs";

/** Released, so that their comments can no longer change. */
const MIGRATION = /^server\/migrations\//;
/** A command may write a file of any name. */
const COMMANDS = /^```.*?^```|`(npm|newday|npx|node) [^`]*`/gms;
const DOCUMENT = /(?<![\w./${}*<>-])(?:\.{0,2}\/)?[\w-][\w./-]*\.md\b/g;

export function checkReferences(repository) {
  const files = new Set(repository.files);
  const names = new Set(repository.files.map((file) => file.split("/").pop()));
  return repository.files
    .filter((file) => isText(file) && !MIGRATION.test(file))
    .flatMap((file) =>
      proseIn(repository, file).flatMap(({ index, text }) =>
        [...text.matchAll(DOCUMENT)]
          .filter(({ 0: name }) => !exists(files, names, file, name))
          .map((match) => ({
            rule: `reference ${match[0].split("/").pop()}`,
            place: `${file}:${lineAt(repository.read(file), index + match.index)}`,
            what: `names ${match[0]}, which is not in the repository`,
          })),
      ),
    );
}

function proseIn(repository, file) {
  const text = repository.read(file);
  if (file.endsWith(".md")) return [{ index: 0, text: blank(text, COMMANDS) }];
  return isCode(file) || file.endsWith(".sql") ? commentsOf(file, text) : [];
}

/** Keeps every index: what is blanked becomes as many spaces. */
function blank(text, pattern) {
  return text.replaceAll(pattern, (found) => found.replaceAll(/[^\n]/g, " "));
}

/** From the root, beside the file that names it, or by a name without folders. */
function exists(files, names, file, name) {
  if (!name.includes("/")) return names.has(name);
  return files.has(normalize(name)) || files.has(join(dirname(file), name));
}
