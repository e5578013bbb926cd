import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./package-root.ts";

export interface BuildInfo {
  readonly version: string;
  /** Commit of the build: tells which build is live (docs/incidents.md B1). */
  readonly id: string;
}

/**
 * Version from package.json, id from the stamp that the build wrote; `unbuilt` when run from
 * source.
 */
export function readBuildInfo(): BuildInfo {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8"));
  const stamp = join(packageRoot(), "dist", "build-id");
  return {
    version: (manifest as { version: string }).version,
    id: existsSync(stamp) ? readFileSync(stamp, "utf8").trim() : "unbuilt",
  };
}
