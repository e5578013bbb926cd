// Style beyond the formatter, as a check: one file of scripts/tidy each. Prints every finding with its
// place and exits 1 when there is one.
//   npm run tidy -- --strict   also what scripts/tidy/known.json tolerates until it is mended
//   npm run tidy -- --record   writes that list as the checkout is now
import { ROOT } from "./bootstrap/repository.mjs";
import { checkDirections } from "./tidy/directions.mjs";
import { checkErrorCodes } from "./tidy/error-codes.mjs";
import { checkExportedNames } from "./tidy/exported-names.mjs";
import { checkFolderCycles } from "./tidy/folder-cycles.mjs";
import { checkGlossary } from "./tidy/glossary.mjs";
import { beyondKnown, recordKnown } from "./tidy/known.mjs";
import { checkLockfile } from "./tidy/lockfile.mjs";
import { checkMigrationNumbers, checkReleasedMigrations } from "./tidy/migrations.mjs";
import { checkMutationSnippets } from "./tidy/mutation-snippets.mjs";
import { checkLeftovers, checkNames } from "./tidy/names-and-leftovers.mjs";
import { checkPages } from "./tidy/pages.mjs";
import { checkReferences } from "./tidy/references.mjs";
import { openRepository } from "./tidy/repository.mjs";

const CHECKS = [
  checkNames,
  checkLeftovers,
  checkPages,
  checkReferences,
  checkGlossary,
  checkExportedNames,
  checkFolderCycles,
  checkDirections,
  checkErrorCodes,
  checkMigrationNumbers,
  checkReleasedMigrations,
  checkMutationSnippets,
  checkLockfile,
];

const repository = openRepository(ROOT);
const all = CHECKS.flatMap((check) => check(repository));
if (process.argv.includes("--record")) recordKnown(all);
const findings = process.argv.includes("--strict") ? all : beyondKnown(all);
for (const { place, what } of findings) console.error(`${place}: ${what}`);
process.exit(findings.length > 0 ? 1 : 0);
