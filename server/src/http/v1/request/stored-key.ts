/**
 * The key and fingerprint under which the outcomes of a request are stored.
 *
 * A request's own key begins with `v1:`, apart from the keys of the older surfaces, whose callers may
 * use equal ones. The items of a bulk request are stored as `v1:<key>#0`, `v1:<key>#1`, ...; a caller's
 * key that ends like an item's begins with `v1=`, so that no two requests share an outcome.
 */
import type { FastifyRequest } from "fastify";
import {
  fingerprintOf,
  fingerprintsOfParts,
  transferIdFor,
  type PartedRequest,
} from "../../../engine/identifiers.ts";
import type { OperationTerms } from "../../../engine/operation.ts";
import { readOutcomes } from "../../../ledger/transfers/transfer-rows.ts";
import type { Services } from "../../context/services.ts";
import { callerOf } from "../app/v1-app.ts";

type Idempotency = NonNullable<OperationTerms["idempotency"]>;

/** `part` names an item of a bulk request; undefined stands for the request. */
export function idempotencyOf(request: FastifyRequest, part?: string): Idempotency | undefined {
  const { idempotencyKey: key, storedKey } = request;
  if (key === null) return undefined;
  const stored = part === undefined ? (storedKey ?? `v1:${key}`) : `v1:${key}${part}`;
  return { key: stored, fingerprint: fingerprintOfPart(request, part) };
}

/** Of the requests with items, whose body is hashed once for all of them. */
const ofItems = new WeakMap<FastifyRequest, (part: string) => string>();

/** Hashes the body of a request with items, before their fingerprints are asked for. */
export async function hashForItems(request: FastifyRequest): Promise<void> {
  if (request.idempotencyKey !== null)
    ofItems.set(request, await fingerprintsOfParts(partedRequest(request)));
}

function fingerprintOfPart(request: FastifyRequest, part = ""): string {
  const known = ofItems.get(request);
  return known ? known(part) : fingerprintOf({ ...partedRequest(request), part });
}

function partedRequest({ method, url, body, headers }: FastifyRequest): PartedRequest {
  const path = url.split("?", 1)[0] ?? url;
  return { method, path, body, ifMatch: headers["if-match"] };
}

const LIKE_AN_ITEM = /#[0-9]+$/;

/**
 * The stored key of a request whose own key ends like an item's; undefined for all others. Releases
 * before this one stored it beside the items: such an outcome of this request is found again.
 */
export async function findStoredKey(
  { db }: Services,
  request: FastifyRequest,
): Promise<string | undefined> {
  const { idempotencyKey: key } = request;
  if (key === null || !LIKE_AN_ITEM.test(key)) return undefined;
  const earlier = `v1:${key}`;
  const id = transferIdFor(callerOf(request).name, earlier);
  const known = (await readOutcomes(db, [id])).get(id);
  return known?.fingerprint === fingerprintOfPart(request) ? earlier : `v1=${key}`;
}
