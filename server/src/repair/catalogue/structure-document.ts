/**
 * The structure of one environment as a document that can be stored, sent and compared.
 *
 * Its format is numbered: comparing two formats would report differences of this tool as
 * differences of the databases.
 */
import { readFileSync } from "node:fs";
import { quoteIdentifier, type ConnectionTarget } from "../../db/driver/direct-client.ts";
import { refusal } from "../../errors/refusals.ts";
import { inspect } from "./inspection.ts";
import { readServer } from "./server-queries.ts";
import { readOnly, withRepairConnection } from "../connection/connection.ts";
import { tablesOf } from "../model/definition.ts";
import { writeOutput } from "../model/output-file.ts";
import { knownRepairs } from "../model/repairs.ts";
import type { RepairDefinition } from "../model/definition.ts";
import { findConcernedTables, readStructure, type StructureRow } from "./structure-queries.ts";

export const STRUCTURE_FORMAT = 1;

export interface StructureDocument {
  readonly format: typeof STRUCTURE_FORMAT;
  readonly label: string;
  readonly at: string;
  readonly major: number;
  readonly rows: readonly StructureRow[];
}

/** Reads it in one read-only transaction. Errors: those of `openRepairConnection`, B04. */
export function readStructureDocument(
  target: ConnectionTarget,
  repair: RepairDefinition,
  schema?: string,
): Promise<StructureDocument> {
  return withRepairConnection(target, "drift", (client) =>
    readOnly(client, async () => {
      const server = await readServer(client);
      const inspection = await inspect(client, repair, schema);
      const names = [...new Set(knownRepairs().flatMap(tablesOf))];
      const tables = await findConcernedTables(client, inspection.schema, names);
      return {
        format: STRUCTURE_FORMAT,
        label: server.database,
        at: new Date().toISOString(),
        major: Math.floor(server.versionNumber / 10_000),
        rows: (await readStructure(client, tables)).map((row) =>
          withoutSchema(row, inspection.schema),
        ),
      };
    }),
  );
}

/** Environments may keep the same tables in schemas of different names. */
function withoutSchema(row: StructureRow, schema: string): StructureRow {
  // As the catalogue prints it: in quotes where it has capitals, blanks or quotes of its own.
  const strip = (text: string) =>
    text.replaceAll(`${quoteIdentifier(schema)}.`, "").replaceAll(`${schema}.`, "");
  return { ...row, table: strip(row.table), key: strip(row.key), detail: strip(row.detail) };
}

export function writeStructureDocument(path: string, document: StructureDocument): void {
  writeOutput(path, `${JSON.stringify(document, null, 2)}\n`);
}

/** Throws `repair_usage` for any other file, or another format. */
export function readStructureFile(path: string): StructureDocument {
  const document = parse(path);
  if (document?.format === STRUCTURE_FORMAT && Array.isArray(document.rows)) return document;
  throw refusal(
    "structure_document_invalid",
    { path, format: STRUCTURE_FORMAT },
    { details: { path, format: document?.format } },
  );
}

function parse(path: string): StructureDocument | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as StructureDocument;
  } catch {
    return undefined;
  }
}
