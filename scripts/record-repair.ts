/** Writes docs/repair/recorded-run.md anew. */
import { writeFileSync } from "node:fs";
import { record } from "./record-repair/record.ts";

writeFileSync("docs/repair/recorded-run.md", await record());
