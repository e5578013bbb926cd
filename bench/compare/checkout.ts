/** The two checkouts of a comparison: the working copy as it is, and a commit in a folder of its own. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Refused } from "./request.ts";

export interface Checkout {
  readonly folder: string;
  /** For people: the commit, and whether files differ from it. */
  readonly label: string;
}

export function workingCopy(root: string): Checkout {
  const changed = git(root, "status", "--porcelain", "--untracked-files=no") !== "";
  const label = `${shortName(root, "HEAD")}${changed ? " with uncommitted changes" : ""}`;
  return { folder: root, label };
}

/** Throws `Refused` when this repository has no such commit. */
export function checkOut(root: string, commit: string, folder: string): Checkout {
  const hash = tryGit(root, "rev-parse", "--verify", "--quiet", `${commit}^{commit}`);
  if (hash === undefined)
    throw new Refused(`--against: ${commit} is not a commit of this repository. Fetch it first.`);
  git(root, "clone", "--quiet", "--shared", "--no-checkout", root, folder);
  git(folder, "checkout", "--quiet", "--detach", hash);
  return { folder, label: shortName(folder, "HEAD") };
}

/** Installs and builds as `npm start` of that checkout does. */
export function prepare({ folder, label }: Checkout): void {
  if (!existsSync(join(folder, "scripts/bootstrap.mjs")))
    throw new Refused(`--against: ${label} is older than scripts/bootstrap.mjs, which builds it.`);
  const { status } = spawnSync(process.execPath, ["scripts/bootstrap.mjs", "start"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0) throw new Error(`${label} could not be built; the reason is above`);
}

function shortName(folder: string, revision: string): string {
  return git(folder, "rev-parse", "--short=7", revision);
}

function tryGit(cwd: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync("git", args, { cwd, encoding: "utf8" });
  return status === 0 ? stdout.trim() : undefined;
}

function git(cwd: string, ...args: string[]): string {
  const output = tryGit(cwd, ...args);
  if (output === undefined) throw new Error(`failed: git ${args.join(" ")}`);
  return output;
}
