// The imports of the workspaces' source, of values and of types alike.
import { dirname, join } from "node:path";
import { codeOf } from "./comments.mjs";
import { isSource, lineAt } from "./repository.mjs";

/** SQL says `from`, too; a name is a path, a module of Node or a package. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*(["'])((?:\.|@?[a-z])[\w@./:-]*)\1/g;
const COMPUTED = /(?<![.\w])import\s*\(\s*(?!["'\s])/g;
/** Ways to another file that `IMPORT` does not read. */
const OTHER_WAYS = [
  [/\bcreateRequire\b/g, "createRequire() loads a file past the check of directions; import it"],
  [/\bimport\s+(?:type\s+)?[\w$]+\s*=\s*require\b/g, "import x = require() is CommonJS; import it"],
];
/** They load packages alone: PostgreSQL's folders, and the exporter of traces that an operator installs. */
const USE_REQUIRE = new Set([
  "server/src/db/embedded/binaries.ts",
  "server/src/start/export-traces.ts",
]);
const REFERENCE = /^\s*\/\/\/\s*<reference\s+path\b/gm;
const ENDINGS = ["", ".ts", ".tsx", "/index.ts"];

/** Returns `{ from, name, line }` for each import, by the name that it gives. */
export function importNames(repository) {
  return repository.files.filter(isSource).flatMap((from) => {
    const code = codeOf(from, repository.read(from));
    return [...code.matchAll(IMPORT)].map(({ 2: name, index }) => ({
      from,
      name,
      line: lineAt(code, index),
    }));
  });
}

/** Returns `{ from, to, line }` for each import of a file of the repository by another. */
export function importsOf(repository) {
  const files = new Set(repository.files);
  return importNames(repository)
    .filter(({ name }) => name.startsWith("."))
    .map(({ from, name, line }) => ({ from, to: fileOf(files, join(dirname(from), name)), line }))
    .filter(({ to }) => to !== undefined);
}

/** The file of a name, with its ending or without. */
function fileOf(files, path) {
  return ENDINGS.map((ending) => path + ending).find((file) => files.has(file));
}

/** The checks of imports read names as text. */
export function checkComputedImports(repository) {
  return repository.files.filter(isSource).flatMap((file) => {
    const text = repository.read(file);
    const code = codeOf(file, text);
    const found = [
      ...matches(
        code,
        COMPUTED,
        "import() takes a name in double quotes, so that its direction can be checked",
      ),
      ...(USE_REQUIRE.has(file) ? [] : OTHER_WAYS).flatMap(([form, what]) =>
        matches(code, form, what),
      ),
      ...matches(
        text,
        REFERENCE,
        "a reference path goes past the check of directions; import the file",
      ),
    ];
    return found.map(({ index, what }) => ({
      rule: "computed import",
      place: `${file}:${lineAt(text, index)}`,
      what,
    }));
  });
}

function matches(text, form, what) {
  return [...text.matchAll(form)].map(({ index }) => ({ index, what }));
}
