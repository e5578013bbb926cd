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
  /** True when the request itself breaks the rule: sent again it is refused again, so its key stays free. */
  readonly aboutForm?: boolean;
  /** The refused or failed action, and the reason. */
  readonly message: Message;
  /** The reader's next step: imperative, about the broken rule. */
  readonly remedy: Message;
}

/** A row with its defaults filled in. */
export type ErrorDefinition = Required<ErrorRow>;

export type ErrorRows = Readonly<Record<string, ErrorRow>>;

/** A code that stands in two topics makes the argument of `combineTopics` an error that names it. */
type Disjoint<Topics extends readonly object[], Seen = never> = Topics extends readonly [
  infer First,
  ...infer Rest extends readonly object[],
]
  ? [Extract<keyof First, Seen>] extends [never]
    ? Disjoint<Rest, Seen | keyof First>
    : { readonly codeStandsTwice: Extract<keyof First, Seen> }
  : unknown;

/** The codes of all topics. */
type CodesOf<Topics extends readonly object[]> = {
  [Index in keyof Topics]: keyof Topics[Index];
}[number] &
  string;

/** Makes one table of several topics. A duplicate code is a type error. */
export function combineTopics<const Topics extends readonly ErrorRows[]>(
  ...topics: Topics & Disjoint<Topics>
): Readonly<Record<CodesOf<Topics>, ErrorDefinition>> {
  const rows = Object.entries<ErrorRow>(Object.assign({}, ...topics));
  const defined = rows.map(([code, row]) => [code, withDefaults(row)] as const);
  return Object.fromEntries(defined) as Record<CodesOf<Topics>, ErrorDefinition>;
}

function withDefaults(row: ErrorRow): ErrorDefinition {
  return { problemStatus: row.status, retryable: false, aboutForm: false, ...row };
}
