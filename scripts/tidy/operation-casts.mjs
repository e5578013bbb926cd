// A cast in a call of `operationOf` or of a command switches off the compiler's check of payload and terms:
// a misspelt amount would compile.
import { blank, codeOf } from "./comments.mjs";
import { isSource, lineAt } from "./repository.mjs";

const CALL = /\boperationOf(?:<[^()]*>)?\(/g;
const CAST = /\bas\b(?!\s+const\b)/g;
/** The same cast before the call. */
const CAST_TO_PAYLOAD = /\bas\s+(?:readonly\s+)?\w*(?:Payload|Terms)\b/g;
/** Casts that fit every parameter, so that a command takes anything. */
const CAST_TO_ALL = /\bas\s+(?:never|any|unknown\s+as)\b|(?<![\w$])<(?:never|any)>/g;
/** Below the commands: opaque rows, and what the types of a package leave out. */
const BELOW_COMMANDS = [
  /^server\/src\/(engine|db)\//,
  /^server\/src\/http\/(app\.ts|(v1\/v1|admin\/admin)-plugin\.ts|v1\/schemas\/(schemas|components)\.ts|admin\/app\/schemas-admin\.ts)$/,
  /^server\/src\/repair\/(model\/repair-file|drop\/settle-doubt)\.ts$/,
];
const STRING = /"(?:[^"\\\n]|\\.)*"/g;

export function checkOperationCasts(repository) {
  return repository.files.filter(isSource).flatMap((file) => {
    const code = codeOf(file, repository.read(file)).replace(STRING, blank);
    const before = [...code.matchAll(CAST_TO_PAYLOAD)].map(({ index }) => ({
      rule: "cast in an operation",
      place: `${file}:${lineAt(code, index)}`,
      what: "a cast to a payload or to terms hides a wrong member; declare the type instead",
    }));
    const inside = [...code.matchAll(CALL)].flatMap(({ 0: call, index }) => {
      const start = index + call.length;
      const given = code.slice(start, endOfArguments(code, start));
      return [...given.matchAll(CAST)].map((cast) => ({
        rule: "cast in an operation",
        place: `${file}:${lineAt(code, start + cast.index)}`,
        what: "a cast inside operationOf() hides a wrong payload; give the value its type instead",
      }));
    });
    const toAll = BELOW_COMMANDS.some((place) => place.test(file))
      ? []
      : [...code.matchAll(CAST_TO_ALL)].map(({ index }) => ({
          rule: "cast that fits everything",
          place: `${file}:${lineAt(code, index)}`,
          what: "a cast to never, any or unknown hides a wrong payload; give the value its type instead",
        }));
    return [...before, ...inside, ...toAll];
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
