import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

const FOLDER = new URL("../../scripts/mutations/", import.meta.url);
const ROOT = new URL("../../", import.meta.url);

interface Mutation {
  readonly guard: string;
  readonly file: string;
  readonly text: string;
  readonly replacement: string;
  readonly test: string;
}

it.each(readdirSync(FOLDER))("%s still names every guard where it stands, and its test", (name) => {
  const mutations = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Mutation[];
  expect(mutations.length).toBeGreaterThan(0);
  const stale = mutations.filter(({ file, text, replacement, test }) => {
    const source = readFileSync(new URL(file, ROOT), "utf8");
    return (
      source.split(text).length !== 2 || text === replacement || !existsSync(new URL(test, ROOT))
    );
  });
  expect(stale.map(({ guard }) => guard)).toEqual([]);
  const guards = mutations.map(({ guard }) => guard);
  expect(guards.filter((guard, at) => guards.indexOf(guard) !== at)).toEqual([]);
});
