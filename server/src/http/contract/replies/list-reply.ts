/**
 * Lists of the older surfaces, which their clients read as `items` and as `data`. The list is serialized
 * once, in pieces between which other requests have their turn.
 */
import { Readable } from "node:stream";
import { setImmediate as nextTurn } from "node:timers/promises";
import type { FastifyReply } from "fastify";

/** Entries of one piece: 50 of the largest facts serialize in about a millisecond. */
const PIECE_ENTRIES = 50;

/** Sends `items`, `data` and the members of `rest`; longer lists leave as a stream. */
export async function sendList<Entry>(
  reply: FastifyReply,
  list: { readonly entries: readonly Entry[]; readonly toReply: (entry: Entry) => object },
  rest: object,
): Promise<FastifyReply> {
  const { entries, toReply } = list;
  const pieces: string[] = [];
  for (let at = 0; at < entries.length; at += PIECE_ENTRIES) {
    if (at > 0) await nextTurn();
    const some = entries.slice(at, at + PIECE_ENTRIES);
    pieces.push(some.map((entry) => JSON.stringify(toReply(entry))).join(","));
  }
  void reply.type("application/json; charset=utf-8");
  const [only = ""] = pieces;
  if (pieces.length < 2) return reply.send(listText(only, rest));
  return reply.send(Readable.from(textOf(pieces, rest)));
}

/** The reply around a list that is serialized already. */
export function listText(list: string, rest: object): string {
  return `{"success":true,"items":[${list}],"data":[${list}],${JSON.stringify(rest).slice(1)}`;
}

async function* textOf(pieces: readonly string[], rest: object): AsyncGenerator<string> {
  for (const start of ['{"success":true,"items":[', '],"data":[']) {
    yield start;
    for (const [index, piece] of pieces.entries()) {
      await nextTurn();
      yield index === 0 ? piece : `,${piece}`;
    }
  }
  yield `],${JSON.stringify(rest).slice(1)}`;
}
