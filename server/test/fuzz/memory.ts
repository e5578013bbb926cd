/** The ids that a lane of requests keeps from its replies, so that later requests use real ids. */
import { Known } from "./values.ts";

/** Few, so that the same things are met again and again. */
const POOL_SIZE = 60;
const ABSENT_ID = "0198c0de-0000-7000-8000-000000000001";

/** The lists that answers of these paths add to: a refund is a transfer, a grant has an item. */
const SAME_KIND: Readonly<Record<string, string>> = {
  mints: "transfers",
  burns: "transfers",
  adjustments: "transfers",
  refunds: "transfers",
  exchanges: "transfers",
  captures: "transfers",
  void: "holds",
  catalogue: "definition",
  quotes: "quote",
  marketplace: "listings",
  list: "listings",
  inventory: "items",
};

const BY_MEMBER: Readonly<Record<string, string>> = {
  itemId: "items",
  listingId: "listings",
  definitionId: "definition",
  transferId: "transfers",
  transactionId: "transfers",
  holdId: "holds",
  token: "token",
  quote: "quote",
};

export interface Resolved {
  readonly value: unknown;
  /** True when a cursor was edited: it must be refused. */
  readonly edited: boolean;
}

export class Memory {
  readonly #pools = new Map<string, string[]>();

  add(pool: string, value: string): void {
    const values = this.#pools.get(pool) ?? [];
    if (values.includes(value)) return;
    values.push(value);
    if (values.length > POOL_SIZE) values.splice(1, 1);
    this.#pools.set(pool, values);
  }

  /** Keeps every id of a reply. `path` is the path of the operation. */
  learn(operation: { readonly id: string; readonly path: string }, reply: unknown): void {
    const words = operation.path.split("/").filter((word) => word !== "" && !word.startsWith("{"));
    const last = words.at(-1) ?? "";
    this.#walk(reply, SAME_KIND[last] ?? last, operation.id, 0);
  }

  #walk(value: unknown, kind: string, operationId: string, depth: number): void {
    if (typeof value !== "object" || value === null || depth > 4) return;
    for (const [name, member] of Object.entries(value as Record<string, unknown>)) {
      if (typeof member !== "string") {
        const list = Array.isArray(member) ? member.slice(0, 5) : member;
        this.#walk(list, kind, operationId, depth + 1);
        continue;
      }
      if (name === "nextCursor") this.add(`cursor:${operationId}`, member);
      const pool = name === "id" ? kind : BY_MEMBER[name];
      if (pool === undefined) continue;
      this.add(pool, member);
      this.add("any", member);
    }
  }

  /** Puts kept values where the plan asks for them. */
  resolve(value: unknown): Resolved {
    if (value instanceof Known) return this.#pick(value);
    if (typeof value !== "object" || value === null) return { value, edited: false };
    if (Array.isArray(value))
      return { value: value.map((one) => this.resolve(one).value), edited: false };
    const entries = Object.entries(value as Record<string, unknown>);
    return {
      value: Object.fromEntries(entries.map(([name, one]) => [name, this.resolve(one).value])),
      edited: false,
    };
  }

  #pick({ pool, at }: Known): Resolved {
    const values = this.#pools.get(pool) ?? [];
    const found = values[at % values.length];
    if (found === undefined) return { value: ABSENT_ID, edited: false };
    if (!pool.startsWith("cursor:") || at % 3 !== 0) return { value: found, edited: false };
    return { value: editOneLetter(found, at), edited: true };
  }
}

/** Adds, drops or replaces one letter of a cursor. */
function editOneLetter(text: string, at: number): string {
  const place = at % text.length;
  const letter = "Aa0_"[at % 4] === text[place] ? "B" : ("Aa0_"[at % 4] ?? "B");
  if (at % 2 === 0) return text + letter;
  if (at % 5 === 0) return text.slice(0, place) + text.slice(place + 1);
  return text.slice(0, place) + letter + text.slice(place + 1);
}
