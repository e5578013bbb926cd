/** The If-Match header of a write. */
import { NewDayError } from "../../../errors/errors.ts";
import type { Message } from "../../../lib/messages.ts";

/** An ETag as the server sent it, or as a compressing proxy left it: weak, or with the encoding behind it. */
const ETAG = /^(?:W\/)?"([0-9]{1,18})\.[0-9]+(?:[-;:+](?:gzip|br|deflate|zstd))?"$/;

/** The revision that If-Match expects, for the engine's check at posting. */
export function expectationOf(
  ifMatch: string | undefined,
  account: bigint,
): { account: bigint; revision: bigint }[] {
  const revision = ifMatch === undefined ? null : versionFrom(ifMatch, ACCOUNT);
  return revision === null ? [] : [{ account, revision }];
}

const ACCOUNT: Message = { en: "account", zh: "账户" };

/** The first number of an ETag; null for `*`. Errors: `precondition_failed` for anything else. */
export function versionFrom(ifMatch: string, what: Message): bigint | null {
  if (ifMatch.trim() === "*") return null;
  const version = ETAG.exec(ifMatch.trim())?.[1];
  if (version !== undefined) return BigInt(version);
  throw new NewDayError("precondition_failed", {
    field: "If-Match",
    rule: { en: `is not an ETag of this ${what.en}`, zh: `不是此${what.zh}的 ETag` },
    remedy: {
      en: `Read the ${what.en} and send its ETag unchanged.`,
      zh: `请读取${what.zh}，并原样发送其 ETag`,
    },
  });
}
