/** Answers whether a user ever consented to another platform; whether the consent permits a payment, its batch decides. */
import { BoundedMap } from "../../lib/bounded-map.ts";
import { coalesceReads } from "../../lib/coalesced-read.ts";
import type { Database } from "../../db/database.ts";
import { consentKey } from "../../policy/consents/consent-queries.ts";
import { consents } from "../../policy/consents/consent-rows.ts";

/** Also true for a consent that was revoked or has expired. */
export type HasConsented = (account: bigint, platform: string) => Promise<boolean>;

/**
 * Cache: accounts with a consent and their platforms; permanent, because a consent's row goes only with its erased
 * user, whom no request names any more. A query for each payment doubled the processor time of a request
 * (`npm run bench:request-cpu`). Each takes about 100 bytes.
 */
const KNOWN_CONSENTS_MAX = 50_000;

export function createConsentReader(db: Database): HasConsented {
  const known = new BoundedMap<string, true>(KNOWN_CONSENTS_MAX);
  const read = coalesceReads(async (keys) => new Map(await consents.read(db, keys, false)));
  return async (account, platform) => {
    const key = consentKey(account, platform);
    if (known.get(key)) return true;
    if (!(await read(key))) return false;
    known.set(key, true);
    return true;
  };
}
