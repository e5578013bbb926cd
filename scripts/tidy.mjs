// Style beyond the formatter, as a check: one file of scripts/tidy each. Prints every finding with its
// place and exits 1 when there is one.
import { ROOT } from "./bootstrap/repository.mjs";
import { checkDirections } from "./tidy/directions.mjs";
import { checkErrorCodes } from "./tidy/error-codes.mjs";
import { checkExportedNames } from "./tidy/exported-names.mjs";
import { checkFolderCycles } from "./tidy/folder-cycles.mjs";
import { checkGlossary } from "./tidy/glossary.mjs";
import { checkComputedImports } from "./tidy/imports.mjs";
import { checkLockfile } from "./tidy/lockfile.mjs";
import { checkMigrationNumbers, checkReleasedMigrations } from "./tidy/migrations.mjs";
import { checkMutationSnippets } from "./tidy/mutation-snippets.mjs";
import { checkLeftovers, checkNames } from "./tidy/names-and-leftovers.mjs";
import { checkOperationCasts } from "./tidy/operation-casts.mjs";
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
  checkComputedImports,
  checkErrorCodes,
  checkMigrationNumbers,
  checkReleasedMigrations,
  checkMutationSnippets,
  checkOperationCasts,
  checkLockfile,
];

const repository = openRepository(ROOT);
const findings = CHECKS.flatMap((check) => check(repository));
for (const { place, what } of findings) console.error(`${place}: ${what}`);
process.exit(findings.length > 0 ? 1 : 0);
