/** The If-Match header of a write on an account. */
import { NewDayError } from "../../../errors/errors.ts";

/** An ETag as the server sent it, or as a compressing proxy left it: weak, or with the encoding behind it. */
const ETAG = /^(?:W\/)?"([0-9]{1,18})\.[0-9]+(?:[-;:+](?:gzip|br|deflate|zstd))?"$/;

/** The revision that If-Match expects, for the engine's check at posting. */
export function expectationOf(
  ifMatch: string | undefined,
  account: bigint,
): { account: bigint; revision: bigint }[] {
  if (ifMatch === undefined || ifMatch.trim() === "*") return [];
  const revision = ETAG.exec(ifMatch.trim())?.[1];
  if (revision === undefined)
    throw new NewDayError("precondition_failed", {
      field: "If-Match",
      rule: { en: "is not an ETag of this account", zh: "不是此账户的 ETag" },
      remedy: {
        en: "Read the account and send its ETag unchanged.",
        zh: "请读取账户，并原样发送其 ETag",
      },
    });
  return [{ account, revision: BigInt(revision) }];
}
