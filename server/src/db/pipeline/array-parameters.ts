/**
 * PostgreSQL arrays as parameters for `unnest($1::bigint[], ...)`. The driver's own conversion
 * quotes and escapes every element; a batch has thousands. Numbers, times and uuids of the hot
 * statements go in binary form, which saves both sides formatting and parsing; the rest as array
 * literals.
 */

/** For elements that are digits, uuids or fixed words of ours; null becomes NULL. */
export function plainArray(values: readonly (bigint | number | string | null)[]): string {
  return `{${values.map((value) => value ?? "NULL").join(",")}}`;
}

/** For any text, quoted and escaped. Written out: a batch of purchases has hundreds of them. */
export function textArray(values: readonly (string | null)[]): string {
  let array = "{";
  for (const value of values) {
    if (array.length > 1) array += ",";
    array += value === null ? "NULL" : quote(value);
  }
  return `${array}}`;
}

const SPECIAL = /["\\]/;

function quote(value: string): string {
  return SPECIAL.test(value) ? `"${value.replace(/["\\]/g, "\\$&")}"` : `"${value}"`;
}

/** `bigint[]`. Throws a RangeError for an overflow. */
export function bigintArray(values: readonly (bigint | null)[]): Buffer {
  const array = newArray(BIGINT, values.length, 8);
  const view = new DataView(array.buffer, array.byteOffset, array.byteLength);
  let at = HEADER;
  for (const value of values) {
    if (value === null) at = writeNull(array, at);
    else {
      if (BigInt.asIntN(64, value) !== value) throw new RangeError("a number above 64 bits");
      view.setInt32(at, 8);
      view.setBigInt64(at + 4, value);
      at += 12;
    }
  }
  return array.subarray(0, at);
}

/** `timestamptz[]`. Throws a RangeError for an invalid date. */
export function timestampArray(values: readonly (Date | null)[]): Buffer {
  const array = newArray(TIMESTAMPTZ, values.length, 8);
  let at = HEADER;
  for (const value of values) {
    if (value === null) at = writeNull(array, at);
    else {
      array.writeInt32BE(8, at);
      const microseconds = BigInt(value.getTime() - POSTGRES_EPOCH_MS) * 1_000n;
      at = array.writeBigInt64BE(microseconds, at + 4);
    }
  }
  return array.subarray(0, at);
}

/** `uuid[]` from the usual text form. */
export function uuidArray(values: readonly (string | null)[]): Buffer {
  const array = newArray(UUID, values.length, 16);
  let at = HEADER;
  for (const value of values) {
    if (value === null) at = writeNull(array, at);
    else {
      array.writeInt32BE(16, at);
      writeUuid(array, at + 4, value);
      at += 20;
    }
  }
  return array.subarray(0, at);
}

/** Positions of the sixteen bytes in `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`. */
const UUID_BYTES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];
const HEX_DIGITS = new Int8Array(128).fill(-1);
for (let digit = 0; digit < 16; digit += 1)
  for (const form of [digit.toString(16), digit.toString(16).toUpperCase()])
    HEX_DIGITS[form.charCodeAt(0)] = digit;

/**
 * Written out: a transfer has six, and the buffer's own conversion of hex costs four times as much.
 */
function writeUuid(array: Buffer, at: number, value: string): void {
  let wrong = value.length - 36;
  for (let byte = 0; byte < 16; byte += 1) {
    const place = UUID_BYTES[byte] ?? 0;
    const high = HEX_DIGITS[value.charCodeAt(place)] ?? -1;
    const low = HEX_DIGITS[value.charCodeAt(place + 1)] ?? -1;
    wrong |= (high | low) < 0 ? 1 : 0;
    array[at + byte] = (high << 4) | low;
  }
  if (wrong !== 0) throw new RangeError("not a uuid");
}

// Layout of the binary form: PostgreSQL's array_recv: dimensions, has nulls, type of the elements,
// length and lower bound of the one dimension; then each element after its length, -1 for NULL.
const HEADER = 20;
const NULL = -1;
/** Types of elements by their OIDs in pg_type, which are constant. */
const BIGINT = 20;
const UUID = 2950;
const TIMESTAMPTZ = 1184;
/** PostgreSQL counts microseconds from here. */
const POSTGRES_EPOCH_MS = Date.UTC(2000, 0, 1);

function newArray(type: number, length: number, elementSize: number): Buffer {
  const array = Buffer.allocUnsafe(HEADER + length * (4 + elementSize));
  array.writeInt32BE(1, 0);
  array.writeInt32BE(1, 4);
  array.writeInt32BE(type, 8);
  array.writeInt32BE(length, 12);
  array.writeInt32BE(1, 16);
  return array;
}

function writeNull(array: Buffer, at: number): number {
  return array.writeInt32BE(NULL, at);
}
