/** The behaviour of `newday` when its output has no reader. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { useAdoptedDatabase } from "../support/app.ts";

const CLI = fileURLToPath(new URL("../../bin/newday.mjs", import.meta.url));

it.each([
  "--help",
  "repair --help",
  "key list",
  "audit",
  "adopt --dry-run",
  "repair targets",
  "repair inspect",
])("ends quietly when the reader of `newday %s` has gone", async (command) => {
  const { url } = await useAdoptedDatabase();
  const child = spawn(process.execPath, [CLI, ...command.split(" ")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env["PATH"], HOME: process.env["HOME"], DATABASE_URL: url },
  });
  child.stdout.destroy();
  const [told, [status]] = await Promise.all([text(child.stderr), once(child, "close")]);
  expect([told.split("\n").filter((line) => /EPIPE|Error|^ +at /.test(line)), status]).toEqual([
    [],
    0,
  ]);
});
