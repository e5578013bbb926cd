/** How the inventory of personal data describes a table and its columns. */
import type { Message } from "../../lib/messages.ts";

/** A person whose rows are read. */
export interface Person {
  readonly userId: string;
  /** Number of the wallet. */
  readonly wallet: bigint;
}

/** What erasure does with a value. */
export type ErasureOfColumn = "renamed" | "dropped" | "removed" | "stays";

export interface PersonalColumn {
  readonly holds: Message;
  readonly exported: boolean;
  readonly erasure: ErasureOfColumn;
}

export interface PersonalTable {
  readonly name: string;
  /** SQL for the rows of a person: `$1` is the user id, `$2` the wallet number. */
  readonly rowsOf: string;
  /** SQL for fewer of them, where the others would tell a platform which identity a person has elsewhere. */
  readonly exportOf?: string;
  /** The primary key. */
  readonly key: readonly string[];
  readonly columns: Readonly<Record<string, PersonalColumn>>;
  /** Amounts, times, states and ids of other things: exported, and they stay as long as their row. */
  readonly facts: readonly string[];
  /** Of use to the software only. */
  readonly internal: readonly string[];
  /** Left out of the export's own list of rows: the export shows it in another form, or it repeats others. */
  readonly isShownElsewhere?: true;
}

const column =
  (exported: boolean, erasure: ErasureOfColumn) =>
  (en: string, zh: string): PersonalColumn => ({ holds: { en, zh }, exported, erasure });

export const renamed = column(true, "renamed");
export const dropped = column(true, "dropped");
export const removed = column(true, "removed");
export const stays = column(true, "stays");
export const hiddenRenamed = column(false, "renamed");
export const hiddenDropped = column(false, "dropped");
export const hiddenRemoved = column(false, "removed");
export const hiddenStays = column(false, "stays");

/** The rows whose column is an account of the person's wallet. */
export const ofOwnAccounts = (column: string) =>
  `${column} >= $2::bigint << 16 and ${column} < ($2::bigint + 1) << 16`;

/** The names of columns, of which a table has many. */
export function words(text: string): readonly string[] {
  return text.split(" ");
}
