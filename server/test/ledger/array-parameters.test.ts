import fc from "fast-check";
import { expect, it } from "vitest";
import {
  bigintArray,
  textArray,
  timestampArray,
  uuidArray,
} from "../../src/db/pipeline/array-parameters.ts";
import { JSONB } from "../../src/db/tables/columns.ts";
import { useTestDatabase } from "../support/database.ts";

/** PostgreSQL's text excludes NUL and halves of a surrogate pair. */
const text = fc
  .oneof(
    fc.string({ unit: "grapheme" }),
    fc.constantFrom("", "NULL", "null", "{", "}", ",", '"', "\\", '\\"', " a ", "\n", '牌,"剑"'),
  )
  .filter((value) => !value.includes("\0"));
const number = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
/** The years that PostgreSQL and JavaScript both write with four digits. */
const time = fc.date({
  min: new Date("0001-01-01T00:00:00Z"),
  max: new Date("9999-12-31T23:59:59Z"),
  noInvalidDate: true,
});
const line = fc.tuple(fc.option(text), fc.option(number), fc.option(fc.uuid()), fc.option(time));

interface Row {
  readonly t: string | null;
  readonly n: bigint | null;
  readonly u: string | null;
  readonly d: Date | null;
  readonly j: object | null;
}

it("Arrays reach PostgreSQL element by element as they are, whatever is in them", async () => {
  const { db } = await useTestDatabase({ server: "pg15", template: "empty" });
  await fc.assert(
    fc.asyncProperty(fc.array(line, { minLength: 1, maxLength: 40 }), async (lines) => {
      const documents = lines.map(([t, , u]) => (t === null ? null : { [t]: [t, u] }));
      const rows = await db.query<Row>(
        `select unnest($1::text[]) as t, unnest($2::bigint[]) as n, unnest($3::uuid[])::text as u,
          unnest($4::timestamptz[]) as d, unnest($5::jsonb[]) as j`,
        [
          textArray(lines.map(([t]) => t)),
          bigintArray(lines.map(([, n]) => n)),
          uuidArray(lines.map(([, , u]) => u)),
          timestampArray(lines.map(([, , , d]) => d)),
          JSONB.encode(documents),
        ],
      );
      expect(rows.map(({ t, n, u, d }) => [t, n, u, d])).toEqual(lines);
      expect(rows.map(({ j }) => j)).toEqual(documents);
    }),
    { numRuns: 200 },
  );
});
