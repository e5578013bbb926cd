// The imports of the workspaces' source, of values and of types alike.
import { dirname, join } from "node:path";
import { codeOf } from "./comments.mjs";
import { isSource, lineAt } from "./repository.mjs";

/** SQL says `from`, too; a name is a path, a module of Node or a package. */
const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"((?:\.|@?[a-z])[\w@./:-]*)"/g;
const COMPUTED = /(?<![.\w])import\s*\(\s*(?!["\s])/g;

/** Returns `{ from, name, line }` for each import, by the name that it gives. */
export function importNames(repository) {
  return repository.files.filter(isSource).flatMap((from) => {
    const code = codeOf(from, repository.read(from));
    return [...code.matchAll(IMPORT)].map(({ 1: name, index }) => ({
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
    .map(({ from, name, line }) => ({ from, to: join(dirname(from), name), line }))
    .filter(({ to }) => files.has(to));
}

/** The checks of imports read names as text. */
export function checkComputedImports(repository) {
  return repository.files.filter(isSource).flatMap((file) => {
    const code = codeOf(file, repository.read(file));
    return [...code.matchAll(COMPUTED)].map(({ index }) => ({
      rule: "computed import",
      place: `${file}:${lineAt(code, index)}`,
      what: "import() takes a name in double quotes, so that its direction can be checked",
    }));
  });
}
