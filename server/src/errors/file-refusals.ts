/** Refusals of commands about the files and folders that they are told to use. */
import type { RefusalRows } from "./refusal-row.ts";

export const FILE_REFUSALS = {
  folder_missing: {
    error: "repair_usage",
    message: { en: "The folder of {path} does not exist.", zh: "{path} 所在的目录不存在。" },
    remedy: { en: "Create it, or name another file.", zh: "请创建该目录，或指定其他文件。" },
  },
  file_not_allowed: {
    error: "repair_usage",
    message: {
      en: "{path} is not open to this user ({words}).",
      zh: "当前用户无权使用 {path}（{words}）。",
    },
    remedy: {
      en: "Correct its rights or those of its folder, or name another one.",
      zh: "请更正其自身或所在目录的权限，或另行指定。",
    },
  },
  file_of_wrong_kind: {
    error: "repair_usage",
    message: {
      en: "{path} cannot be used: a folder stands where a file is needed, or a file where a folder is needed ({words}).",
      zh: "无法使用 {path}：需要文件处是目录，或需要目录处是文件（{words}）。",
    },
    remedy: { en: "Name another one.", zh: "请另行指定。" },
  },
  file_name_invalid: {
    error: "repair_usage",
    message: {
      en: "The name {path} is not allowed here ({words}).",
      zh: "此处不能使用名称 {path}（{words}）。",
    },
    remedy: { en: "Choose another name.", zh: "请改用其他名称。" },
  },
  disk_full: {
    error: "repair_refused",
    message: {
      en: "The disk of {path} has no room ({words}); the unfinished file was removed.",
      zh: "{path} 所在磁盘空间不足（{words}）；未完成的文件已删除。",
    },
    remedy: {
      en: "Free some space or name a file on another disk, then run the command again.",
      zh: "请腾出空间或指定其他磁盘上的文件，再重新运行。",
    },
  },
  file_failed: {
    error: "repair_refused",
    message: { en: "{path} cannot be used: {words}.", zh: "无法使用 {path}：{words}。" },
    remedy: {
      en: "Resolve the reason or name another file, then run the command again.",
      zh: "请处理该原因或指定其他文件，再重新运行。",
    },
  },
} as const satisfies RefusalRows;
