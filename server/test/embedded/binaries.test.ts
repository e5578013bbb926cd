/** A copy of the binaries that two simultaneous first starts make. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { putInPlace } from "../../src/db/embedded/binaries.ts";

const WORKS = () => "18.4";
const FAILS = () => undefined;

/** The copy of a first starter at its place, and that of a second beside it. */
function useTwoCopies() {
  const folder = mkdtempSync(join(tmpdir(), "nd-copies-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [first, second, place] = [join(folder, "one"), join(folder, "two"), join(folder, "place")];
  for (const copy of [first, second]) {
    mkdirSync(copy);
    writeFileSync(join(copy, "whose"), copy);
  }
  putInPlace(first, place, WORKS);
  return { folder, first, second, place, whose: () => readFileSync(join(place, "whose"), "utf8") };
}

it("the copy from which another starter may run already stays", () => {
  const { folder, first, second, place, whose } = useTwoCopies();
  expect(whose()).toBe(first);
  putInPlace(second, place, WORKS);
  expect([whose(), readdirSync(folder)]).toEqual([first, ["place"]]);
});

it("a copy that does not work is set aside", () => {
  const { folder, second, place, whose } = useTwoCopies();
  putInPlace(second, place, FAILS);
  expect([whose(), readdirSync(folder)]).toEqual([second, ["place"]]);
});
