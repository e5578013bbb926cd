/**
 * Parses a libpq URL. `postgres://user@/name?host=/socket/folder` is legal for libpq and node-postgres
 * and not for URL, which wants a host after a user; one is put in, and `host=` goes before it.
 */
export function parseDatabaseUrl(text: string): URL {
  return new URL(text.replace(/^(\w+:\/\/(?:[^/@]*@)?)\//, "$1localhost/"));
}
