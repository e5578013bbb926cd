/** The lines of a structure (catalogue/structure-digest.ts) as a person reads them. */
import { verbatim, type Message } from "../../lib/messages.ts";

/** Names of tables by oid. */
export type TableNames = ReadonlyMap<string, string>;

interface LineForm {
  readonly pattern: RegExp;
  readonly tell: (part: readonly string[], nameOf: (oid: string) => string) => Message;
}

const TRUE = /^t/;

const FORMS: readonly LineForm[] = [
  {
    pattern: /^relation (\d+) .* ([rp]) (\d+) (\w+) (\w+) (\w)$/s,
    tell: ([oid = "", , owner, secured = "", forced = ""], nameOf) => ({
      en: `table ${nameOf(oid)}: owner ${owner}, row security ${onOff(secured)}, forced ${onOff(forced)}`,
      zh: `表 ${nameOf(oid)}：所有者 ${owner}，行级安全 ${onOff(secured)}，强制 ${onOff(forced)}`,
    }),
  },
  {
    pattern: /^column (\d+) \d+ (.*) (\w+) (\w?) (\w?) \d+ (.*)$/s,
    tell: ([oid = "", column, notNull = "", identity, generated, value], nameOf) => {
      const facts = [
        ...(TRUE.test(notNull) ? ["not null"] : []),
        ...(identity ? ["identity"] : []),
        ...(generated ? ["generated"] : []),
        ...(value ? [`default ${value}`] : []),
      ].join(", ");
      const rest = facts && `, ${facts}`;
      return {
        en: `column of ${nameOf(oid)}: ${column}${rest}`,
        zh: `${nameOf(oid)} 的列：${column}${rest}`,
      };
    },
  },
  {
    pattern: /^constraint \d+ (\d+) (.*)$/s,
    tell: ([oid = "", constraint], nameOf) => ({
      en: `constraint of ${nameOf(oid)}: ${constraint}`,
      zh: `${nameOf(oid)} 的约束：${constraint}`,
    }),
  },
  {
    pattern: /^index \d+ \w+ (\w+) (\w+) (.*)$/s,
    tell: ([valid = "", ready = "", definition]) => {
      const usable = TRUE.test(valid) && TRUE.test(ready);
      return {
        en: `index: ${definition}${usable ? "" : " (not valid)"}`,
        zh: `索引：${definition}${usable ? "" : "（无效）"}`,
      };
    },
  },
  {
    pattern: /^trigger \d+ (\w) (.*)$/s,
    tell: ([enabled, definition]) => ({
      en: `trigger: ${definition || "of a foreign key"}${enabled === "D" ? " (disabled)" : ""}`,
      zh: `触发器：${definition || "属于某个外键"}${enabled === "D" ? "（已停用）" : ""}`,
    }),
  },
  {
    pattern: /^policy \d+ (.*)$/s,
    tell: ([policy]) => ({ en: `policy: ${policy}`, zh: `策略：${policy}` }),
  },
  {
    pattern: /^key \d+ (.*)$/s,
    tell: ([key]) => ({ en: `foreign key ${key}`, zh: `外键 ${key}` }),
  },
];

function onOff(text: string): string {
  return TRUE.test(text) ? "on" : "off";
}

/** A line of a difference, with its sign. A form that this version does not know stays as it is. */
export function describeChange(line: string, names: TableNames): Message {
  const sign = line.slice(0, 2);
  const fact = line.slice(2);
  for (const { pattern, tell } of FORMS) {
    const [, ...part] = pattern.exec(fact) ?? [];
    if (part.length === 0) continue;
    const { en, zh } = tell(part, (oid) => names.get(oid) ?? `#${oid}`);
    return { en: `${sign}${en}`, zh: `${sign}${zh}` };
  }
  return verbatim(line);
}
