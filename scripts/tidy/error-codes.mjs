// An error code stands once: within an object literal, and between the files, the last would win silently.
import { lineAt } from "./repository.mjs";

const TABLE = /^server\/src\/errors(\/[\w/-]+|[\w-]*)\.ts$/;
const ROW = /^ {2}["']?([a-z][a-z0-9_]*)["']?: (?:[a-zA-Z]\w*\(|\{|\[)/gm;

export function checkErrorCodes(repository) {
  const places = new Map();
  const findings = [];
  for (const file of repository.files.filter((name) => TABLE.test(name))) {
    const text = repository.read(file);
    for (const { 1: code, index } of text.matchAll(ROW)) {
      const place = `${file}:${lineAt(text, index)}`;
      const first = places.get(code);
      if (first)
        findings.push({ rule: "error code twice", place, what: `${code} stands in ${first} too` });
      else places.set(code, place);
    }
  }
  return findings;
}
