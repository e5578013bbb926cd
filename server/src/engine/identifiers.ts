/** Ids and fingerprints of operations, derived so that a repeated request finds its first outcome. */
import { createHash, hash, randomFillSync } from "node:crypto";
import { setImmediate as nextTurn } from "node:timers/promises";
import { V7Generator } from "uuidv7";

/** A call for random numbers costs as much as an id; this many last for hundreds. */
const RANDOM = new Uint32Array(1_024);
let nextRandom = RANDOM.length;

const generator = new V7Generator({
  nextUint32() {
    if (nextRandom >= RANDOM.length) {
      randomFillSync(RANDOM);
      nextRandom = 0;
    }
    return RANDOM[nextRandom++] ?? 0;
  },
});

/** A UUID v7 for the paths that make thousands a second: ordered by time, 74 random bits. */
export function newUuid(): string {
  return generator.generate().toString();
}

/**
 * The transfer id of (caller, key): 128 bits of SHA-256. The same key of the same caller always
 * gives the same id, so the primary key of transfers is the idempotency index.
 */
export function transferIdFor(caller: string, key: string): string {
  return asUuid(hash("sha256", `${caller.length}:${caller}:${key}`, "hex"));
}

/** A new transfer id for an operation without a key; ordered by time. */
export function newTransferId(): string {
  return newUuid();
}

/**
 * 128 bits of SHA-256 over the request in canonical form: object keys sorted, absent members left
 * out, bigint as its digits, dates as ISO text. Two spellings of one request agree.
 */
export function fingerprintOf(request: unknown): string {
  return asUuid(hash("sha256", canonical(request), "hex"));
}

/** A request in parts: what differs from part to part is its word only. */
export interface PartedRequest {
  readonly body: unknown;
  readonly ifMatch: string | undefined;
  readonly method: string;
  readonly path: string;
}

/**
 * Fingerprints of the parts of one request, equal to `fingerprintOf({ ...request, part })`. The body
 * is hashed once: for a request of 1,000 parts it would otherwise be hashed 1,000 times. A long list in the
 * body is hashed in pieces, between which other requests have their turn.
 */
export async function fingerprintsOfParts(
  request: PartedRequest,
): Promise<(part: string) => string> {
  const { body, ifMatch, method, path } = request;
  const hashed = createHash("sha256").update('{"body":');
  let pieces = 0;
  for (const piece of canonicalPieces(body)) {
    hashed.update(piece);
    pieces += 1;
    if (pieces % TURN_PIECES === 0) await nextTurn();
  }
  hashed.update(`,${canonical({ ifMatch, method }).slice(1, -1)}`);
  const end = canonical({ path }).slice(1);
  return (part) => {
    const rest = `,"part":${JSON.stringify(part)},${end}`;
    return asUuid(hashed.copy().update(rest).digest("hex"));
  };
}

/** As many items of a list are hashed in about a millisecond. */
const TURN_PIECES = 50;

/** The text of `canonical` in pieces: each item of a list outside other lists is one. */
function* canonicalPieces(value: unknown): Generator<string> {
  if (Array.isArray(value)) {
    yield "[";
    for (const [index, item] of value.entries())
      yield index === 0 ? canonical(item) : `,${canonical(item)}`;
    yield "]";
  } else if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1));
    for (const [index, [name, member]] of members.entries()) {
      yield `${index === 0 ? "{" : ","}${JSON.stringify(name)}:`;
      yield* canonicalPieces(member);
    }
    yield members.length === 0 ? "{}" : "}";
  } else yield canonical(value);
}

function canonical(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Date) return JSON.stringify(value.toISOString());
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members: string[] = [];
  const object = value as Record<string, unknown>;
  for (const name of Object.keys(object).sort((a, b) => (a < b ? -1 : 1)))
    if (object[name] !== undefined)
      members.push(`${JSON.stringify(name)}:${canonical(object[name])}`);
  return `{${members.join(",")}}`;
}

function asUuid(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}
