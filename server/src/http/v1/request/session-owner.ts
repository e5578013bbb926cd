/** Whose sessions a request is about: the caller's own, or those of a user of the key's platform. */
import { Type } from "typebox";
import { NewDayError } from "../../../errors/errors.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import type { Caller } from "../app/caller.ts";
import type { Services } from "../../context/services.ts";
import { ref, UserId } from "../schemas/schemas.ts";

export const sessionQuery = {
  userId: Type.Optional(ref(UserId)),
};

/** Errors: `missing_fields` for a key that names no user, and those of `requireWallet`. */
export async function sessionOwner(
  { directory }: Services,
  caller: Caller,
  named: string | undefined,
): Promise<string> {
  const userId = named ?? (caller.kind === "user" ? caller.userId : undefined);
  if (userId === undefined)
    throw new NewDayError("missing_fields", {
      field: "userId",
      rule: { en: "is needed with a platform key", zh: "使用平台密钥时必须给出" },
      remedy: { en: "Add ?userId=...", zh: "请加上 ?userId=..." },
    });
  return (await requireWallet(directory, caller, userId)).userId;
}
