#!/usr/bin/env node
// In a checkout the command builds itself when its sources have changed; as an installed package
// there is nothing to build.
import { existsSync } from "node:fs";

const builder = new URL("../../scripts/bootstrap/build-when-stale.mjs", import.meta.url);
if (existsSync(builder)) await (await import(builder)).buildWhenStale();
await import("../dist/cli.js");
