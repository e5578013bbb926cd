const LOCKFILE = "package-lock.json";

/** `npm ci` refuses a lockfile that lacks an optional package of some platform. */
export function checkLockfile(repository) {
  const { packages } = JSON.parse(repository.read(LOCKFILE));
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !packages[`node_modules/${name}`])
      .filter((name) => !packages[`${path}/node_modules/${name}`])
      .map((name) => ({
        place: LOCKFILE,
        what: `lacks ${name}: run node scripts/complete-lockfile.mjs`,
      })),
  );
}
