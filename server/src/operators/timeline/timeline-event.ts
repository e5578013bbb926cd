/** One timeline of everything about a user: its events and positions. */
import type { Queryable } from "../../db/database.ts";

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

export interface TimelinePage {
  readonly after: TimelinePosition | undefined;
  readonly limit: number;
}

/** The next events of a source, newest first. */
export interface SourcePage {
  readonly events: readonly TimelineEvent[];
  /** Events behind which the source has more than it gave: what is older belongs on another page. */
  readonly cutAt: readonly TimelineEvent[];
}

export interface TimelineSource {
  readonly kind: TimelineKind;
  read(db: Queryable, user: TimelineUser, page: TimelinePage): Promise<SourcePage>;
}
