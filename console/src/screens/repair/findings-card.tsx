import { Card, Code, Group, Text, Title } from "@mantine/core";
import type { RepairPlan } from "@newday/sdk/admin";
import { StateBadge } from "../../components/state-badge.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { REPAIR_TEXTS } from "./repair-texts.ts";

const TONES = { block: "bad", warn: "due", info: "neutral" } as const;

/** What the preflight saw; what blocks says how it is mended. */
export function FindingsCard({ findings }: Pick<RepairPlan, "findings">) {
  const texts = useTexts(REPAIR_TEXTS);
  const { language } = useLanguage();
  return (
    <Card withBorder component="section" className="section">
      <Title order={2} size="h4">
        {texts.findings}
      </Title>
      {findings.length === 0 && <Text c="dimmed">{texts.noFindings}</Text>}
      {findings.map(({ id, severity, title, evidence, remedy, page }) => (
        <article key={`${id} ${evidence.en}`}>
          <Group gap="xs">
            <StateBadge tone={TONES[severity]}>{`${id} ${texts[severity]}`}</StateBadge>
            <Text fw={600}>{title[language]}</Text>
          </Group>
          <Text size="sm" className="breaking">
            {evidence[language]}
          </Text>
          {severity !== "info" && (
            <Text size="sm" c="dimmed">
              {texts.remedy}: {remedy[language]} <Code>{page}</Code>
            </Text>
          )}
        </article>
      ))}
    </Card>
  );
}
