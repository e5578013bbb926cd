/** One timeline of everything about a user: its events and positions. */
export const TIMELINE_KINDS = ["money", "items", "market", "sessions", "rules", "acts"] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

export interface TimelineEvent {
  readonly kind: TimelineKind;
  /** The event's name within its kind: `transfer`, `import`, `buy`, `login`, `user freeze`. */
  readonly event: string;
  /** In microseconds of the Unix epoch, as the database keeps it. */
  readonly micros: bigint;
  /** Who did it, as the books name them; null where they do not say. */
  readonly by: string | null;
  /** By kind; amounts in minor units as strings. */
  readonly facts: Readonly<Record<string, unknown>>;
  /** Among equal times: the source, and the place within it. */
  readonly rank: number;
  readonly key: string;
}

/** Behind which event a page begins: the last one that was given. */
export interface TimelinePosition {
  readonly micros: bigint;
  readonly rank: number;
  readonly key: string;
  /** The next entry of each account, by currency number. */
  readonly money: ReadonlyMap<number, bigint>;
}

export interface TimelineUser {
  readonly userId: string;
  /** null: the user has no wallet. */
  readonly wallet: bigint | null;
}

/** A source as two texts of one statement; its parameters are those of `read-timeline.ts`. */
export interface TimelineSource {
  readonly kind: TimelineKind;
  /** The name of the source's rows in the statement. */
  readonly name: string;
  /** The next rows, with `time`, `rank` and `key` beside columns of the source's own. */
  rows(limit: number): string;
  /** The events of those rows that can be on the page: `time >= since`. `place` orders those of one time, the highest first. */
  events(since: string): string;
}
