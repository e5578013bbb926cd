// Pages: one title each, links that lead somewhere, commands that exist.
import { dirname, join } from "node:path";
import { isText } from "./repository.mjs";

export function checkPages(repository) {
  const { scripts } = JSON.parse(repository.read("package.json"));
  return repository.files
    .filter((file) => file.endsWith(".md") && isText(file))
    .flatMap((place) => faultsOf(repository, scripts, place).map((what) => ({ place, what })));
}

function faultsOf(repository, scripts, file) {
  const text = repository.read(file);
  const prose = text.replaceAll(/^```.*?^```/gms, "");
  const titles = prose.match(/^# .+$/gm) ?? [];
  const links = [...prose.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, target]) => target);
  const commands = [...text.matchAll(/\bnpm run ([a-z][a-z:-]*)/g)].map(([, name]) => name);
  return [
    ...(titles.length === 1 ? [] : [`a page has one H1; this has ${titles.length}`]),
    ...links
      .filter((target) => !/^[a-z]+:/.test(target) && !repository.has(join(dirname(file), target)))
      .map((target) => `links to ${target}, which is not there`),
    ...commands
      .filter((name) => !scripts[name])
      .map((name) => `names npm run ${name}, which is not there`),
  ];
}
