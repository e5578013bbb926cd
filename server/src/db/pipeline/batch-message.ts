/**
 * Bind and Execute of every statement and one Sync, as one buffer.
 *
 * Source of the layout: PostgreSQL documentation, "Message Formats" (Bind, Describe, Execute, Sync). Buffers are
 * sent in binary format, everything else as text; results come back as text.
 */
import type { BoundStatement, Parameter } from "../database.ts";

const BIND = 0x42;
const DESCRIBE = 0x44;
const PORTAL = 0x50;
const EXECUTE = 0x45;
const SYNC = 0x53;
const TEXT = 0;
const BINARY = 1;
const NULL = -1;
/** Unnamed portal, every row. */
const EXECUTE_SIZE = 10;
const DESCRIBE_SIZE = 7;
const SYNC_SIZE = 5;
/** Type and length of the message, two empty names, three counts. */
const BIND_FRAME = 1 + 4 + 1 + 1 + 2 + 2 + 2;

type Encoded = Buffer | string | null;

interface Encodable {
  readonly name: string;
  readonly parameters: readonly Encoded[];
  /** Bytes of the Bind message, its type included. */
  readonly size: number;
}

/** `describes`: whether the answer describes a statement's columns before the rows. */
export function encodeBatch(
  statements: readonly BoundStatement[],
  describes: (name: string) => boolean,
): Buffer {
  const encodable = statements.map(measure);
  const frames = encodable.length * (DESCRIBE_SIZE + EXECUTE_SIZE) + SYNC_SIZE;
  const message = Buffer.allocUnsafe(encodable.reduce((sum, one) => sum + one.size, frames));
  let at = 0;
  for (const one of encodable) {
    at = writeBind(message, at, one);
    if (describes(one.name)) at = writeDescribe(message, at);
    at = writeExecute(message, at);
  }
  message[at] = SYNC;
  return message.subarray(0, message.writeInt32BE(SYNC_SIZE - 1, at + 1));
}

function measure({ statement, values }: BoundStatement): Encodable {
  const parameters = values.map(encoded);
  const size = parameters.reduce(
    (sum, one) => sum + 2 + 4 + (one === null ? 0 : Buffer.byteLength(one)),
    BIND_FRAME + Buffer.byteLength(statement.name),
  );
  return { name: statement.name, parameters, size };
}

function encoded(value: Parameter): Encoded {
  return value === null || Buffer.isBuffer(value) ? value : String(value);
}

function writeBind(message: Buffer, start: number, { name, parameters, size }: Encodable): number {
  let at = start;
  message[at] = BIND;
  at = message.writeInt32BE(size - 1, at + 1);
  message[at] = 0;
  at += 1 + message.write(name, at + 1);
  message[at] = 0;
  at = message.writeInt16BE(parameters.length, at + 1);
  for (const one of parameters)
    at = message.writeInt16BE(typeof one === "string" ? TEXT : BINARY, at);
  at = message.writeInt16BE(parameters.length, at);
  for (const one of parameters) at = writeParameter(message, at, one);
  return message.writeInt16BE(0, at);
}

function writeParameter(message: Buffer, at: number, value: Encoded): number {
  if (value === null) return message.writeInt32BE(NULL, at);
  const length = Buffer.byteLength(value);
  const start = message.writeInt32BE(length, at);
  if (typeof value === "string") message.write(value, start);
  else value.copy(message, start);
  return start + length;
}

function writeDescribe(message: Buffer, at: number): number {
  message[at] = DESCRIBE;
  message.writeInt32BE(DESCRIBE_SIZE - 1, at + 1);
  message[at + 5] = PORTAL;
  message[at + 6] = 0;
  return at + DESCRIBE_SIZE;
}

function writeExecute(message: Buffer, at: number): number {
  message[at] = EXECUTE;
  message.writeInt32BE(EXECUTE_SIZE - 1, at + 1);
  message.fill(0, at + 5, at + EXECUTE_SIZE);
  return at + EXECUTE_SIZE;
}
