/** Runs before each test file: vitest binds a hook to the file that registers it, modules are shared. */
import { aroundEach } from "vitest";
import { runWithTestEnd } from "./test-end.ts";

aroundEach(runWithTestEnd);
