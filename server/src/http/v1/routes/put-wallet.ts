/** `PUT /api/v1/wallets/{userId}`: opens the wallet of a platform's user, once. */
import { Type } from "typebox";
import { listAccounts } from "../../../ledger/statements/statement-queries.ts";
import { claimUser, externalIdOf, requireOwn } from "../../../identity/claim-user.ts";
import { requireUserId } from "../../../identity/user-id.ts";
import { toAccount } from "../replies/account-reply.ts";
import { requireWallet } from "../app/authorization-scope.ts";
import { WalletSchema } from "../schemas/schemas-money.ts";
import { NewDayError } from "../../../errors/errors.ts";
import { cleanDisplayName, isReservedName } from "../../../identity/display-name.ts";
import {
  OpenedUserId,
  ref,
  SHOWN_NAME,
  strictObject,
  type NothingElse,
} from "../schemas/schemas.ts";
import { callerOf, type V1App } from "../app/v1-app.ts";
import type { Services } from "../../context/services.ts";

const schema = {
  operationId: "putWallet",
  tags: ["Wallets"],
  summary: "Open a wallet",
  description:
    "201 when it is new, with the starter balances; 200 when the user has it already. Needs no " +
    "Idempotency-Key: a user has one wallet for ever, however often it is opened. A `displayName` " +
    "becomes the name under which others see the user. The ids of every " +
    "platform but the first three begin with its name, as in `acme:user-1`.",
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
    const userId = requireUserId(request.params.userId, "userId");
    const { platform } = caller;
    externalIdOf(userId, platform);
    // A wallet with an unrecorded user still belongs to a platform; claiming it would take it over.
    requireOwn((await services.directory.findWallet(userId))?.platform, platform);
    const { displayName: sent, ...unread } = request.body;
    unread satisfies NothingElse;
    if (sent !== undefined) refuseReservedName(sent);
    const displayName = cleanDisplayName(sent);
    await claimUser(services.db, { userId, platform, displayName });
    const { isNewWallet } = await services.findOrOpenWallet(userId);
    const wallet = await requireWallet(services.directory, caller, userId);
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
