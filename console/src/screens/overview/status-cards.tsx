import { Card, Code, Group, SimpleGrid, Text, Title } from "@mantine/core";
import type { ServerStatus } from "@newday/sdk";
import type { ReactNode } from "react";
import { Facts } from "../../components/facts.tsx";
import { StateBadge, type Tone } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { OVERVIEW_TEXTS } from "./overview-texts.ts";

/** Server, database, mode, repair and adoption. */
export function StatusCards({ status }: { status: ServerStatus }) {
  const texts = useTexts(OVERVIEW_TEXTS);
  const { repair, adoption, mode, database } = status;
  const isReachable = database === "ok";
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
      <StatusCard title={texts.server} tone="good" state={texts.answers}>
        <Facts
          of={[
            [texts.version, status.version],
            [texts.build, <Code key="build">{status.build}</Code>],
          ]}
        />
      </StatusCard>
      <StatusCard
        title={texts.database}
        tone={isReachable ? "good" : "bad"}
        state={isReachable ? texts.reachable : texts.unreachable}
      >
        <Facts of={[[texts.schema, status.schemaVersion]]} />
        <Text size="sm">{isReachable ? texts.reachableMeans : texts.unreachableMeans}</Text>
      </StatusCard>
      <StatusCard
        title={texts.mode}
        tone={mode === "production" ? "good" : "due"}
        state={texts[mode]}
      >
        <Text size="sm">{texts[`${mode}Means`]}</Text>
      </StatusCard>
      <StatusCard
        title={texts.repair}
        tone={repair.due ? "bad" : "good"}
        state={repair.due ? texts.repairDue : texts.repaired}
      >
        <Text size="sm">{repair.due ? texts.repairDueMeans : texts.repairedMeans}</Text>
        {repair.walletForeignKeys.map((name) => (
          <Code key={name} className="breaking">
            {name}
          </Code>
        ))}
        <Commands commands={repair.how ?? []} />
      </StatusCard>
      <StatusCard
        title={texts.adoption}
        tone={adoption === "adopted" ? "good" : "due"}
        state={texts[adoption]}
      >
        <Text size="sm">
          {adoption === "adopted" ? texts.adoptedMeans : texts.adoptionDueMeans}
        </Text>
        <Commands commands={adoption === "adoption_due" ? ["newday adopt"] : []} />
      </StatusCard>
    </SimpleGrid>
  );
}

interface StatusCardProps {
  readonly title: string;
  readonly tone: Tone;
  readonly state: string;
  readonly children?: ReactNode;
}

function StatusCard({ title, tone, state, children }: StatusCardProps) {
  return (
    <Card withBorder component="section" className="section status-card">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {title}
        </Title>
        <StateBadge tone={tone}>{state}</StateBadge>
      </Group>
      {children}
    </Card>
  );
}

function Commands({ commands }: { commands: readonly string[] }) {
  const texts = useTexts(OVERVIEW_TEXTS);
  if (commands.length === 0) return null;
  return (
    <>
      <Text size="sm">{texts.run}</Text>
      <Code block>{commands.join("\n")}</Code>
    </>
  );
}
