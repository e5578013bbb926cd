// The directions of imports in server/src (ARCHITECTURE.md): a folder imports its own row and the rows
// below it. Cycles within a row are another check.
import { importsOf } from "./imports.mjs";

const LAYERS = [
  ["main.ts", "compose.ts", "config.ts", "start", "workers", "cli", "http"],
  ["market", "items", "game", "adoption", "repair", "integrity", "operations", "operators"],
  ["ledger", "identity", "policy"],
  ["engine"],
  ["db"],
  ["lib", "errors"],
];

/** Folders that import less than their row allows, with the reason. */
const ONLY = {
  repair: {
    folders: ["db", "lib", "errors"],
    because: "it must work on a database that this server has never seen",
  },
};

/** Inside the repair: a folder imports the folders before it. */
const REPAIR = [
  ["model"],
  ["connection"],
  ["catalogue"],
  ["journal", "backup"],
  ["drop"],
  ["verify"],
  ["replicas"],
  ["plan"],
  ["apply"],
  ["rollback"],
  ["rehearse"],
  ["aftercare"],
].toReversed();

export function checkDirections(repository) {
  return importsOf(repository)
    .filter(({ from, to }) => [from, to].every((file) => file.startsWith("server/src/")))
    .flatMap(({ from, to, line }) => {
      const why = refusal(from.split("/").slice(2), to.split("/").slice(2));
      return why ? [{ rule: "direction", place: `${from}:${line}`, what: why }] : [];
    });
}

function refusal([source, sourceInside], [target, targetInside]) {
  if (source === target)
    return source === "repair" ? upwards(REPAIR, sourceInside, targetInside) : undefined;
  const only = ONLY[source];
  if (only && !only.folders.includes(target))
    return `${source} imports ${only.folders.join(", ")} only, because ${only.because}; not ${target}`;
  return upwards(LAYERS, source, target);
}

function upwards(layers, source, target) {
  if (source === target) return undefined;
  const [from, to] = [source, target].map((name) => layers.findIndex((row) => row.includes(name)));
  if (from < 0 || to < 0)
    return `${from < 0 ? source : target} has no place in scripts/tidy/directions.mjs`;
  return to < from ? `${source} does not import ${target}, which is above it` : undefined;
}
