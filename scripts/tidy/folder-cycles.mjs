// No two folders depend on each other, not even by a type: then each can be read, moved and tested alone.
import { dirname } from "node:path";
import { importsOf } from "./imports.mjs";

/** Each file there is a folder of its own: the composition root names everything. */
const ROOTS = new Set(["server/src", "sdk/src", "console/src"]);

/** Of folders as they are, and of the rooms `server/src/<room>` as wholes. */
export function checkFolderCycles(repository) {
  const imports = importsOf(repository);
  const [folders, rooms] = [cyclesOf(imports, folderOf), cyclesOf(imports, roomOf)];
  const places = new Set(folders.map(({ place }) => place));
  return [...folders, ...rooms.filter(({ place }) => !places.has(place))];
}

function cyclesOf(imports, nodeOf) {
  const edges = new Map();
  for (const { from, to, line } of imports) {
    const [source, target] = [nodeOf(from), nodeOf(to)];
    if (source === target) continue;
    const targets = edges.get(source) ?? edges.set(source, new Map()).get(source);
    if (!targets.has(target)) targets.set(target, `${from}:${line}`);
  }
  return [...edges].flatMap(([source, targets]) =>
    [...targets].flatMap(([target, place]) => {
      const back = pathBetween(edges, target, source);
      if (!back) return [];
      const what = `closes a cycle of folders: ${[source, ...back].join(" -> ")}`;
      return [{ rule: "folder cycle", place, what }];
    }),
  );
}

function folderOf(file) {
  const folder = dirname(file);
  return ROOTS.has(folder) ? file : folder;
}

function roomOf(file) {
  return file.split("/").slice(0, 3).join("/");
}

/** The shortest way along the edges, both ends included; undefined when there is none. */
function pathBetween(edges, start, end) {
  const previous = new Map([[start, undefined]]);
  for (const folder of previous.keys()) {
    if (folder === end) {
      const path = [];
      for (let at = end; at !== undefined; at = previous.get(at)) path.unshift(at);
      return path;
    }
    for (const next of edges.get(folder)?.keys() ?? [])
      if (!previous.has(next)) previous.set(next, folder);
  }
  return undefined;
}
