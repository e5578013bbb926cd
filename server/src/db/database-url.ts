/**
 * Parses a libpq URL. `postgres://user@/name?host=/socket/folder` is legal for libpq and
 * node-postgres, while URL wants a host after a user: one is inserted, and `host=` wins over it.
 */
export function parseDatabaseUrl(text: string): URL {
  return new URL(text.replace(/^(\w+:\/\/(?:[^/@]*@)?)\//, "$1localhost/"));
}
