/** The rules that the proof's row cannot satisfy, and those that refuse long ids. */
import type { FoundProbes, UnknownValue } from "../catalogue/probe-search.ts";
import type { Finding } from "../model/finding.ts";
import { shellWord } from "../model/text.ts";

export function probeFindings({ unknown, shortIds, isLeftOut }: FoundProbes): Finding[] {
  if (isLeftOut) return [LEFT_OUT];
  return [...unknown.map(unknownValue), ...shortIds.map(shortId)];
}

const LEFT_OUT: Finding = {
  id: "B35",
  severity: "block",
  evidence: {
    en: "no external user's row is inserted: the catalogue alone is the proof",
    zh: "不写入外部用户的行：仅由系统目录证明",
  },
  data: {},
};

function unknownValue({ table, columns, rule }: UnknownValue): Finding {
  const names = columns.map((column) => `${table}.${column}`);
  const options = names.map((name) => `--probe-value ${shellWord(`${name}=VALUE`)}`).join(" ");
  return {
    id: "B35",
    severity: "block",
    evidence: {
      en: `${names.join(", ")}: no value found for ${rule}; ${options}`,
      zh: `${names.join("、")}：未找到满足 ${rule} 的值；${options}`,
    },
    data: { table, columns, rule },
  };
}

function shortId({ table, columns, rule }: UnknownValue): Finding {
  const names = columns.map((column) => `${table}.${column}`).join(", ");
  return {
    id: "B26",
    severity: "block",
    evidence: {
      en: `${names}: ${rule} refuses an id of 255 characters`,
      zh: `${names}：${rule} 拒绝 255 个字符的 ID`,
    },
    data: { table, columns, rule },
  };
}
