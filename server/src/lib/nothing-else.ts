/** For the rest of a destructured value: a member that this place would drop is a type error. */
export type NothingElse = Readonly<Record<string, never>>;

/**
 * As `NothingElse`, for a value that goes on whole to several functions: `Value` when `Read` names its
 * every member, otherwise never, of which nothing can be read.
 */
export type WithOnly<Value, Read extends keyof Value> =
  Exclude<keyof Value, Read> extends never ? Value : never;
