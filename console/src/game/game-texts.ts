/** Every text of the players' page, in both languages. */
import type { Language } from "../language/messages.ts";
import type { Failure } from "./game-api.ts";

export interface GameTexts {
  readonly title: string;
  readonly otherLanguage: string;
  readonly loading: string;
  readonly signedOut: string;
  readonly howToSignIn: string;
  readonly linkFailures: Readonly<Record<Failure, string>>;
  readonly sessionEnded: string;
  readonly unreachable: string;
  readonly again: string;
  readonly continueAs: (name: string) => string;
  readonly continueQuestion: (name: string) => string;
  readonly linkCameFromOutside: string;
  readonly signedInAs: (name: string) => string;
  readonly stayAs: (name: string) => string;
  readonly notNow: string;
  readonly signOut: string;
  readonly signedOutNow: string;
  readonly signOutFailed: string;
  readonly account: string;
  readonly balances: string;
  readonly gameCoins: string;
  readonly computingPower: string;
  readonly cash: string;
  readonly items: string;
  readonly noItems: string;
  readonly types: Readonly<Record<string, string>>;
  readonly rarities: Readonly<Record<string, string>>;
}

const CHINESE: GameTexts = {
  title: "New Day",
  otherLanguage: "English",
  loading: "正在读取……",
  signedOut: "尚未登录",
  howToSignIn: "请在游戏中心登录，然后从那里打开 New Day。",
  linkFailures: {
    expired: "此链接已过期。请在游戏中心重新登录，再从那里打开 New Day。",
    invalid:
      "此链接无效：可能已被退出登录，或内容被改动过。请在游戏中心重新登录，再从那里打开 New Day。",
    unreachable: "服务暂时没有回应，链接未能打开。请稍后再试。",
  },
  sessionEnded: "登录已结束。请在游戏中心重新登录，再从那里打开 New Day。",
  unreachable: "服务暂时没有回应。显示的内容可能不是最新的。",
  again: "重试",
  continueAs: (name) => `以 ${name} 的身份继续`,
  continueQuestion: (name) => `以 ${name} 的身份继续？`,
  linkCameFromOutside: "您通过一个链接来到这里。如果这不是您的账号，请不要继续。",
  signedInAs: (name) => `您当前以 ${name} 的身份登录。`,
  stayAs: (name) => `保持 ${name}`,
  notNow: "不继续",
  signOut: "退出登录",
  signedOutNow: "您已退出登录。下次请在游戏中心登录，再从那里打开 New Day。",
  signOutFailed: "服务没有回应，尚未退出登录。请再试一次。",
  account: "账号",
  balances: "余额",
  gameCoins: "游戏币",
  computingPower: "算力",
  cash: "现金",
  items: "道具",
  noItems: "还没有道具。",
  types: {
    weapon: "武器",
    armor: "护甲",
    accessory: "饰品",
    consumable: "消耗品",
    material: "材料",
    tool: "工具",
    special: "特殊",
    skin: "皮肤",
    pet: "宠物",
  },
  rarities: {
    common: "普通",
    uncommon: "优秀",
    rare: "稀有",
    epic: "史诗",
    legendary: "传说",
  },
};

const ENGLISH: GameTexts = {
  title: "New Day",
  otherLanguage: "简体中文",
  loading: "Loading…",
  signedOut: "You are signed out",
  howToSignIn: "Sign in at the game centre, then open New Day from there.",
  linkFailures: {
    expired:
      "This link has expired. Sign in at the game centre again, then open New Day from there.",
    invalid:
      "This link is not valid: it was signed out, or it was changed on the way. Sign in at the game centre again, then open New Day from there.",
    unreachable: "The server does not answer now, so the link could not be opened. Try again soon.",
  },
  sessionEnded:
    "Your session has ended. Sign in at the game centre again, then open New Day from there.",
  unreachable: "The server does not answer now. What you see may be out of date.",
  again: "Try again",
  continueAs: (name) => `Continue as ${name}`,
  continueQuestion: (name) => `Continue as ${name}?`,
  linkCameFromOutside: "A link brought you here. If this is not your account, do not continue.",
  signedInAs: (name) => `You are signed in as ${name}.`,
  stayAs: (name) => `Stay ${name}`,
  notNow: "Do not continue",
  signOut: "Sign out",
  signedOutNow:
    "You are signed out. Next time sign in at the game centre and open New Day from there.",
  signOutFailed: "The server does not answer, so you are still signed in. Try again.",
  account: "Account",
  balances: "Balances",
  gameCoins: "Game coins",
  computingPower: "Computing power",
  cash: "Cash",
  items: "Items",
  noItems: "No items yet.",
  types: {
    weapon: "weapon",
    armor: "armor",
    accessory: "accessory",
    consumable: "consumable",
    material: "material",
    tool: "tool",
    special: "special",
    skin: "skin",
    pet: "pet",
  },
  rarities: {
    common: "common",
    uncommon: "uncommon",
    rare: "rare",
    epic: "epic",
    legendary: "legendary",
  },
};

export const GAME_TEXTS: Readonly<Record<Language, GameTexts>> = { zh: CHINESE, en: ENGLISH };
