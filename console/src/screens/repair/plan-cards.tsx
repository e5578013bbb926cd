import { Button, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RepairPlan } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { knownRepair } from "./known-repair.ts";
import { FindingsCard } from "./findings-card.tsx";
import { REPAIR_TEXTS } from "./repair-texts.ts";

/** The plan as of now. It samples the load for a second, so it is read when a person asks. */
export function PlanCards({ repair }: { repair: string }) {
  const texts = useTexts(REPAIR_TEXTS);
  const query = useQuery({
    ...adminQuery("getRepairPlan", { query: knownRepair(repair) }),
    staleTime: Infinity,
  });
  return (
    <Stack gap="lg">
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          {query.data ? <Moment at={query.data.madeAt} /> : texts.planning}
        </Text>
        <Button
          variant="default"
          size="compact-sm"
          loading={query.isFetching}
          onClick={() => void query.refetch()}
        >
          {texts.planAgain}
        </Button>
      </Group>
      <Loaded query={query}>{(plan) => <Plan plan={plan} />}</Loaded>
    </Stack>
  );
}

function Plan({ plan }: { plan: RepairPlan }) {
  return (
    <>
      <ChangesCard plan={plan} />
      {plan.keys.length > 0 && <LocksCard plan={plan} />}
      <FindingsCard findings={plan.findings} />
    </>
  );
}

const RISK_TONES = { low: "good", medium: "due", high: "bad" } as const;

function ChangesCard({ plan }: { plan: RepairPlan }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const { keys, risk, environment, database, server } = plan;
  return (
    <Card withBorder component="section" className="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.changes}
        </Title>
        {keys.length > 0 && (
          <StateBadge
            tone={RISK_TONES[risk.band]}
          >{`${texts.risk}: ${texts[risk.band]}`}</StateBadge>
        )}
      </Group>
      <Facts
        of={[
          [texts.database, `${database}, PostgreSQL ${server}`],
          [texts.environment, environment],
        ]}
      />
      {keys.length === 0 && <Text>{texts.nothingToDrop}</Text>}
      {keys.map((key) => (
        <div key={`${key.table} ${key.name}`} className="section">
          <Text fw={600} className="breaking">
            {key.table} {key.name}
          </Text>
          <Text size="sm">
            {texts.blocks} {key.blocks[language]}
          </Text>
          <Facts of={[[texts.orphans, key.orphans ?? texts.uncounted]]} />
          <Text size="sm">{texts.drop}</Text>
          <Code block>{key.dropSql}</Code>
          <Text size="sm">{texts.restore}</Text>
          <Code block>{key.restoreSql}</Code>
        </div>
      ))}
      {risk.terms.map((term) => (
        <Text key={term.en} size="sm" c="dimmed">
          {term[language]}
        </Text>
      ))}
    </Card>
  );
}

function LocksCard({ plan: { locks, longestWaitMs } }: { plan: RepairPlan }) {
  const texts = useTexts(REPAIR_TEXTS);
  return (
    <Card withBorder component="section" className="section">
      <div>
        <Title order={2} size="h4">
          {texts.locks}
        </Title>
        <Text size="sm" c="dimmed">
          {fillText(texts.locksIntro, { ms: longestWaitMs })}
        </Text>
      </div>
      <DataTable
        label={texts.locks}
        rows={locks}
        keyOf={({ table }) => table}
        columns={[
          { header: texts.table, cell: ({ table }) => table },
          { header: texts.rows, numeric: true, cell: ({ rows }) => countOf(rows) },
          { header: texts.size, numeric: true, cell: ({ bytes }) => sizeOf(bytes) },
        ]}
      />
    </Card>
  );
}

/** PostgreSQL knows none of a table that was never analysed. */
function countOf(rows: number): string {
  return rows === 0 ? "?" : rows.toLocaleString();
}

const KIB = 1024;

function sizeOf(bytes: number): string {
  return bytes < KIB * KIB
    ? `${Math.ceil(bytes / KIB).toLocaleString()} kB`
    : `${Math.ceil(bytes / KIB / KIB).toLocaleString()} MB`;
}
