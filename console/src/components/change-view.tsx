import { Code, Table, Text } from "@mantine/core";
import { useLanguage, useTexts } from "../language/language-provider.tsx";
import { Amount } from "./amount.tsx";
import { AMOUNT_FIELDS, FIELD_TEXTS } from "./field-texts.ts";
import { Moment } from "./moment.tsx";

const TEXTS = {
  field: { en: "Field", zh: "字段" },
  before: { en: "Before", zh: "之前" },
  after: { en: "After", zh: "之后" },
  absent: { en: "none", zh: "无" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  same: { en: "No difference in the recorded values.", zh: "记录的值没有差别。" },
} as const;

/** What a change does to each field: only those that differ. */
export function ChangeView({ before, after }: { before: unknown; after: unknown }) {
  const texts = useTexts(TEXTS);
  const { language } = useLanguage();
  const [old, fresh] = [membersOf(before), membersOf(after)];
  const names = [...new Set([...Object.keys(old), ...Object.keys(fresh)])];
  const changed = names.filter((name) => write(old[name]) !== write(fresh[name]));
  if (changed.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {texts.same}
      </Text>
    );
  return (
    <Table className="data-table" withTableBorder>
      <Table.Thead>
        <Table.Tr>
          <Table.Th scope="col">{texts.field}</Table.Th>
          <Table.Th scope="col">{texts.before}</Table.Th>
          <Table.Th scope="col">{texts.after}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {changed.map((name) => (
          <Table.Tr key={name}>
            <Table.Td data-label={texts.field}>{FIELD_TEXTS[name]?.[language] ?? name}</Table.Td>
            <Table.Td data-label={texts.before}>
              <Value of={old} name={name} />
            </Table.Td>
            <Table.Td data-label={texts.after}>
              <Value of={fresh} name={name} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

interface ValueProps {
  readonly of: Readonly<Record<string, unknown>>;
  readonly name: string;
}

function Value({ of: members, name }: ValueProps) {
  const texts = useTexts(TEXTS);
  const { [name]: value, currency } = members;
  if (typeof value === "boolean") return value ? texts.yes : texts.no;
  if (typeof value === "string" && typeof currency === "string" && AMOUNT_FIELDS.has(name))
    return <Amount of={value} currency={currency} named />;
  if (typeof value === "string" && (name === "until" || name.endsWith("At")))
    return <Moment at={value} />;
  return <Code className="breaking">{write(value) ?? texts.absent}</Code>;
}

function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || value === undefined) return {};
  return typeof value === "object" && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : { "": value };
}

function write(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((one) => typeof one === "string"))
    return value.length === 0 ? undefined : value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}
