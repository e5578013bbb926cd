/**
 * The rollback options, computed from the present state.
 *
 * The exact option is open only while foreign rows are absent. Every other option changes what the
 * database promises, and says so. Deleting foreign rows is excluded for ever.
 */
import type { Message } from "../../lib/messages.ts";
import { counted } from "../model/text.ts";

export const OPTION_NAMES = [
  "exact",
  "freeze",
  "no-action",
  "quarantine",
  "stubs",
  "fix-forward",
  "restore",
] as const;

export type OptionName = (typeof OPTION_NAMES)[number];

export interface RollbackOption {
  readonly letter: string;
  readonly name: OptionName;
  readonly open: boolean;
  /** Why it is open or closed now. */
  readonly reason: Message;
  readonly effect: Message;
  readonly hazard: Message;
}

export interface RollbackState {
  /** Rows without an owner, over all dropped keys; null for an impossible count. */
  readonly orphans: number | null;
  /** Those over keys that were valid: a key that was NOT VALID comes back beside its orphans. */
  readonly blockingOrphans: number | null;
  /** Dropped keys that were NOT VALID. */
  readonly notValidBefore: readonly string[];
  /** Keys of other tables that would delete or empty rows when a row moves away. */
  readonly inboundCascades: readonly string[];
  /** Triggers and rules that run when a row of a dropped key is deleted. */
  readonly deleteHooks: readonly string[];
  readonly partitioned: boolean;
  readonly versionNumber: number;
  /** The table that owners have a row in. */
  readonly parentTable: string;
  /** False when a dropped key refers to another table: no stub can stand in. */
  readonly stubsPossible: boolean;
  /** True when `parentTable` gets its ids from a sequence: one day it would reach a stub's id. */
  readonly numberedParents: boolean;
  /** False when the role may make no table in schema newday to put rows aside in. */
  readonly sideTablePossible: boolean;
}

/** NOT VALID on a partitioned table came with 18. */
export const FIRST_VERSION_WITH_PARTITIONED_NOT_VALID = 180_000;

export function rollbackOptions(state: RollbackState): RollbackOption[] {
  return [
    exact(state),
    freeze(state),
    noAction(state),
    quarantine(state),
    stubs(state),
    {
      letter: "F",
      name: "fix-forward",
      open: true,
      reason: { en: "always", zh: "始终可用" },
      effect: {
        en: "keeps the drop; guard elsewhere: ids checked at the door, UNIQUE (platform, user)",
        zh: "保留删除，在别处设防：入口校验 ID、UNIQUE(平台, 用户)",
      },
      hazard: { en: "needs a design", zh: "需要设计" },
    },
    {
      letter: "X",
      name: "restore",
      open: false,
      reason: {
        en: "never by this tool: a restore loses every write since the dump",
        zh: "本工具不提供：恢复备份会丢失此后的全部写入",
      },
      effect: {
        en: "the provider's point-in-time restore, beside the live one",
        zh: "使用服务商的时间点恢复",
      },
      hazard: { en: "not a rollback of this step", zh: "不是本步骤的回滚" },
    },
  ];
}

function orphanReason(orphans: number | null): Message {
  if (orphans === null) return { en: "the rows could not be counted", zh: "无法统计行数" };
  return { en: `${counted(orphans, "row")} of external users`, zh: `外部用户行数 ${orphans}` };
}

/** The effect of an option, with the keys that it adds NOT VALID because they were so before the repair. */
function effectOn({ notValidBefore }: RollbackState, { en, zh }: Message): Message {
  if (notValidBefore.length === 0) return { en, zh };
  const names = notValidBefore.join(", ");
  return {
    en: `${en}; stays NOT VALID, as it was before the repair: ${names}`,
    zh: `${zh}；恢复为 NOT VALID，与修复前相同：${names}`,
  };
}

function exact(state: RollbackState): RollbackOption {
  return {
    letter: "A",
    name: "exact",
    open: state.blockingOrphans === 0,
    reason: orphanReason(state.orphans),
    effect: effectOn(state, {
      en: "NOT VALID, then VALIDATE: the same names, actions and comments as before",
      zh: "先 NOT VALID 再 VALIDATE：名称、动作、注释与之前相同",
    }),
    hazard: {
      en: "external users are refused at once: tell the partner first",
      zh: "外部用户立即被拒绝：请先通知合作方",
    },
  };
}

function freeze(state: RollbackState): RollbackOption {
  const refused = isNotValidRefused(state);
  return {
    letter: "B",
    name: "freeze",
    open: !refused,
    reason: refused
      ? {
          en: "a partitioned table takes no NOT VALID key before 18",
          zh: "18 之前的分区表不支持 NOT VALID",
        }
      : { en: "any number of external users", zh: "不限外部用户数量" },
    effect: {
      en: "NOT VALID only: external users who are in stay and work, new ones are refused",
      zh: "仅 NOT VALID：已有外部用户继续可用，新用户被拒绝",
    },
    hazard: {
      en: "it never validates while they are there; a later VALIDATE fails",
      zh: "只要他们存在就无法验证；之后的 VALIDATE 会失败",
    },
  };
}

function noAction(state: RollbackState): RollbackOption {
  const { parentTable } = state;
  const refused = state.blockingOrphans !== 0 && isNotValidRefused(state);
  return {
    letter: "C",
    name: "no-action",
    open: !refused,
    reason: orphanReason(state.orphans),
    effect: effectOn(state, {
      en: "without ON DELETE CASCADE; validated when there are no external users, else NOT VALID",
      zh: "去除 ON DELETE CASCADE；没有外部用户时验证，否则 NOT VALID",
    }),
    hazard: {
      en: `deleting a row of ${parentTable} that is still referenced fails loudly instead of erasing rows`,
      zh: `删除仍被引用的 ${parentTable} 行将报错，而不是连带删除`,
    },
  };
}

function quarantine(state: RollbackState): RollbackOption {
  const { orphans, inboundCascades, deleteHooks, sideTablePossible } = state;
  const isSafe = inboundCascades.length === 0 && deleteHooks.length === 0;
  return {
    letter: "D",
    name: "quarantine",
    open: orphans !== null && orphans > 0 && isSafe && sideTablePossible,
    reason: quarantineReason(state),
    effect: effectOn(state, {
      en: "moves external users' rows to a side table in schema newday, ids kept, then A",
      zh: "将外部用户的行移至 newday 模式的旁表，保留 ID，然后执行 A",
    }),
    hazard: {
      en: "their rows cannot be reached meanwhile; the partner must agree",
      zh: "期间其数据不可用；须征得合作方同意",
    },
  };
}

function quarantineReason(state: RollbackState): Message {
  const { orphans, inboundCascades, deleteHooks, sideTablePossible } = state;
  if (inboundCascades.length > 0)
    return {
      en: `refused: moving rows would cascade into ${inboundCascades.join(", ")}`,
      zh: `拒绝：移动行会级联到 ${inboundCascades.join(", ")}`,
    };
  if (deleteHooks.length > 0)
    return {
      en: `refused: runs when a row moves and may change other rows: ${deleteHooks.join(", ")}`,
      zh: `拒绝：移动行时会执行，可能更改其他行：${deleteHooks.join(", ")}`,
    };
  if (!sideTablePossible)
    return {
      en: "the role may make no table in schema newday (the journal's)",
      zh: "角色无权在 newday 模式（日志所在）中建表",
    };
  return orphanReason(orphans);
}

function stubs(state: RollbackState): RollbackOption {
  const { orphans, parentTable, stubsPossible, numberedParents } = state;
  return {
    letter: "E",
    name: "stubs",
    open: orphans !== null && orphans > 0 && stubsPossible && !numberedParents,
    reason: stubsReason(state),
    effect: effectOn(state, {
      en: `adds a marked row to ${parentTable} for every external user, then C`,
      zh: `为每个外部用户在 ${parentTable} 中添加带标记的行，然后执行 C`,
    }),
    hazard: {
      en: `stubs show up wherever ${parentTable} is read; with CASCADE deleting one would erase the rows, so C`,
      zh: `凡读取 ${parentTable} 之处都会出现占位行；若级联，删除占位会连带删除数据，因此使用 C`,
    },
  };
}

function stubsReason(state: RollbackState): Message {
  const { orphans, parentTable, stubsPossible, numberedParents } = state;
  if (!stubsPossible)
    return {
      en: `a dropped key does not refer to ${parentTable}`,
      zh: `被删除的外键并非引用 ${parentTable}`,
    };
  if (numberedParents)
    return {
      en: `${parentTable} gets its ids from a sequence, which would hand out a stub's id one day`,
      zh: `${parentTable} 的 ID 由序列生成，终会与占位行的 ID 相撞`,
    };
  return orphanReason(orphans);
}

function isNotValidRefused({ partitioned, versionNumber }: RollbackState): boolean {
  return partitioned && versionNumber < FIRST_VERSION_WITH_PARTITIONED_NOT_VALID;
}
