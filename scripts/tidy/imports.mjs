// The imports of the workspaces' source, of values and of types alike.
import { dirname, join } from "node:path";
import { isSource, lineAt } from "./repository.mjs";

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g;

/** Returns `{ from, to, line }` for each import of a file of the repository by another. */
export function importsOf(repository) {
  const files = new Set(repository.files);
  return repository.files.filter(isSource).flatMap((from) => {
    const text = repository.read(from);
    return [...text.matchAll(IMPORT)]
      .map(({ 1: path, index }) => ({
        from,
        to: join(dirname(from), path),
        line: lineAt(text, index),
      }))
      .filter(({ to }) => files.has(to));
  });
}
