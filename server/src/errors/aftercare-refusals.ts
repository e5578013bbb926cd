/** Refusals of `newday repair` after the change: watch, notices, and the API beside the database. */
import type { RefusalRows } from "./refusal-row.ts";

export const AFTERCARE_REFUSALS = {
  nothing_to_watch: {
    error: "repair_refused",
    message: {
      en: "The key is still there and no repair is journaled: there is nothing to watch yet.",
      zh: "外键仍在，且日志中没有修复记录：尚无可观察的内容。",
    },
    remedy: { en: "Apply the repair first.", zh: "请先执行修复。" },
  },
  notice_not_delivered: {
    error: "repair_incomplete",
    message: {
      en: "Not every channel was told; nothing about the database changed.",
      zh: "部分渠道未送达；数据库没有变化。",
    },
    remedy: {
      en: "Run notify again: a channel that was told is not told twice.",
      zh: "请重新运行 notify：已送达的渠道不会重复通知。",
    },
  },
  notice_done_untrue: {
    error: "repair_refused",
    message: {
      en: "The keys are still there: there is nothing to announce as done.",
      zh: "外键仍在：不能宣布完成。",
    },
    remedy: { en: "Apply the repair first.", zh: "请先执行修复。" },
  },
  notice_heads_up_untrue: {
    error: "repair_refused",
    message: {
      en: "The keys are gone already: there is no change to announce.",
      zh: "外键已不存在：没有可预告的更改。",
    },
    remedy: {
      en: "Send the result with --kind done.",
      zh: "请用 --kind done 通知结果。",
    },
  },
  notice_done_unjournaled: {
    error: "repair_refused",
    message: {
      en: "The journal holds no repair of this kind that was applied: there is nothing to announce.",
      zh: "日志中没有已执行的此类修复：没有可通知的内容。",
    },
    remedy: {
      en: "Name the repair that ran with --repair or --plan; `newday repair status` lists the runs.",
      zh: "请用 --repair 或 --plan 指明已执行的修复；newday repair status 列出各次运行。",
    },
  },
  notice_rollback_unjournaled: {
    error: "repair_refused",
    message: {
      en: "The journal holds no rollback of this repair: there is nothing to announce.",
      zh: "日志中没有此修复的回滚：没有可通知的内容。",
    },
    remedy: {
      en: "See who added the key: `newday repair status`.",
      zh: "请用 newday repair status 查明外键由谁添加。",
    },
  },
  notice_rollback_untrue: {
    error: "repair_refused",
    message: { en: "No key is there: nothing was rolled back.", zh: "没有外键：并未回滚。" },
    remedy: { en: "Choose another --kind.", zh: "请选择其他 --kind。" },
  },
  integration_page_not_green: {
    error: "repair_incomplete",
    message: {
      en: "The keys are gone and the wallet API works, but the integration page is not green.",
      zh: "外键已删除、钱包 API 正常，但集成页面未全部通过。",
    },
    remedy: { en: "Read the lines with `not ok`.", zh: "请查看标为 not ok 的各行。" },
  },
  api_writes_elsewhere: {
    error: "repair_refused",
    message: {
      en: "B83: this API writes to another database than this one.",
      zh: "B83：此 API 写入的不是本数据库。",
    },
    remedy: { en: "Stop: wrong URL or wrong database.", zh: "请停止：URL 或数据库有误。" },
  },
  api_not_green: {
    error: "repair_incomplete",
    message: {
      en: "The keys are gone, but the API does not do what it should.",
      zh: "外键已删除，但 API 的行为不符合预期。",
    },
    remedy: { en: "See the lines with `not ok`.", zh: "请查看标为 not ok 的各行。" },
  },
  api_not_bound: {
    error: "repair_refused",
    message: {
      en: "B83: the API and this database do not behave as one before the repair.",
      zh: "B83：修复之前，API 与本数据库的行为不一致。",
    },
    remedy: { en: "See the lines with `not ok`.", zh: "请查看标为 not ok 的各行。" },
  },
} as const satisfies RefusalRows;
