/** Words the refusal of a data folder that the file system keeps from us. */
import { existsSync } from "node:fs";
import { NewDayError } from "../../errors/errors.ts";
import { fillMessage, type Message } from "../../lib/messages.ts";

const NO_FOLDERS: Message = {
  en: "Set NEWDAY_DATA_DIR to a folder on a disk: this file system makes none.",
  zh: "请将 NEWDAY_DATA_DIR 设为磁盘上的目录：此文件系统无法创建目录。",
};
const NOT_A_FOLDER: Message = {
  en: "Set NEWDAY_DATA_DIR to a folder: a file, a device or a link to nothing has this name.",
  zh: "请将 NEWDAY_DATA_DIR 设为目录：此名称属于文件、设备或失效的链接。",
};

const READ_ONLY: Message = {
  en: "Mount its disk for writing, or set NEWDAY_DATA_DIR to a folder on another one.",
  zh: "请以可写方式挂载磁盘，或将 NEWDAY_DATA_DIR 设为另一磁盘上的目录。",
};
const NOT_YOURS: Message = {
  en: "Give it to this user (chown -R {user} {folder}), or start as the user it belongs to.",
  zh: "请将其交给当前用户（chown -R {user} {folder}），或以其所有者身份启动。",
};
const NOT_MADE: Message = {
  en: "Make it as root (mkdir -p {folder} && chown {user} {folder}), or set NEWDAY_DATA_DIR to a folder that this user can make.",
  zh: "请以 root 创建（mkdir -p {folder} && chown {user} {folder}），或将 NEWDAY_DATA_DIR 设为当前用户可创建的目录。",
};

/** Remedies by the system's code. */
const NEEDS: Readonly<Record<string, Message>> = {
  ENOENT: NO_FOLDERS,
  ENOTDIR: NOT_A_FOLDER,
  EEXIST: NOT_A_FOLDER,
  EROFS: READ_ONLY,
  ENOSPC: {
    en: "Free space on its disk, or set NEWDAY_DATA_DIR to a folder on another one.",
    zh: "请释放磁盘空间，或将 NEWDAY_DATA_DIR 设为另一磁盘上的目录。",
  },
};

/** For a folder that the file system keeps from us. */
export function unusableFolder(folder: string, cause: unknown): NewDayError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const code = (cause as NodeJS.ErrnoException | undefined)?.code;
  const remedy = code === undefined ? undefined : remedyOf(code, folder);
  return new NewDayError(
    "data_folder_unusable",
    { folder, reason },
    {
      message: {
        en: `The data folder ${folder} cannot be used: ${reason}.`,
        zh: `数据目录 ${folder} 无法使用：${reason}。`,
      },
      ...(remedy && { remedy }),
      cause,
    },
  );
}

/** Root cannot make a folder where the file system takes none, such as /sys; another owner changes nothing there. */
function remedyOf(code: string, folder: string): Message | undefined {
  const user = process.getuid?.();
  if ((code !== "EACCES" && code !== "EPERM") || user === undefined) return NEEDS[code];
  if (!existsSync(folder) && user === 0) return NO_FOLDERS;
  return fillMessage(existsSync(folder) ? NOT_YOURS : NOT_MADE, { user, folder });
}
