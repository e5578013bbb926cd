/** The options of `npm run story`. */
import { parseArgs } from "node:util";
import type { Language } from "../../src/lib/messages.ts";
import { languageOfCommand } from "../../src/cli/usage/usage-error.ts";
import type { StageOptions } from "./stage.ts";

export const HELP: Readonly<Record<Language, string>> = {
  en: `Plays the whole runbook on a legacy database under the load of an old server: from the failing
wallet on paper to the partner's page all green, in sandbox and in production.

usage: npm run story -- [options]

  --short      the legacy file and 8 players (the default; about a minute)
  --long       100,000 more wallets, 16 players, a longer load at each step
  --record     also writes docs/repair/story.md (Chinese: story-zh.md) and the page's image
  --lang LANG  zh or en; default: from the locale
  --help       this text

It needs PostgreSQL 15 with its dump programs and Chromium; npm installs them. Nothing else on this
machine is touched. Exit code: 0 when everything is as promised, 1 when not, 2 for invalid usage.`,
  zh: `在旧服务器的负载下，对旧数据库完整执行一遍操作手册：从文档所述的钱包报错，到合作方页面在沙盒与生产模式下全部通过。

用法：npm run story -- [选项]

  --short      旧数据文件与 8 名玩家（默认；约一分钟）
  --long       另加 100,000 个钱包、16 名玩家，每一步的负载更长
  --record     同时写出 docs/repair/story.md（中文：story-zh.md）与页面截图
  --lang 语言  zh 或 en；默认取自系统区域设置
  --help       本说明

需要 PostgreSQL 15（含备份程序）与 Chromium，由 npm 自动安装；不影响本机的其他部分。
退出码：0 全部符合承诺，1 不符合，2 用法有误。`,
};

/** Invalid usage; the message names the option. */
export class InvalidStoryUsage extends Error {}

export interface StoryRequest extends StageOptions {
  readonly language: Language;
  readonly record: boolean;
  /** The load is measured at least this long at each step. */
  readonly stepMs: number;
}

const SHORT = { players: 8, extraWallets: 0, stepMs: 1_000 };
const LONG = { players: 16, extraWallets: 100_000, stepMs: 10_000 };

/** Returns undefined when help is asked for. Throws `InvalidStoryUsage`. */
export function readStoryRequest(args: readonly string[]): StoryRequest | undefined {
  const { help, long, record, lang } = parse(args);
  if (help) return undefined;
  if (lang !== undefined && lang !== "zh" && lang !== "en")
    throw new InvalidStoryUsage(`--lang ${lang}: zh | en`);
  return { ...(long ? LONG : SHORT), record, language: languageOfCommand(args) };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        short: { type: "boolean", default: true },
        long: { type: "boolean", default: false },
        record: { type: "boolean", default: false },
        lang: { type: "string" },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new InvalidStoryUsage(error instanceof Error ? error.message : String(error));
  }
}
