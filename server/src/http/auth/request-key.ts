/** The platform key of a request, read once and shared by every part of the server. */
import type { FastifyRequest } from "fastify";
import { isPlatformKey, type PlatformKey } from "../../identity/platform-keys.ts";
import { bearerToken } from "./authenticate.ts";
import type { Services } from "../context/services.ts";

const known = new WeakMap<FastifyRequest, Promise<PlatformKey>>();

/** undefined for a credential of another form. Errors: `invalid_token`. */
export function readRequestKey(
  { readPlatformKey }: Pick<Services, "readPlatformKey">,
  request: FastifyRequest,
): Promise<PlatformKey> | undefined {
  const credential = bearerToken(request);
  if (credential === undefined || !isPlatformKey(credential)) return undefined;
  const read = known.get(request) ?? readPlatformKey(credential);
  known.set(request, read);
  return read;
}
