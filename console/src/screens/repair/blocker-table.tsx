import { Card, Code, Text, Title } from "@mantine/core";
import type { Blocker, RepairState } from "@newday/sdk/admin";
import { DataTable } from "../../components/data-table.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { LOCALES } from "../../components/moment.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { REPAIR_TEXTS } from "./repair-texts.ts";

/** Who holds the tables of the repair, and what ends each. */
export function BlockerTable({ state: { blockers, runner } }: { state: RepairState }) {
  const texts = useTexts(REPAIR_TEXTS);
  const others = blockers.filter(({ pid }) => pid === null || pid !== runner?.pid);
  return (
    <Card withBorder component="section" className="section">
      <div>
        <Title order={2} size="h4">
          {texts.blockers}
        </Title>
        <Text size="sm" c="dimmed">
          {others.length === 0 ? texts.noBlockers : texts.blockersIntro}
        </Text>
      </div>
      {others.length > 0 && <Holders blockers={others} />}
    </Card>
  );
}

function Holders({ blockers }: { blockers: readonly Blocker[] }) {
  const texts = useTexts(REPAIR_TEXTS);
  return (
    <DataTable
      label={texts.blockers}
      rows={blockers}
      keyOf={({ pid, preparedName, relation }) => `${pid} ${preparedName} ${relation}`}
      columns={[
        { header: texts.session, cell: (blocker) => <Session of={blocker} /> },
        { header: texts.age, numeric: true, cell: ({ ageMs }) => <Age ms={ageMs} /> },
        { header: texts.lock, cell: ({ mode, relation }) => `${mode} ${relation}` },
        {
          header: texts.query,
          cell: ({ query }) => <Code className="breaking">{query ?? texts.queryHidden}</Code>,
        },
        {
          header: texts.end,
          cell: ({ unblock }) =>
            unblock ? <Code className="breaking">{unblock}</Code> : texts.endsItself,
        },
      ]}
    />
  );
}

function Session({ of: blocker }: { of: Blocker }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { pid, application, role, state, preparedName, isInTheWay } = blocker;
  const name =
    pid === null ? fillText(texts.prepared, { name: preparedName ?? "?" }) : `pid ${pid}`;
  return (
    <div>
      <StateBadge tone={isInTheWay ? "bad" : "neutral"}>
        {isInTheWay ? texts.inTheWay : texts.shortRequest}
      </StateBadge>
      <Text size="sm">{[name, application, role, state].filter(Boolean).join(", ")}</Text>
    </div>
  );
}

const SECOND_MS = 1_000;

function Age({ ms }: { ms: number | null }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  if (ms === null) return <span>{texts.ageHidden}</span>;
  const seconds = new Intl.NumberFormat(LOCALES[language], {
    style: "unit",
    unit: "second",
    maximumFractionDigits: 1,
  });
  return <span>{seconds.format(ms / SECOND_MS)}</span>;
}
