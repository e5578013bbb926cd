/** The recorded run of the documentation is played again: it stays true. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { record } from "../../../scripts/record-repair/record.ts";

/** Two dozen processes and two PostgreSQL servers, on a machine that may be busy. */
const DEADLINE_MS = 600_000;

test(
  "docs/repair/recorded-run.md is what the commands print today (else: npm run record:repair)",
  async () => {
    expect(await record()).toBe(readFileSync("docs/repair/recorded-run.md", "utf8"));
  },
  DEADLINE_MS,
);
