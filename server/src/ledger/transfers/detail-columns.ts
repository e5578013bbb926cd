/** The columns of an operation's details: on the first line of its transfer, null where there is none. */
import {
  arrayColumn,
  JSONB,
  selectNames,
  TEXT,
  TIMESTAMPTZ_LITERAL,
  type ArrayColumn,
} from "../../db/tables/columns.ts";
import type { OperationDetails } from "../../engine/operation.ts";

type Detail = keyof OperationDetails;

/** The details of a stored transfer. */
export type StoredDetails = {
  readonly [Name in Detail]-?: NonNullable<OperationDetails[Name]> | null;
};

export const DETAIL_COLUMNS: Readonly<Record<Detail, ArrayColumn<OperationDetails>>> = {
  reference: arrayColumn("reference", TEXT, ({ reference }) => reference ?? null),
  reason: arrayColumn("reason", TEXT, ({ reason }) => reason ?? null),
  metadata: arrayColumn("metadata", JSONB, ({ metadata }) => metadata ?? null),
  effectiveAt: arrayColumn(
    "effective_at",
    TIMESTAMPTZ_LITERAL,
    ({ effectiveAt }) => effectiveAt ?? null,
  ),
};

/** The names of all details. */
export const DETAIL_NAMES = Object.keys(DETAIL_COLUMNS) as Detail[];

/** The columns of these details for a select list. */
export function selectDetails(details: readonly Detail[], alias?: string): string {
  return selectNames(
    details.map((detail) => [detail, DETAIL_COLUMNS[detail].name]),
    alias,
  );
}
