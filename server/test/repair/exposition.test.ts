/** Prometheus' text form is read as it is written, and answers 5xx are added up over restarts. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseExposition } from "../../src/repair/aftercare/exposition.ts";
import { createCounter } from "../../src/repair/aftercare/server-errors.ts";

const NAME = fc.stringMatching(/^[a-zA-Z_:][a-zA-Z0-9_:]{0,12}$/);
const LABEL = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9_]{0,8}$/);
const SAMPLE = fc.record({
  name: NAME,
  labels: fc.dictionary(LABEL, fc.string({ unit: "binary" }), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
  value: fc.oneof(fc.double(), fc.nat()),
});

function written({ name, labels, value }: ReturnType<typeof parseExposition>[number]): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`);
  const braces = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  return `${name}${braces} ${number(value)} 1700000000000`;
}

function number(value: number): string {
  if (Math.abs(value) === Infinity) return value > 0 ? "+Inf" : "-Inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

describe("the text form", () => {
  it("is read back as it was written, whatever the labels hold", () => {
    fc.assert(
      fc.property(fc.array(SAMPLE, { maxLength: 5 }), (samples) => {
        const text = ["# HELP x y", ...samples.map(written), "", "# EOF"].join("\n");
        expect(parseExposition(text)).toEqual(samples);
      }),
      { numRuns: 500 },
    );
  });

  it("may be broken or be something else altogether: never an exception", () => {
    fc.assert(fc.property(fc.string({ unit: "binary" }), (text) => void parseExposition(text)));
    const pieces = fc.constantFrom(
      "a_total",
      "{",
      "}",
      "=",
      '"',
      "\\",
      ",",
      " ",
      "\n",
      "1",
      "# ",
      "NaN",
    );
    fc.assert(fc.property(fc.array(pieces), (all) => void parseExposition(all.join(""))));
  });

  it("passes over a broken line, and an exemplar behind the value", () => {
    const text = 'a{b="1} 2\nb_total{code="500"} 3 # {trace_id="}"} 1\nc 4x\nd 5\r\n';
    expect(parseExposition(text).map(({ name, value }) => [name, value])).toEqual([
      ["b_total", 3],
      ["d", 5],
    ]);
  });
});

describe("answers 5xx", () => {
  function counted(...expositions: readonly string[]) {
    const counter = createCounter();
    for (const text of expositions) counter.take(parseExposition(text));
    return { total: counter.total(), by: counter.largest() };
  }

  it("are what was added since the first look, over all routes, and no other status", () => {
    const first = 'http_requests_total{code="500",path="/a"} 7\nhttp_requests_total{code="200"} 9';
    const then = 'http_requests_total{code="500",path="/a"} 8\nhttp_requests_total{code="503",path="/b"} 2\nhttp_requests_total{code="200"} 99\nhttp_requests_total{code="404"} 5';
    expect(counted(first, then)).toEqual({ total: 3, by: "http_requests_total" });
  }); // prettier-ignore

  it("are not lost when the server begins to count anew", () => {
    const at = (value: number) => `newday_http_requests_total{status="5xx"} ${value}`;
    expect(counted(at(10), at(12), at(1), at(4)).total).toBe(2 + 1 + 3);
    const started = (when: number, value: number) =>
      `process_start_time_seconds ${when}\n${at(value)}`;
    expect(counted(started(1, 2), started(2, 3)).total).toBe(3);
  });

  it("are not counted again when their series was away for a look", () => {
    const series = 'a_total{status="500"} 4';
    expect(counted(series, 'a_total{status="200"} 1', series).total).toBe(0);
  });

  it("are counted once when a total and a histogram count the same answers", () => {
    const at = (value: number) =>
      `http_requests_total{code="500"} ${value}\nhttp_request_seconds_count{code="500"} ${value}\nhttp_request_seconds_bucket{code="500",le="1"} 99`;
    expect(counted(at(0), at(2)).total).toBe(2);
  });

  it("are the server's own: what it was told as a client, gauges and other codes are not", () => {
    const text = 'http_client_requests_seconds_count{status="500"} 3\nup{status="500"} 4\ngrpc_total{code="5"} 9\njobs_total{status="5 failed"} 2\na_total{status="500"} NaN';
    expect(counted('a_total{status="200"} 1', text).total).toBe(0);
  }); // prettier-ignore

  it("equal the answers that were given, however a server restarts between the looks", () => {
    const step = fc.record({ errors: fc.nat(5), restart: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1 }), (steps) => {
        const counter = createCounter();
        let [value, start, all] = [3, 0, 0];
        const look = () =>
          counter.take(
            parseExposition(`process_start_time_seconds ${start}\na_total{code="502"} ${value}`),
          );
        look();
        for (const { errors, restart } of steps) {
          if (restart) [value, start] = [0, start + 1];
          value += errors;
          all += errors;
          look();
        }
        expect(counter.total()).toBe(all);
      }),
    );
  });
});
