// A cast in a call of `operationOf` switches off the compiler's check of payload and terms: a misspelt
// amount would compile.
import { blank, codeOf } from "./comments.mjs";
import { isSource, lineAt } from "./repository.mjs";

const CALL = /\boperationOf(?:<[^()]*>)?\(/g;
const CAST = /\bas\b(?!\s+const\b)/g;
const STRING = /"(?:[^"\\\n]|\\.)*"/g;

export function checkOperationCasts(repository) {
  return repository.files.filter(isSource).flatMap((file) => {
    const code = codeOf(file, repository.read(file)).replace(STRING, blank);
    return [...code.matchAll(CALL)].flatMap(({ 0: call, index }) => {
      const start = index + call.length;
      const given = code.slice(start, endOfArguments(code, start));
      return [...given.matchAll(CAST)].map((cast) => ({
        rule: "cast in an operation",
        place: `${file}:${lineAt(code, start + cast.index)}`,
        what: "a cast inside operationOf() hides a wrong payload; give the value its type instead",
      }));
    });
  });
}

/** The index of the parenthesis that closes the arguments. */
function endOfArguments(code, start) {
  let depth = 1;
  for (let at = start; at < code.length; at++) {
    if (code[at] === "(") depth++;
    if (code[at] === ")" && --depth === 0) return at;
  }
  return code.length;
}
