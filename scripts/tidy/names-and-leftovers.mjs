// Names of files, and what must not stand in any of them.
import { basename } from "node:path";
import { isCode, isText, lineAt } from "./repository.mjs";

const KEBAB = /^\.?[a-z0-9]+([.-][a-z0-9]+)*$/;
/** Names that the outside world decided. */
const GIVEN_NAMES =
  /^(README|README\.zh-CN|CHANGELOG|CONTRIBUTING|ARCHITECTURE|CODE_OF_CONDUCT|LICENSE|SECURITY|Dockerfile)(\.md)?$/;

/** Written in pieces, so that this file is clean itself. */
const LEFTOVERS = [
  {
    // Folders of single machines; they must stay out of the repository.
    pattern: /(?<![\w.])\/(work|root)\/[a-z]/g,
    what: "a path of one machine",
  },
  {
    pattern: new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`, "g"),
    what: "unfinished work left in the source",
    codeOnly: true,
  },
  {
    pattern: /\b(it|test|describe)\.(only|skip|todo)\(/g,
    what: "a test that does not run",
    codeOnly: true,
  },
  {
    pattern: new RegExp("prettier" + "-ignore", "g"),
    what: "an exception for another formatter: let oxfmt win",
    rule: "exception for Prettier",
    codeOnly: true,
  },
];

export function checkNames({ files }) {
  return files
    .filter((file) => !KEBAB.test(basename(file)) && !GIVEN_NAMES.test(basename(file)))
    .map((place) => ({ place, what: "names are kebab-case" }));
}

export function checkLeftovers(repository) {
  return repository.files.filter(isText).flatMap((file) => {
    const text = repository.read(file);
    return LEFTOVERS.filter(({ codeOnly }) => !codeOnly || isCode(file)).flatMap(
      ({ pattern, what, rule }) =>
        [...text.matchAll(pattern)].map(({ index }) => ({
          rule,
          place: `${file}:${lineAt(text, index)}`,
          what,
        })),
    );
  });
}
