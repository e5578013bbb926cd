/** The page's own texts; the sentences of the checks live with the checks. */
import type { Text } from "../checks/model.ts";

export const TEXTS = {
  title: { zh: "New Day 集成测试", en: "New Day integration test" },
  lead: {
    zh: "按一下按钮，逐项验证一台 New Day 服务器是否满足所有客户端的约定。",
    en: "One button checks, line by line, whether a New Day server keeps its promises to every client.",
  },
  note: {
    zh: "每次运行都会在该服务器上创建新的测试用户（itest-…）、道具和十分钟后失效的挂单，不触碰任何已有用户的资产。",
    en: "Each run creates fresh test users (itest-…), items and listings that end after ten minutes; nothing of an existing user is touched.",
  },
  address: { zh: "服务器地址", en: "Server address" },
  addressWrong: {
    zh: "请输入以 http:// 或 https:// 开头的地址",
    en: "Enter an address that starts with http:// or https://",
  },
  start: { zh: "开始测试", en: "Start test" },
  running: { zh: "测试中…", en: "Running…" },
  pending: { zh: "等待", en: "waiting" },
  now: { zh: "进行中", en: "running" },
  ready: { zh: "准备就绪", en: "Ready" },
  allGreen: { zh: "全部通过", en: "All green" },
  someRed: { zh: "有未通过的项目", en: "Some checks are not green" },
  remedy: { zh: "怎么办", en: "What to do" },
  request: { zh: "请求", en: "Request" },
  answer: { zh: "响应", en: "Answer" },
  noAnswer: { zh: "没有响应", en: "No answer" },
  nullOrigin: { zh: "来自 origin null", en: "from origin null" },
  details: { zh: "尚未运行", en: "not run yet" },
  latency: { zh: "时延", en: "Latency" },
  latencyAxis: { zh: "每个请求一根，按先后顺序", en: "one bar per request, in order" },
  median: { zh: "中位数", en: "median" },
  slowest: { zh: "最慢", en: "slowest" },
  download: { zh: "下载 JSON", en: "Download JSON" },
  copy: { zh: "复制工单文本", en: "Copy text for a ticket" },
  copied: { zh: "已复制", en: "Copied" },
  copyFailed: {
    zh: "浏览器不允许复制，文本已显示在下方",
    en: "The browser refused to copy; the text is shown below",
  },
  ticket: { zh: "工单文本", en: "Text for a ticket" },
  print: { zh: "打印", en: "Print" },
  switchLanguage: { zh: "English", en: "简体中文" },
} as const satisfies Record<string, Text>;

export type TextName = keyof typeof TEXTS;
