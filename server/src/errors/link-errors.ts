/** Errors of links between identities: collisions are refused by name, and nothing is merged. */
import type { ErrorRows } from "./error-row.ts";

export const LINK_ERRORS = {
  link_not_found: {
    status: 404,
    contractCode: "LINK_NOT_FOUND",
    exitCode: 2,
    message: { en: "Link not found.", zh: "未找到该关联" },
    remedy: {
      en: "List the links: `GET /api/v1/links`.",
      zh: "请查询关联：GET /api/v1/links",
    },
  },
  link_to_itself: {
    status: 409,
    contractCode: "LINK_TO_ITSELF",
    exitCode: 2,
    message: {
      en: "The link is not allowed: the assertion names the session's own user.",
      zh: "断言与会话属于同一用户，无需关联",
    },
    remedy: {
      en: "Send an assertion of the identity that shall open this wallet.",
      zh: "请发送要关联到此钱包的另一身份的断言",
    },
  },
  linked_elsewhere: {
    status: 409,
    contractCode: "LINKED_ELSEWHERE",
    exitCode: 2,
    message: {
      en: "The link is not allowed: this identity opens another wallet already.",
      zh: "该身份已关联到另一个钱包",
    },
    remedy: {
      en: "Log in with that identity and unlink it (`DELETE /api/v1/links/{userId}`), then link it here.",
      zh: "请以该身份登录并解除关联（DELETE /api/v1/links/{userId}），再关联到此钱包",
    },
  },
  identity_has_links: {
    status: 409,
    contractCode: "IDENTITY_HAS_LINKS",
    exitCode: 2,
    message: {
      en: "The link is not allowed: other identities open the wallet of this identity.",
      zh: "已有其他身份关联到该身份的钱包，不能再将其关联出去",
    },
    remedy: {
      en: "Log in with that identity and unlink the others first, or link this one to its wallet.",
      zh: "请先以该身份登录并解除其他关联，或将当前身份关联到它的钱包",
    },
  },
  identity_is_linked: {
    status: 409,
    contractCode: "IDENTITY_IS_LINKED",
    exitCode: 2,
    message: {
      en: "The link is not allowed: the session's user has been linked to another wallet.",
      zh: "会话的用户已关联到另一个钱包",
    },
    remedy: {
      en: "Log in again and link from the wallet that then opens.",
      zh: "请重新登录，并从登录后打开的钱包发起关联",
    },
  },
  too_many_links: {
    status: 409,
    contractCode: "TOO_MANY_LINKS",
    exitCode: 2,
    message: {
      en: "The link is not allowed: this wallet has as many links as a wallet may have.",
      zh: "此钱包的关联数量已达上限",
    },
    remedy: {
      en: "Unlink an identity that is no longer used: `DELETE /api/v1/links/{userId}`.",
      zh: "请先解除不再使用的关联：DELETE /api/v1/links/{userId}",
    },
  },
} as const satisfies ErrorRows;
