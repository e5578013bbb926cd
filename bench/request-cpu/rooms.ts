/** Groups a CPU profile by the folders of the server's source, and by what a request must be asked before it posts. */
import { readFileSync } from "node:fs";
import type { Profiler } from "node:inspector";
import { SourceMap, type SourceMapPayload } from "node:module";
import { fileURLToPath } from "node:url";

/** Each by the sources under `server/src/` whose calls, with all that they call, belong to it. */
const CHECKS = {
  authentication: ["identity/", "http/auth/", "http/v1/app/caller.ts"],
  limits_and_consent: [
    "policy/",
    "ledger/limits/",
    "ledger/policies/",
    "ledger/wallets/known-consents.ts",
    "http/v1/app/authorization-scope.ts isWithinReach",
    "http/v1/app/authorization-scope.ts isOpenTo",
    "http/v1/app/resolve-payment.ts otherPlatform",
  ],
} as const;

/** The form of user ids, and the user that one means, which belong to the reading of a body. */
const NO_CHECKS = [
  "identity/platforms/platform-ids.ts",
  "identity/platforms/user-id.ts",
  "identity/platforms/user-naming.ts",
];

export type Check = keyof typeof CHECKS;

/** Microseconds of the thread. Samples without a stack (collector, native code) are in `total` only. */
export interface RoomTimes {
  readonly rooms: Readonly<Record<string, number>>;
  readonly checks: Readonly<Record<Check, number>>;
  /** Self time of the calls within the checks, as `check: function (room)`. */
  readonly calls: Readonly<Record<string, number>>;
  /** Of samples with a stack. */
  readonly placed: number;
  readonly total: number;
}

/** Node's names of samples that are no call. */
const IDLE = "(idle)";
const PLACELESS = new Set(["(root)", "(program)", "(garbage collector)"]);

/** `bundle` is the file that ran; its source map lies beside it. */
export function groupByRoom(profile: Profiler.Profile, bundle: string): RoomTimes {
  const stacks = readStacks(profile, createPlaceReader(bundle));
  const rooms = new Map<string, number>();
  const calls = new Map<string, number>();
  const checks: Record<Check, number> = { authentication: 0, limits_and_consent: 0 };
  let [placed, total] = [0, 0];
  for (const [at, id] of (profile.samples ?? []).entries()) {
    const stack = stacks.get(id);
    const time = profile.timeDeltas?.[at] ?? 0;
    if (!stack || stack.leaf === IDLE) continue;
    total += time;
    const room = stack.room ?? (PLACELESS.has(stack.leaf) ? stack.leaf : "node");
    rooms.set(room, (rooms.get(room) ?? 0) + time);
    if (PLACELESS.has(stack.leaf)) continue;
    placed += time;
    if (!stack.check) continue;
    checks[stack.check] += time;
    const call = `${stack.check}: ${stack.leaf || "(anonymous)"} (${room})`;
    calls.set(call, (calls.get(call) ?? 0) + time);
  }
  return {
    rooms: Object.fromEntries(rooms),
    calls: Object.fromEntries(calls),
    checks,
    placed,
    total,
  };
}

interface Stack {
  readonly leaf: string;
  /** Of the innermost call of the server's own source, or of the package outside of it. */
  readonly room: string | undefined;
  /** Of the outermost call that belongs to one. */
  readonly check: Check | undefined;
}

/** By node of the call tree. */
function readStacks(
  { nodes }: Profiler.Profile,
  placeOf: (frame: Profiler.ProfileNode["callFrame"]) => string | undefined,
): ReadonlyMap<number, Stack> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const stacks = new Map<number, Stack>();
  const visit = (node: Profiler.ProfileNode, above: Stack | undefined): void => {
    const place = placeOf(node.callFrame);
    const own = place !== undefined && isOwn(place) ? roomOf(place) : undefined;
    const stack = {
      leaf: node.callFrame.functionName,
      room: own ?? above?.room ?? place,
      check: above?.check ?? checkOf(`${place ?? ""} ${node.callFrame.functionName}`),
    };
    stacks.set(node.id, stack);
    for (const id of node.children ?? []) {
      const child = byId.get(id);
      if (child) visit(child, stack);
    }
  };
  const [root] = nodes;
  if (root) visit(root, undefined);
  return stacks;
}

function isOwn(place: string): boolean {
  return !place.startsWith("package ");
}

/** `call` is a place and the name of a function. */
function checkOf(call: string): Check | undefined {
  if (NO_CHECKS.some((prefix) => call.startsWith(prefix))) return undefined;
  for (const [check, prefixes] of Object.entries(CHECKS))
    if (prefixes.some((prefix) => call.startsWith(prefix))) return check as Check;
  return undefined;
}

/** `http/auth/actor.ts` is in `http/auth`, `engine/engine.ts` in `engine`. */
function roomOf(place: string): string {
  return place.split("/").slice(0, -1).slice(0, 2).join("/") || place;
}

const OWN_SOURCE = /server\/src\/(.+)$|\.\.\/src\/(.+)$/;
const PACKAGE = /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules\/)/;

/** Returns the path below `server/src/`, or `package NAME`; undefined for Node's own code and the bench's. */
function createPlaceReader(bundle: string) {
  const map = new SourceMap(JSON.parse(readFileSync(`${bundle}.map`, "utf8")) as SourceMapPayload);
  return ({ url, lineNumber, columnNumber }: Profiler.ProfileNode["callFrame"]) => {
    const [, name] = PACKAGE.exec(url) ?? [];
    if (name !== undefined) return `package ${name}`;
    if (!url.startsWith("file:") || fileURLToPath(url) !== bundle) return undefined;
    const entry = map.findEntry(lineNumber, columnNumber);
    const [, fromRoot, fromBundle] =
      OWN_SOURCE.exec("originalSource" in entry ? entry.originalSource : "") ?? [];
    return fromRoot ?? fromBundle;
  };
}
