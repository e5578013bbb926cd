/** Commitments and chains hold for every text: drops keep a chain whole, any other change is found. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { commit, isCommitmentOf } from "../../src/lib/commitments.ts";
import {
  findChainFault,
  linkOf,
  startOfChain,
  type ChainedRow,
  type ChainedText,
  type LinkedRow,
} from "../../src/lib/hash-chain.ts";

const TEXT = fc.string({ unit: "grapheme" });
const ROWS = fc.array(
  fc.record({
    facts: fc.array(TEXT, { maxLength: 3 }),
    texts: fc.array(fc.option(TEXT), { minLength: 1, maxLength: 3 }),
  }),
  { minLength: 1, maxLength: 6 },
);

type Row = { readonly facts: string[]; readonly texts: (string | null)[] };

function chained(rows: readonly Row[]): LinkedRow[] {
  let head = startOfChain("test");
  return rows.map(({ facts, texts }) => {
    const row: ChainedRow = { sequence: head.sequence + 1n, facts, texts: texts.map(committed) };
    const linked = { ...row, link: linkOf(head.link, row) };
    head = linked;
    return linked;
  });
}

function committed(text: string | null): ChainedText {
  return text === null ? { text, salt: null, commitment: null } : { text, ...commit(text) };
}

/** The sequence of the first broken row. */
function brokenAt(rows: readonly LinkedRow[]): bigint | undefined {
  let head = startOfChain("test");
  for (const row of rows) {
    if (findChainFault(head, row)) return row.sequence;
    head = row;
  }
  return undefined;
}

function changeAt(
  rows: readonly LinkedRow[],
  place: number,
  changed: (row: LinkedRow) => Partial<LinkedRow>,
): LinkedRow[] {
  return rows.map((row, index) => (index === place ? { ...row, ...changed(row) } : row));
}

describe("A commitment", () => {
  it("proves its own text and no other, and hides it behind a new salt each time", () => {
    fc.assert(
      fc.property(TEXT, TEXT, (text, other) => {
        const [one, two] = [commit(text), commit(text)];
        expect(isCommitmentOf(text, one)).toBe(true);
        expect(isCommitmentOf(other, one)).toBe(text === other);
        expect(one.commitment.equals(two.commitment)).toBe(false);
        expect([one.salt.length, one.commitment.length]).toEqual([16, 32]);
      }),
    );
  });
});

describe("A hash chain", () => {
  it("verifies, also when texts were dropped with their salts", () => {
    fc.assert(
      fc.property(ROWS, fc.nat(), (given, at) => {
        const rows = chained(given);
        expect(brokenAt(rows)).toBeUndefined();
        const dropped = changeAt(rows, at % rows.length, ({ texts }) => ({
          texts: texts.map((one) => ({ ...one, text: null, salt: null })),
        }));
        expect(brokenAt(dropped)).toBeUndefined();
      }),
    );
  });

  it("names the row whose text, fact or place was changed", () => {
    fc.assert(
      fc.property(ROWS, fc.nat(), TEXT, (given, at, other) => {
        const rows = chained(given);
        const place = at % rows.length;
        const sequence = BigInt(place + 1);
        const original = rows[place]?.texts[0];
        const text = original?.text === other ? `${other}x` : other;
        const replaced = (more: Partial<ChainedText>) =>
          changeAt(rows, place, ({ texts: [first, ...rest] }) => ({
            texts: [{ ...committed(null), ...first, ...more }, ...rest],
          }));
        expect(brokenAt(replaced({ text }))).toBe(sequence);
        expect(brokenAt(replaced({ text, salt: null }))).toBe(sequence);
        expect(brokenAt(replaced({ text, ...commit(text) }))).toBe(sequence);
        expect(brokenAt(changeAt(rows, place, ({ facts }) => ({ facts: [...facts, text] })))).toBe(
          sequence,
        );
        if (place + 1 < rows.length)
          expect(brokenAt(rows.filter((_, index) => index !== place))).toBe(sequence + 1n);
      }),
    );
  });

  it("keeps fields apart, whatever stands in them", () => {
    const [one, two] = [
      ["a", "1:b,"],
      ["a,1:", "b"],
    ].map((facts) =>
      linkOf(startOfChain("test").link, { sequence: 1n, facts, texts: [] }).toString("hex"),
    );
    expect(one).not.toBe(two);
  });
});
