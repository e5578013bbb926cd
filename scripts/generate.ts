/**
 * Writes the pages that are derived from the source, or with `--check` fails when one is stale.
 * Pages that people maintain by hand become wrong after a while.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { accessPage } from "./generate/access-page.ts";
import { consoleOperations } from "./generate/console-client.ts";
import { errorsPage } from "./generate/errors-page.ts";
import { findingPages } from "./generate/finding-pages.ts";
import { integrationPage } from "./generate/integration-page.ts";
import { CHECKSUMS, migrationChecksums } from "./generate/migration-checksums.ts";
import { describeApplication } from "./generate/application.ts";
import { readOpenapi } from "./generate/openapi-model.ts";
import { privacyPages } from "./generate/privacy-pages.ts";
import { schemaPage } from "./generate/schema-page.ts";
import { sdkErrorCodes } from "./generate/sdk-error-codes.ts";
import { sdkAdminOperations, sdkOperations } from "./generate/sdk-operations.ts";
import { sdkTypes } from "./generate/sdk-types.ts";

const { openapi, operatorsOpenapi, routes } = await describeApplication();
const model = readOpenapi(openapi);
const operatorsModel = readOpenapi(operatorsOpenapi);
const pages: readonly { readonly path: string; readonly content: string }[] = [
  {
    path: "console/src/api/generated/admin-operations.ts",
    content: consoleOperations(operatorsModel),
  },
  { path: "docs/access.md", content: accessPage(routes) },
  { path: "docs/errors.md", content: errorsPage() },
  ...findingPages(),
  ...privacyPages(),
  { path: "docs/openapi.json", content: openapi },
  { path: "docs/openapi-admin.json", content: operatorsOpenapi },
  { path: "docs/schema.sql", content: await schemaPage() },
  { path: CHECKSUMS, content: migrationChecksums() },
  {
    path: "sdk/src/generated/api-types.ts",
    content: sdkTypes(model, "docs/openapi.json", "./error-codes.ts"),
  },
  { path: "sdk/src/operations/generated/operations.ts", content: sdkOperations(model) },
  {
    path: "sdk/src/admin/generated/api-types.ts",
    content: sdkTypes(operatorsModel, "docs/openapi-admin.json", "../../generated/error-codes.ts"),
  },
  { path: "sdk/src/admin/generated/operations.ts", content: sdkAdminOperations(operatorsModel) },
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
