// Makes `npm start` and `npm test` one command each in a fresh clone: installs the packages,
// builds, and for the tests installs Debian's packages. Takes a tenth of a second when all is
// there. Pure Node: it runs before any package exists. It logs to stderr; stdout belongs to the
// command.
import { buildWhenStale, isBuilt } from "./bootstrap/build-when-stale.mjs";
import { installDebianPackages } from "./bootstrap/debian-packages.mjs";
import { installPackages } from "./bootstrap/install-packages.mjs";

const NODE_MAJOR_MIN = 20;

const goal = process.argv[2];
if (goal !== "start" && goal !== "test" && goal !== "packages") {
  console.error("usage: node scripts/bootstrap.mjs start|test|packages");
  process.exit(2);
}
if (Number(process.versions.node.split(".")[0]) < NODE_MAJOR_MIN) {
  console.error(`New Day needs Node ${NODE_MAJOR_MIN} or newer; this is ${process.version}.`);
  process.exit(2);
}
try {
  installPackages({ builtOnly: goal === "start" && isBuilt() });
  if (goal === "test") installDebianPackages();
  if (goal !== "packages") await buildWhenStale();
} catch (error) {
  console.error(`bootstrap: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
