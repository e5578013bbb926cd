// A comment or a page names a file only when the repository has it: a document, a source, a migration.
import { dirname, join } from "node:path";
import { commentsOf } from "./comments.mjs";
import { isFrozenMigration } from "./migrations.mjs";
import { isCode, isText, lineAt } from "./repository.mjs";

/** A command may write a file of any name. */
const COMMANDS = /^```.*?^```|`(npm|newday|npx|node) [^`]*`/gms;
/** A name, and behind a page the number of its section. */
const FILE =
  /(?<![\w./${}*<>@-])(?<name>(?:\.{0,2}\/)?[\w-][\w./-]*\.(?:md|tsx?|mjs|sql))\b(?![\w*-])(?:[`)]? (?<section>\d+(?:\.\d+)*)(?![\d-]))?/g;
/** NNNN stands for the number of a migration to come. */
const PLACEHOLDER = /NNNN/;

export function checkReferences(repository) {
  const ends = endsOf(repository.files);
  return repository.files
    .filter((file) => isText(file) && !isFrozenMigration(file))
    .flatMap((file) =>
      proseIn(repository, file).flatMap(({ index, text }) =>
        [...text.matchAll(FILE)]
          .filter(({ 0: name }) => !PLACEHOLDER.test(name))
          .map((match) => ({ match, what: missing(repository, ends, file, match.groups) }))
          .filter(({ what }) => what)
          .map(({ match, what }) => ({
            rule: "reference",
            place: `${file}:${lineAt(repository.read(file), index + match.index)}`,
            what,
          })),
      ),
    );
}

function missing(repository, ends, file, { name, section }) {
  const found = ends.get(name) ?? ends.get(join(dirname(file), name));
  if (!found) return `names ${name}, which is not in the repository`;
  if (!section || !name.endsWith(".md")) return undefined;
  const heading = new RegExp(`^#+ ${section.replaceAll(".", "\\.")}[. ]`, "m");
  if (found.some((page) => heading.test(repository.read(page)))) return undefined;
  return `names section ${section} of ${name}, which has none of that number`;
}

/** A file may be named by any end of its path. */
function endsOf(files) {
  const ends = new Map();
  for (const file of files) {
    const parts = file.split("/");
    for (const index of parts.keys()) {
      const end = parts.slice(index).join("/");
      ends.set(end, [...(ends.get(end) ?? []), file]);
    }
  }
  return ends;
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
