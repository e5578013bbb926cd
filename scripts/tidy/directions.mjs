// The directions of imports in server/src (ARCHITECTURE.md): a folder imports its own row and the rows
// below it. Cycles within a row are another check.
import { importNames, importsOf } from "./imports.mjs";

const SOURCE = "server/src/";

const LAYERS = [
  ["main.ts", "compose.ts", "config.ts", "start", "workers", "cli", "http"],
  [
    "market",
    "items",
    "game",
    "adoption",
    "repair",
    "integrity",
    "operations",
    "operators",
    "privacy",
  ],
  ["ledger"],
  ["identity", "policy"],
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

/** Files outside server/src, by the folders of server/src that may import them. */
const OUTSIDE = { "integration/checks": ["cli"] };

/** The packages of server/src, by the folders that may import them. */
const PACKAGES = {
  "@fastify/fast-json-stringify-compiler": ["http"],
  "@fastify/cookie": ["http"],
  "@fastify/rate-limit": ["http"],
  "@fastify/swagger": ["http"],
  "@fastify/type-provider-typebox": ["http"],
  "@node-rs/argon2": ["operators"],
  "@opentelemetry/api": ["lib"],
  ajv: ["http"],
  commander: ["cli"],
  fastify: ["http", "start", "main.ts"],
  jose: ["identity", "cli"],
  nodemailer: ["repair"],
  otpauth: ["operators"],
  pg: ["db"],
  "pg-protocol": ["db"],
  picocolors: ["cli"],
  "prom-client": ["http"],
  standardwebhooks: ["repair"],
  typebox: ["http"],
  uuidv7: ["operators", "market", "items", "game", "ledger", "identity", "engine"],
};

/** `@scope/name` or `name`, without the path inside the package. */
const PACKAGE = /^(?:@[^/]+\/)?[^/]+/;

export function checkDirections(repository) {
  const inside = importsOf(repository).flatMap(({ from, to, line }) => {
    const why = from.startsWith(SOURCE) ? refusalOfFile(from, to) : undefined;
    return why ? [{ rule: "direction", place: `${from}:${line}`, what: why }] : [];
  });
  const packages = importNames(repository).flatMap(({ from, name, line }) => {
    if (!from.startsWith(SOURCE) || /^(\.|node:)/.test(name)) return [];
    const folders = PACKAGES[PACKAGE.exec(name)[0]] ?? [];
    if (folders.includes(roomOf(from))) return [];
    const what = `${roomOf(from)} does not import ${name}; see PACKAGES in scripts/tidy/directions.mjs`;
    return [{ rule: "direction", place: `${from}:${line}`, what }];
  });
  return [...inside, ...packages];
}

function refusalOfFile(from, to) {
  if (to.startsWith(SOURCE)) return refusal(from.split("/").slice(2), to.split("/").slice(2));
  const open = Object.entries(OUTSIDE).some(
    ([folder, rooms]) => to.startsWith(`${folder}/`) && rooms.includes(roomOf(from)),
  );
  return open ? undefined : `${roomOf(from)} does not import ${to}, which is outside server/src`;
}

function roomOf(file) {
  return file.split("/")[2];
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
