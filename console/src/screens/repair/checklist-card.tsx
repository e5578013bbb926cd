import { Card, Code, Group, Text, Title } from "@mantine/core";
import type { RepairState, Runbook } from "@newday/sdk/admin";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { nextCommands } from "./next-commands.ts";
import { REPAIR_TEXTS } from "./repair-texts.ts";
import { useRunbook } from "./use-runbook.ts";

interface ChecklistCardProps {
  readonly state: RepairState;
  readonly run: string | undefined;
}

/** The boxes of a run, each ticked by evidence that was read again now, and what to type next. */
export function ChecklistCard({ state, run }: ChecklistCardProps) {
  const query = useRunbook(state, run);
  return (
    <Loaded query={query}>{(runbook) => <Checklist runbook={runbook} state={state} />}</Loaded>
  );
}

function Checklist({ runbook, state }: { runbook: Runbook; state: RepairState }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const commands = nextCommands(runbook, state);
  return (
    <Card withBorder component="section" className="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.checklist}
        </Title>
        <StateBadge tone={state.keys.length === 0 ? "good" : "due"}>
          {state.keys.length === 0 ? texts.keysAbsent : texts.keysPresent}
        </StateBadge>
      </Group>
      <Text size="sm" className="breaking">
        {runbook.status[language]}
      </Text>
      <ol className="checklist">
        {runbook.checklist.map(({ box, title, at, evidence }) => (
          <li key={title.en} data-box={box}>
            <span className="checklist-box" aria-hidden="true">
              {box}
            </span>
            <div>
              <Text fw={600}>
                <span className="visually-hidden">{box} </span>
                {title[language]}
              </Text>
              <Text size="sm" c="dimmed" className="breaking">
                {evidence[language]}
              </Text>
              {at && (
                <Text size="xs" c="dimmed">
                  <Moment at={at} />
                </Text>
              )}
            </div>
          </li>
        ))}
      </ol>
      <Text size="xs" c="dimmed">
        {texts.legend}
      </Text>
      {commands.length > 0 && (
        <>
          <Text size="sm">{texts.next}</Text>
          <Code block>{commands.join("\n")}</Code>
        </>
      )}
    </Card>
  );
}
