/** The ETags of what was read, for the `ifMatch` of a write. */

/** Cache: keyed by the object itself, so an entry ends with its object. */
const etags = new WeakMap<object, string>();

export function keepEtag(resource: unknown, etag: string | null): void {
  if (typeof resource === "object" && resource !== null && etag !== null) etags.set(resource, etag);
}

/**
 * Returns the ETag that came with an account, wallet or item. A copy has none: throws TypeError, because
 * an `ifMatch` that is silently missing would write without the check.
 */
export function etagOf(resource: object): string {
  const etag = etags.get(resource);
  if (etag === undefined) throw new TypeError("etagOf needs the very object that a read returned");
  return etag;
}
