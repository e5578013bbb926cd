import { Card, Code, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import type { RepairState } from "@newday/sdk/admin";
import { Facts } from "../../components/facts.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { BlockerTable } from "./blocker-table.tsx";
import { REPAIR_TEXTS } from "./repair-texts.ts";
import { RunTable } from "./run-table.tsx";

/** What is true, who repairs now, who is in the way, and what was done before. */
export function NowCards({ state }: { state: RepairState }) {
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <KeysCard state={state} />
        <LiveCard state={state} />
      </SimpleGrid>
      <BlockerTable state={state} />
      <RunTable state={state} />
    </Stack>
  );
}

function KeysCard({ state }: { state: RepairState }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { keys, journal, database, at } = state;
  const isGone = keys.length === 0;
  return (
    <Card withBorder component="section" className="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.foreignKeys}
        </Title>
        <StateBadge tone={isGone ? "good" : "bad"}>
          {isGone ? texts.keysAbsent : texts.keysPresent}
        </StateBadge>
      </Group>
      {isGone && <Text size="sm">{texts.noKeys}</Text>}
      {keys.map((key) => (
        <Code key={key} className="breaking">
          {key}
        </Code>
      ))}
      <Facts
        of={[
          [texts.database, database],
          [
            texts.journal,
            journal.intact
              ? fillText(texts.journalIntact, { entries: journal.entries })
              : texts.journalBroken,
          ],
          [texts.readAt, <Moment key="at" at={at} />],
        ]}
      />
    </Card>
  );
}

/** Characters of a run's id that its commands want. */
const ID_LENGTH = 8;

function LiveCard({ state: { runner, saying, blockers } }: { state: RepairState }) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  const isBlocked = blockers.some(({ isInTheWay, pid }) => isInTheWay && pid !== runner?.pid);
  const word = saying?.held ? "held" : isBlocked ? "waits" : "runs";
  return (
    <Card withBorder component="section" className="section" aria-live="polite">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.live}
        </Title>
        <StateBadge tone={runner ? "due" : "neutral"}>
          {runner ? texts[word] : texts.idle}
        </StateBadge>
      </Group>
      {runner ? (
        <Facts
          of={[
            [texts.runnerIs, `${runner.application ?? ""} (pid ${runner.pid})`],
            ...(runner.since
              ? [[texts.runnerSince, <Moment key="since" at={runner.since} />] as const]
              : []),
            ...(saying ? [[texts.environment, saying.environment] as const] : []),
          ]}
        />
      ) : (
        <Text size="sm" c="dimmed">
          {texts.noRun}
        </Text>
      )}
      {saying && (
        <>
          <Text size="sm" fw={600}>
            {texts.says}
          </Text>
          <Text size="sm" className="breaking">
            {saying.text[language]}
          </Text>
          <Text size="sm">{texts.control}</Text>
          <Code block>
            {(saying.held ? ["continue", "abort"] : ["pause", "abort"])
              .map((verb) => `newday repair ${verb} ${saying.runId.slice(0, ID_LENGTH)}`)
              .join("\n")}
          </Code>
        </>
      )}
    </Card>
  );
}
