// A comment or a page names a file only when the repository has it: a document, a source, a migration.
import { dirname, join } from "node:path";
import { commentsOf } from "./comments.mjs";
import { isCode, isText, lineAt } from "./repository.mjs";

/** Released, so that their comments can no longer change. */
const MIGRATION = /^server\/migrations\//;
/** A command may write a file of any name. */
const COMMANDS = /^```.*?^```|`(npm|newday|npx|node) [^`]*`/gms;
const FILE = /(?<![\w./${}*<>@-])(?:\.{0,2}\/)?[\w-][\w./-]*\.(?:md|tsx?|mjs|sql)\b(?![\w*-])/g;
/** NNNN stands for the number of a migration to come. */
const PLACEHOLDER = /NNNN/;

export function checkReferences(repository) {
  const ends = endsOf(repository.files);
  return repository.files
    .filter((file) => isText(file) && !MIGRATION.test(file))
    .flatMap((file) =>
      proseIn(repository, file).flatMap(({ index, text }) =>
        [...text.matchAll(FILE)]
          .filter(({ 0: name }) => !PLACEHOLDER.test(name) && !isThere(ends, file, name))
          .map((match) => ({
            rule: "reference",
            place: `${file}:${lineAt(repository.read(file), index + match.index)}`,
            what: `names ${match[0]}, which is not in the repository`,
          })),
      ),
    );
}

/** A file may be named by any end of its path. */
function endsOf(files) {
  const ends = new Set();
  for (const file of files) {
    const parts = file.split("/");
    for (const index of parts.keys()) ends.add(parts.slice(index).join("/"));
  }
  return ends;
}

function isThere(ends, file, name) {
  return ends.has(name) || ends.has(join(dirname(file), name));
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
