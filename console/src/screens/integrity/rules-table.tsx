import { Card, Text, Title } from "@mantine/core";
import type { Invariant } from "@newday/sdk/admin";
import { DataTable } from "../../components/data-table.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { INTEGRITY_TEXTS } from "./integrity-texts.ts";

type Lane = Invariant["lanes"][number];

/** Every rule, and how far each of its two readings has come. */
export function RulesTable({ invariants }: { invariants: readonly Invariant[] }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  const { language } = useLanguage();
  const laneOf = ({ lanes }: Invariant, name: Lane["lane"]) =>
    lanes.find(({ lane }) => lane === name);
  return (
    <Card withBorder component="section" className="section">
      <Title order={2} size="h4">
        {texts.rules}
      </Title>
      <DataTable
        label={texts.rules}
        rows={invariants}
        keyOf={({ id }) => id}
        columns={[
          {
            header: texts.rule,
            cell: ({ rule, ruleZh }) => (language === "zh" ? ruleZh : rule),
          },
          { header: texts.severity, cell: ({ severity }) => texts[severity] },
          { header: texts.posted, cell: (row) => <Followed of={row} lane={laneOf(row, "new")} /> },
          { header: texts.again, cell: (row) => <Reread lane={laneOf(row, "again")} /> },
        ]}
      />
    </Card>
  );
}

/** What is posted, as it comes. */
function Followed({ of: { lanes }, lane }: { of: Invariant; lane: Lane | undefined }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  if (!lane)
    return lanes.length === 0 ? (
      <StateBadge tone="neutral">{texts.notBegun}</StateBadge>
    ) : (
      <Text size="sm" c="dimmed">
        {texts.inRounds}
      </Text>
    );
  const { reachedAt } = lane;
  return (
    <div>
      <StateBadge tone={reachedAt ? "good" : "due"}>
        {reachedAt ? texts.caughtUp : texts.behind}
      </StateBadge>
      <Text size="xs" c="dimmed">
        {fillText(texts.rows, { checked: BigInt(lane.checked).toLocaleString() })}{" "}
        {reachedAt && <Moment at={reachedAt} />}
      </Text>
    </div>
  );
}

/** All that was ever posted, read round after round. */
function Reread({ lane }: { lane: Lane | undefined }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  if (!lane) return <StateBadge tone="neutral">{texts.notBegun}</StateBadge>;
  const checked = BigInt(lane.checked).toLocaleString();
  return (
    <div>
      <Text size="sm">{fillText(texts.passes, { passes: lane.passes, checked })}</Text>
      <Text size="xs" c="dimmed">
        <Moment at={lane.reachedAt ?? lane.changedAt} />
      </Text>
    </div>
  );
}
