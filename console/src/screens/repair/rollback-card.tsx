import { Card, Code, Group, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { RepairState, Rollback } from "@newday/sdk/admin";
import { isApiError } from "../../api/api-error.ts";
import { callAdmin } from "../../api/admin-client.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { knownRepair } from "./known-repair.ts";
import { REPAIR_TEXTS } from "./repair-texts.ts";

/** The options of a rollback, computed from the present rows; nothing to roll back is no fault. */
export function RollbackCard({ state: { repair, journal } }: { state: RepairState }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const chosen = knownRepair(repair.id);
  const query = useQuery({
    queryKey: ["getRepairRollback", chosen, journal.head],
    queryFn: () => callAdmin("getRepairRollback", { query: chosen }),
  });
  const { error } = query;
  if (isApiError(error) && NOTHING_TO_ROLL_BACK.has(error.code))
    return (
      <EmptyState title={texts.noOptions}>{(error.detail ?? error.remedy)[language]}</EmptyState>
    );
  return (
    <Loaded query={query}>
      {(rollback) => <Options rollback={rollback} repair={repair.id} />}
    </Loaded>
  );
}

/** Before a drop, and after the adoption. */
const NOTHING_TO_ROLL_BACK: ReadonlySet<string> = new Set(["rollback_refused"]);

function Options({ rollback, repair }: { rollback: Rollback; repair: string }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const { keys, externalRows, droppedAt, options } = rollback;
  return (
    <Card withBorder component="section" className="section">
      <div>
        <Title order={2} size="h4">
          {texts.options}
        </Title>
        <Text size="sm" c="dimmed">
          {texts.optionsIntro}
        </Text>
      </div>
      <Facts
        of={[
          [texts.foreignKeys, keys.join(", ")],
          [texts.externalRows, externalRows ?? texts.uncounted],
          ...(droppedAt ? [[texts.droppedAt, <Moment key="at" at={droppedAt} />] as const] : []),
        ]}
      />
      {options.map(({ letter, name, open, reason, effect, hazard }) => (
        <article key={letter} className="section">
          <Group gap="xs">
            <Text fw={600}>
              {letter} {name}
            </Text>
            <StateBadge tone={open ? "good" : "neutral"}>
              {open ? texts.open : texts.closed}
            </StateBadge>
            <Text size="sm" c="dimmed">
              {reason[language]}
            </Text>
          </Group>
          <Text size="sm">{effect[language]}</Text>
          <Text size="sm" c="dimmed">
            {texts.hazard}: {hazard[language]}
          </Text>
          {open && (
            <Code block>{`newday repair rollback --repair ${repair} --option ${name}`}</Code>
          )}
        </article>
      ))}
    </Card>
  );
}
