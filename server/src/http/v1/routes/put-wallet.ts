/** `PUT /api/v1/wallets/{userId}`: opens the wallet of a platform's user, once. */
import { Type } from "typebox";
import { listAccounts } from "../../../ledger/statements/statement-queries.ts";
import { claimUser, requireOwn } from "../../../identity/claim-user.ts";
import { requireOwnUserId } from "../../../identity/platforms/user-naming.ts";
import { requireUserId } from "../../../identity/platforms/user-id.ts";
import { toAccount } from "../replies/account-reply.ts";
import { isWithinReach, notReachable } from "../app/authorization-scope.ts";
import { WalletSchema } from "../schemas/schemas-money.ts";
import { NewDayError } from "../../../errors/errors.ts";
import { cleanDisplayName } from "../../../identity/display-name.ts";
import { isReservedName } from "../../../lib/reserved-name.ts";
import { OpenedUserId, ref, SHOWN_NAME, strictObject } from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";
import type { NothingElse } from "../../../lib/nothing-else.ts";

const schema = {
  operationId: "putWallet",
  tags: ["Wallets"],
  title: { en: "Open a wallet", zh: "开通钱包" },
  description:
    "201 when it is new, with the starter balances; 200 when the user has it already. Needs no " +
    "Idempotency-Key: a user has one wallet for ever, however often it is opened. A `displayName` " +
    "becomes the name under which others see the user. The public id of a user of " +
    "every platform but the first three begins with its name: `user-1` and `acme:user-1` of `acme` are one user.",
  params: strictObject({ userId: ref(OpenedUserId) }),
  body: strictObject({
    displayName: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 64,
        ...SHOWN_NAME,
        description: "1 to 64 characters without markup, one of which can be seen",
      }),
    ),
  }),
  response: { 200: ref(WalletSchema), 201: ref(WalletSchema) },
};

const config = { access: { scope: "wallets:write", users: false } } as const;

export function putWalletRoute(v1: V1App, services: Services): void {
  v1.put("/wallets/:userId", { schema, config }, async (request, reply) => {
    const caller = callerOf(request);
    const said = requireUserId(request.params.userId, "userId");
    const { platform } = caller;
    const owner = await services.platforms.requirePlatform(platform, "userId");
    const userId = await requireOwnUserId(services.platforms, owner, said, "userId");
    // A wallet with an unrecorded user still belongs to a platform; claiming it would take it over.
    requireOwn((await services.directory.findWallet(userId))?.platform, platform);
    const { displayName: sent, ...unread } = request.body;
    unread satisfies NothingElse;
    if (sent !== undefined) refuseReservedName(sent);
    const displayName = cleanDisplayName(sent);
    await claimUser(services.db, { userId, platform: owner, displayName });
    const { isNewWallet } = await services.findOrOpenWallet(userId);
    const wallet = await services.directory.findWallet(userId);
    if (!wallet || !isWithinReach(caller, wallet)) throw notReachable("userId");
    const accounts = await listAccounts(services.db, wallet.number);
    void reply.code(isNewWallet ? 201 : 200);
    return {
      id: wallet.id,
      userId,
      platform,
      accounts: accounts.map(toAccount),
      createdAt: wallet.createdAt.toISOString(),
    };
  });
}

function refuseReservedName(name: string): void {
  if (isReservedName(name))
    throw new NewDayError("invalid_field", {
      field: "displayName",
      rule: { en: "must not be a name of the game itself", zh: "不能使用游戏官方名称" },
      remedy: { en: "Choose another name.", zh: "请改用其他名称" },
    });
}
