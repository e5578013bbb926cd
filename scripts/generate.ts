/**
 * Writes the pages that are derived from the source, or with `--check` fails when one is stale.
 * Pages that people maintain by hand become wrong after a while.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { errorsPage } from "./generate/errors-page.ts";
import { findingPages } from "./generate/finding-pages.ts";
import { integrationPage } from "./generate/integration-page.ts";
import { CHECKSUMS, migrationChecksums } from "./generate/migration-checksums.ts";
import { openapiDocument } from "./generate/openapi-document.ts";
import { schemaPage } from "./generate/schema-page.ts";
import { sdkErrorCodes } from "./generate/sdk-error-codes.ts";
import { sdkTypes } from "./generate/sdk-types.ts";

const pages: readonly { readonly path: string; readonly content: string }[] = [
  { path: "docs/errors.md", content: errorsPage() },
  ...findingPages(),
  { path: "docs/openapi.json", content: await openapiDocument() },
  { path: "docs/schema.sql", content: await schemaPage() },
  { path: CHECKSUMS, content: migrationChecksums() },
  { path: "sdk/src/generated/api-types.ts", content: await sdkTypes() },
  { path: "sdk/src/generated/error-codes.ts", content: sdkErrorCodes() },
  { path: "server/public/test-newday-integration.html", content: await integrationPage() },
];

const check = process.argv.includes("--check");
const stale = pages.filter(
  ({ path, content }) => !existsSync(path) || readFileSync(path, "utf8") !== content,
);
for (const { path, content } of stale) {
  if (check) console.error(`${path} is stale: run \`npm run generate\` and commit it`);
  else writeFileSync(path, content);
}
if (check && stale.length > 0) process.exitCode = 1;
