// Prints how the code is written, in numbers: `node scripts/tidy/count-words.mjs [folder of a checkout]`.
import { resolve } from "node:path";
import { ROOT } from "../bootstrap/repository.mjs";
import { commentsOf, wordsOf } from "./comments.mjs";
import { checkExportedNames } from "./exported-names.mjs";
import { checkFolderCycles } from "./folder-cycles.mjs";
import { checkGlossary } from "./glossary.mjs";
import { isSource, openRepository } from "./repository.mjs";

const NEGATION = /^(not|no|never|nothing|nobody|none|neither|nor|cannot|[a-z]+n't)$/;

const folder = resolve(process.argv[2] ?? ROOT);
const repository = openRepository(folder);
const source = repository.files.filter((file) => isSource(file) && file.startsWith("server/src/"));
if (source.length === 0) {
  console.error(`${folder} is not the folder of a checkout: it has no server/src.`);
  process.exit(2);
}
const lines = source.reduce((sum, file) => sum + repository.read(file).split("\n").length - 1, 0);
const words = source.flatMap((file) =>
  commentsOf(file, repository.read(file)).flatMap(({ text }) => wordsOf(text)),
);
const negations = words.filter((word) => NEGATION.test(word)).length;
const glossary = checkGlossary(repository);

print("files of server/src", source.length);
print("lines of server/src", lines);
print("words of comment", words.length);
print("negations per 1,000 of them", ((1000 * negations) / words.length).toFixed(1));
print("exported names that stand twice", checkExportedNames(repository).length);
print("imports that close a cycle of folders", checkFolderCycles(repository).length);
print("words of the glossary's left column", glossary.length);
for (const [rule, found] of byRule(glossary)) print(`  ${rule.replace("word ", "")}`, found.length);

function print(name, value) {
  console.log(`${name.padEnd(42)} ${String(value).padStart(7)}`);
}

function byRule(findings) {
  const groups = new Map();
  for (const finding of findings)
    groups.set(finding.rule, [...(groups.get(finding.rule) ?? []), finding]);
  return groups;
}
