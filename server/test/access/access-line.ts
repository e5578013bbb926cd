/** The lines of the table of access: who may call a route, which ids it names, and what another's id answers. */
import type { ErrorCode } from "../../src/errors/error-table.ts";

/** Things that requests name by an id, by their owner. */
export const THINGS = {
  wallet: "user",
  item: "user",
  exported: "user",
  gift: "user",
  imported: "user",
  listing: "user",
  planned: "user",
  transfer: "user",
  purchase: "user",
  session: "user",
  linked: "user",
  hold: "user",
  limit: "platform",
  recipe: "platform",
  stock: "platform",
  typed: "user",
  itemType: "platform",
  rarity: "platform",
} as const;

export type Thing = keyof typeof THINGS;

/** Ids of the things of one owner. */
export type Ids = Readonly<Record<Thing, string>> & {
  /** Another user of the owner's platform; in an attack the attacker, who would gain by it. */
  readonly friend: string;
  /** A listing of the friend. */
  readonly offer: string;
  readonly token: string;
  readonly assertion: string;
};

export interface Sent {
  /** Values of path parameters beside `{userId}`, `{currency}` and `{id}`. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: string;
  readonly body?: object;
}

/**
 * What another's id answers, equal to that of an id without owner: the error with this code, or `nothing`, a success
 * that changes nothing. `open` is a thing that the route shows or sells to others, for the reason of the line.
 */
export type Another = ErrorCode | "nothing" | "open";

/** States of the owner's wallet that a request needs to succeed. */
export type State = "closed" | "frozen" | "consenting";

export interface AccessLine {
  /** The things that the request names; the first one but the wallet is the `{id}` of the path. */
  readonly names: Readonly<Partial<Record<Thing, Another>>>;
  readonly needs?: State;
  readonly send?: (ids: Ids) => Sent;
  /** Why everybody, or more than the owner, may call it. */
  readonly why?: string;
  /** To those who may call it, where the request of the line is no success. */
  readonly answers?: ErrorCode;
  /** To users, where the line's request succeeds for keys only. */
  readonly answersUsers?: ErrorCode;
}

/** Callers of routes that declare no access: those outside /api/v1, and the public ones in it. */
export type Audience = "anyone" | "session" | "service key" | "metrics key";

export interface OlderLine extends AccessLine {
  readonly audience: Audience;
}

/** By method and path as the route table spells them; several requests where one route has several uses. */
export type Lines<Line extends AccessLine> = Readonly<Record<string, Line | readonly Line[]>>;

export function linesOf<Line extends AccessLine>(entry: Line | readonly Line[]): readonly Line[] {
  return Array.isArray(entry) ? (entry as readonly Line[]) : [entry as Line];
}
