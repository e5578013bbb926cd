/** The shape of a row of the error table (error-table.ts). */
import type { Message } from "../lib/messages.ts";

/** A row as it is written down. The compiler demands every part that has no question mark. */
export interface ErrorRow {
  /** HTTP status of the answer. */
  readonly status: number;
  /** Status on /api/v1 and /api/admin, where it differs from what the older clients expect. */
  readonly problemStatus?: number;
  /** The word that the clients of /api/shared and /api/allinone know (docs/contract.md 9). */
  readonly contractCode: string;
  /** Exit code of a command that ends with it. */
  readonly exitCode: number;
  /** True when the same request may succeed later, unchanged. */
  readonly retryable?: boolean;
  /**
   * True when the request itself breaks the rule: sent again it is refused again, so its key stays free. Also for a
   * starter grant that has to come first, because the same request is posted behind it.
   */
  readonly aboutForm?: boolean;
  /** The refused or failed action, and the reason. */
  readonly message: Message;
  /** The reader's next step: imperative, about the broken rule. */
  readonly remedy: Message;
}

/** A row with its defaults filled in. */
export type ErrorDefinition = Required<ErrorRow>;

export type ErrorRows = Readonly<Record<string, ErrorRow>>;

/** The rows with their defaults filled in. */
export function withDefaults<const Rows extends ErrorRows>(
  rows: Rows,
): Readonly<Record<keyof Rows & string, ErrorDefinition>> {
  const defined = Object.entries(rows).map(([code, row]) => [code, definitionOf(row)] as const);
  return Object.fromEntries(defined) as Record<keyof Rows & string, ErrorDefinition>;
}

function definitionOf(row: ErrorRow): ErrorDefinition {
  return { problemStatus: row.status, retryable: false, aboutForm: false, ...row };
}
