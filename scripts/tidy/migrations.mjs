// Migrations: each number once, and a released one as it was released.
import { createHash } from "node:crypto";
import { basename } from "node:path";

const LIST = "server/migrations/checksums.json";

/** The newest migration before comments of migrations were checked; older ones can no longer change. */
const FROZEN_COMMENTS = 73;
const NUMBER = /^server\/migrations\/(\d{4})-.*\.sql$/;

export function isFrozenMigration(file) {
  const number = NUMBER.exec(file)?.[1];
  return number !== undefined && Number(number) <= FROZEN_COMMENTS;
}

/** Two branches may have taken the same number. */
export function checkMigrationNumbers({ files }) {
  const names = files.filter((file) => NUMBER.test(file)).sort();
  const numbers = names.map((name) => basename(name).slice(0, 4));
  return names
    .filter((_, index) => numbers.indexOf(numbers[index]) !== index)
    .map((place) => ({ place, what: "its number is used twice" }));
}

/** Databases exist that ran them: an edited migration would keep every one of these from starting. */
export function checkReleasedMigrations(repository) {
  return Object.entries(JSON.parse(repository.read(LIST))).flatMap(([name, checksum]) => {
    const file = `server/migrations/${name}.sql`;
    if (!repository.has(file)) return [{ place: LIST, what: `${name} was released and is gone` }];
    if (createHash("sha256").update(repository.read(file)).digest("hex") === checksum) return [];
    const what = `it was released and must not change: add a migration (or, if it never left this
  branch, remove its line from ${LIST} and run npm run generate)`;
    return [{ place: file, what }];
  });
}
