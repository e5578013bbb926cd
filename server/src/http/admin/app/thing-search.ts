/** Cursors and pages of the searches for things. */
import { NewDayError } from "../../../errors/errors.ts";
import type { NamedPosition } from "../../../operators/things/find-by-name.ts";

export const NAMED_FORMS = { place: "number", definition: "uuid", id: "text" } as const;
type StoredPosition = Readonly<Record<keyof typeof NAMED_FORMS, string>>;

export function namedAsText({ place, definition, id }: NamedPosition): StoredPosition {
  return { place: `${place}`, definition, id };
}

export function namedOfText(position: StoredPosition | undefined): NamedPosition | undefined {
  return position && { ...position, place: BigInt(position.place) };
}

/** Errors: `invalid_field` for a search of everything, which has no order to read it in. */
export function requireTextOr(text: string | undefined, other: string): string {
  if (text !== undefined) return text;
  throw new NewDayError("invalid_field", {
    field: "q",
    rule: { en: `is needed without ${other}`, zh: `未给出 ${other} 时必填` },
  });
}

/** `next` is undefined on the last page. */
export function toFoundReply<Entry, Position>(
  data: readonly Entry[],
  next: Position | undefined,
  cursorOf: (next: Position) => string,
): { data: Entry[]; nextCursor: string | null } {
  return { data: [...data], nextCursor: next === undefined ? null : cursorOf(next) };
}
