/** Rows of the operators' log that the posting engine writes in the transaction of the act. */
import { arrayColumn, bindRows, insertFromUnnest, JSONB, TEXT } from "../../db/tables/columns.ts";
import type { ArrayStatement } from "../../db/tables/columns.ts";
import type { JsonObject } from "../../engine/operation.ts";
import { insert, type Resource, type RowChange } from "../../engine/resource.ts";

export interface ActRow {
  readonly operator: string;
  readonly what: string;
  /** Whom or what it changed. */
  readonly subject: string;
  /** null where the act that it belongs to says why. */
  readonly reason: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

const INSERTED = [
  arrayColumn("operator", TEXT, ({ operator }: ActRow) => operator),
  arrayColumn("what", TEXT, ({ what }: ActRow) => what),
  arrayColumn("subject", TEXT, ({ subject }: ActRow) => subject),
  arrayColumn("reason", TEXT, ({ reason }: ActRow) => reason),
  arrayColumn("before", JSONB, ({ before }: ActRow) => before),
  arrayColumn("after", JSONB, ({ after }: ActRow) => after),
];

const insertActs: ArrayStatement<ActRow> = {
  name: "operator_acts_insert",
  text: insertFromUnnest("newday.operator_changes", INSERTED),
  columns: INSERTED,
};

/** By the id of the transfer, and a word where one transfer logs two acts. */
export const operatorActs: Resource<string, ActRow> = {
  name: "operator_acts",
  read: () => Promise.resolve(new Map()),
  write: (changes) => [
    bindRows(
      insertActs,
      changes.map(({ after }) => after),
    ),
  ],
};

/** A row of the log, written with the operation that is being decided. */
export function logAct(id: string, act: ActRow): RowChange {
  return insert(operatorActs, id, act);
}
