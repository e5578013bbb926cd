/** One table of several topics: the compiler refuses a code that stands in two of them. */

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
type CodesOf<Topic> = Topic extends unknown ? keyof Topic & string : never;

/** The row of a code, with its literal texts. */
type RowOf<Topic, Code> = Topic extends unknown
  ? Code extends keyof Topic
    ? Topic[Code]
    : never
  : never;

/** Makes one table of several topics. A duplicate code is a type error. */
export function combineTopics<const Topics extends readonly object[]>(
  ...topics: Topics & Disjoint<Topics>
): { readonly [Code in CodesOf<Topics[number]>]: RowOf<Topics[number], Code> } {
  return Object.assign({}, ...topics);
}
