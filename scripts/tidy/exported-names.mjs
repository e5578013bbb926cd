// An exported name stands once in its workspace, so that a search for it finds one thing.
import { codeOf } from "./comments.mjs";
import { isSource, lineAt } from "./repository.mjs";

const DECLARED =
  /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|(?:const )?enum|const|let|class|interface|type|namespace) ([A-Za-z_$][\w$]*)/gm;
const LISTED = /^export (?:type )?\{([^}]*)\}( from)?/gm;
/** The SDK's two entries give out names that other files declare. */
const BARRELS = new Set(["sdk/src/index.ts", "sdk/src/admin/index.ts"]);
/** The shapes of a second document, which names some of them as the first does. */
const SECOND_DOCUMENT = "sdk/src/admin/generated/";

/** Forms that give one thing two names, or a name that a search does not find. */
const OTHER_FORMS = [
  [/^export (?:declare )?var\b/gm, "exports a var: use const"],
  [
    /^export (?:declare )?(?:const|let) [[{]/gm,
    "exports by destructuring: declare each name on its own",
  ],
  [
    /^export (?:declare )?(?:const|let) [\w$]+ = [^;({[`\n]*,\s+[A-Za-z_$][\w$]* = /gm,
    "exports several names in one declaration: declare each on its own",
  ],
  [/^export default\b/gm, "has a default export: give it a name"],
  [/^export \*/gm, "exports everything of another file: import it from where it is declared"],
  [
    /^export (?:type )?\{[^}]*\bas\s+\w+[^}]*\}/gm,
    "exports a name as another: one thing has one name",
  ],
];

export function checkExportedNames(repository) {
  return [...doubledNames(repository), ...otherForms(repository)];
}

function otherForms(repository) {
  return repository.files.filter(isSource).flatMap((file) => {
    const code = codeOf(file, repository.read(file));
    return OTHER_FORMS.flatMap(([form, what]) =>
      [...code.matchAll(form)].map(({ index }) => ({
        rule: "form of an export",
        place: `${file}:${lineAt(code, index)}`,
        what,
      })),
    );
  });
}

function workspaceOf(file) {
  return file.startsWith(SECOND_DOCUMENT) ? "sdk/admin" : file.split("/")[0];
}

function doubledNames(repository) {
  const places = new Map();
  for (const file of repository.files.filter(isSource))
    for (const { name, index } of exportsOf(file, repository.read(file))) {
      const key = `${workspaceOf(file)} ${name}`;
      const place = `${file}:${lineAt(repository.read(file), index)}`;
      // A constant and its type may share a name, as may the overloads of a function.
      const known = (places.get(key) ?? []).filter((one) => !one.startsWith(`${file}:`));
      places.set(key, [...known, place]);
    }
  return [...places]
    .filter(([, found]) => found.length > 1)
    .flatMap(([key, found]) =>
      found.slice(1).map((place) => ({
        rule: "exported twice",
        place,
        what: `exports ${key.split(" ")[1]}, as ${found[0]} does: one name means one thing`,
      })),
    );
}

function exportsOf(file, text) {
  const declared = [...text.matchAll(DECLARED)].map(({ 1: name, index }) => ({ name, index }));
  const listed = [...text.matchAll(LISTED)]
    .filter(({ 2: from }) => !(from && BARRELS.has(file)))
    .flatMap(({ 1: names, index }) =>
      names
        .split(",")
        .map((name) => name.trim().split(/\s+/).pop())
        .filter(Boolean)
        .map((name) => ({ name, index })),
    );
  return [...declared, ...listed];
}
