// Style beyond the formatter, as a check: names, pages, links, leftovers, the lockfile. Prints
// every finding with its file and exits 1 when there is one.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { ROOT } from "./bootstrap/repository.mjs";

const TEXT = /\.(ts|tsx|mjs|md|sql|json|html|css|yml)$/;
const CODE = /\.(ts|tsx|mjs)$/;
const KEBAB = /^\.?[a-z0-9]+([.-][a-z0-9]+)*$/;
/** Names that the outside world decided. */
const GIVEN_NAMES =
  /^(README|README\.zh-CN|CHANGELOG|CONTRIBUTING|ARCHITECTURE|LICENSE|SECURITY|Dockerfile)(\.md)?$/;
const GENERATED = /(^|\/)(package-lock\.json|fixtures\/legacy\/.*)$/;
/** Folders of single machines; they must stay out of the repository. */
const MACHINE_PATHS = /(?<![\w.])\/(work|root)\/[a-z]/;
const LEFTOVERS = new RegExp(`\\b(${["TO" + "DO", "FIX" + "ME", "X" + "XX"].join("|")})\\b`);
const NARROWED_TEST = /\b(it|test|describe)\.(only|skip|todo)\(/;

const findings = [];
const report = (file, what) => findings.push(`${file}: ${what}`);
const read = (file) => readFileSync(join(ROOT, file), "utf8");

const listed = spawnSync("git", ["ls-files", "-co", "--exclude-standard"], {
  cwd: ROOT,
  encoding: "utf8",
});
const files = listed.stdout.split("\n").filter((file) => file && existsSync(join(ROOT, file)));
const scripts = JSON.parse(read("package.json")).scripts;

for (const file of files) {
  checkName(file);
  if (!TEXT.test(file) || GENERATED.test(file)) continue;
  const text = read(file);
  checkLeftovers(file, text);
  if (file.endsWith(".md")) checkPage(file, text);
}
checkMigrations();
checkLockfile();

for (const finding of findings) console.error(finding);
process.exit(findings.length > 0 ? 1 : 0);

function checkName(file) {
  const name = basename(file);
  if (!KEBAB.test(name) && !GIVEN_NAMES.test(name)) report(file, "names are kebab-case");
}

function checkLeftovers(file, text) {
  const lines = text.split("\n");
  for (const [index, line] of lines.entries()) {
    const place = `${file}:${index + 1}`;
    if (MACHINE_PATHS.test(line)) report(place, "a path of one machine");
    if (CODE.test(file) && LEFTOVERS.test(line))
      report(place, "unfinished work left in the source");
    if (CODE.test(file) && NARROWED_TEST.test(line)) report(place, "a test that does not run");
  }
}

function checkPage(file, text) {
  const prose = text.replaceAll(/^```.*?^```/gms, "");
  const titles = prose.match(/^# .+$/gm) ?? [];
  if (titles.length !== 1) report(file, `a page has one H1; this has ${titles.length}`);
  for (const [, target] of prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)) {
    const outside = /^[a-z]+:/.test(target);
    if (!outside && !existsSync(join(ROOT, dirname(file), target)))
      report(file, `links to ${target}, which is not there`);
  }
  for (const [, name] of text.matchAll(/\bnpm run ([a-z][a-z:-]*)/g))
    if (!scripts[name]) report(file, `names npm run ${name}, which is not there`);
}

/** Numbers are used once, or two branches have made the same one. */
function checkMigrations() {
  const names = files.filter((file) => /^server\/migrations\/\d{4}-.*\.sql$/.test(file)).sort();
  const numbers = names.map((name) => basename(name).slice(0, 4));
  for (const [index, number] of numbers.entries())
    if (numbers.indexOf(number) !== index) report(names[index], "its number is used twice");
  checkReleased();
}

/** Databases exist that ran them: an edited migration would keep every one of these from starting. */
function checkReleased() {
  const list = "server/migrations/checksums.json";
  for (const [name, checksum] of Object.entries(JSON.parse(read(list)))) {
    const file = `server/migrations/${name}.sql`;
    if (!existsSync(join(ROOT, file))) report(list, `${name} was released and is gone`);
    else if (createHash("sha256").update(read(file)).digest("hex") !== checksum)
      report(
        file,
        `it was released and must not change: add a migration (or, if it never left this
  branch, remove its line from ${list} and run npm run generate)`,
      );
  }
}

/** `npm ci` refuses a lockfile that lacks an optional package of some platform. */
function checkLockfile() {
  const { packages } = JSON.parse(read("package-lock.json"));
  for (const [path, { optionalDependencies = {} }] of Object.entries(packages))
    for (const name of Object.keys(optionalDependencies))
      if (!packages[`node_modules/${name}`] && !packages[`${path}/node_modules/${name}`])
        report("package-lock.json", `lacks ${name}: run node scripts/complete-lockfile.mjs`);
}
