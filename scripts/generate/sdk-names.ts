/**
 * The names of the SDK's methods: group, method, and the `operationId` that it calls.
 * `npm run generate` fails for an operation that stands here not exactly once.
 */
export const SDK_METHODS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  wallets: {
    open: "putWallet",
    get: "getWallet",
    getAccount: "getAccount",
    getBalanceAt: "getBalanceAt",
    getStatement: "getStatement",
    exportStatement: "exportStatement",
    freeze: "postAccountFreeze",
    close: "postAccountClose",
    reopen: "postAccountReopen",
    listCurrencies: "listCurrencies",
    getIssuance: "getIssuance",
  },
  sessions: {
    open: "postSession",
    list: "listSessions",
    end: "deleteSession",
    endAll: "deleteSessions",
  },
  links: {
    post: "postLink",
    list: "listLinks",
    end: "deleteLink",
  },
  users: {
    getFreeze: "getUserFreeze",
    freeze: "postUserFreeze",
    unfreeze: "postUserUnfreeze",
    export: "exportUser",
    erase: "postUserErasure",
  },
  consents: {
    post: "postConsent",
    revoke: "postConsentRevoke",
    list: "listConsents",
    listOfWallet: "listWalletConsents",
    listChanges: "listConsentChanges",
  },
  limits: {
    post: "postLimit",
    remove: "postLimitRemove",
    list: "listLimits",
    listChanges: "listLimitChanges",
  },
  transfers: {
    post: "postTransfer",
    postUpTo: "postTransferUpTo",
    postLegs: "postTransferLegs",
    postBulk: "postTransferBulk",
    get: "getTransfer",
    refund: "postTransferRefund",
    mint: "postMint",
    burn: "postBurn",
    adjust: "postAdjustment",
  },
  holds: {
    post: "postHold",
    get: "getHold",
    list: "listHolds",
    capture: "postHoldCapture",
    void: "postHoldVoid",
  },
  exchange: { quote: "postQuote", execute: "postExchange" },
  items: {
    list: "listItems",
    find: "findItems",
    get: "getItem",
    patch: "patchItem",
    listEvents: "listItemEvents",
    grant: "postItemGrant",
    grantBulk: "postItemGrantBulk",
    gift: "postItemGift",
    acceptGift: "postGiftAccept",
    declineGift: "postGiftDecline",
    export: "postItemExport",
    return: "postItemReturn",
  },
  itemTypes: {
    list: "listItemTypes",
    get: "getItemType",
    put: "putItemType",
    retire: "postItemTypeRetire",
  },
  rarities: {
    list: "listRarities",
    get: "getRarity",
    put: "putRarity",
    retire: "postRarityRetire",
  },
  catalogue: { list: "listCatalogue" },
  listings: {
    list: "listListings",
    get: "getListing",
    post: "postListing",
    cancel: "postListingCancel",
  },
  stock: { list: "listStock", get: "getStock", post: "postStock", change: "patchStock" },
  purchases: { post: "postPurchase", refund: "postPurchaseRefund", list: "listPurchases" },
  recipes: { list: "listRecipes", get: "getRecipe", put: "putRecipe", craft: "postCraft" },
};

/** POSTs without an idempotency key whose repetition changes nothing, so that they may be sent again. */
export const REPEATABLE_POSTS: ReadonlySet<string> = new Set([
  "postQuote",
  "postItemTypeRetire",
  "postRarityRetire",
]);
