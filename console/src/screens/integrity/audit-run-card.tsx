import { Card, Code, Group, Progress, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { AuditRun } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { Facts } from "../../components/facts.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { INTEGRITY_TEXTS } from "./integrity-texts.ts";

/** A person watches the bar move. */
const REFRESH_MS = 1_000;
const WHOLE = 100;

const TONES = { waiting: "due", running: "due", ended: "good" } as const;

/** A run on demand, from its asking to its end. */
export function AuditRunCard({ id }: { id: string | undefined }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  if (id === undefined) return <EmptyState title={texts.noRunTitle}>{texts.noRun}</EmptyState>;
  return <FollowedRun id={id} />;
}

function FollowedRun({ id }: { id: string }) {
  const query = useQuery({
    ...adminQuery("getAuditRun", { params: { id } }),
    refetchInterval: ({ state: { data } }) => (data?.state === "ended" ? false : REFRESH_MS),
  });
  return <Loaded query={query}>{(run) => <Run run={run} />}</Loaded>;
}

function Run({ run }: { run: AuditRun }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  const { state, step, steps, askedBy, askedAt, endedAt, checked, findings, unfinished } = run;
  const done = state === "ended" ? WHOLE : (step / steps) * WHOLE;
  return (
    <Card withBorder component="section" className="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.runTitle}
        </Title>
        <StateBadge tone={findings === "0" ? TONES[state] : "bad"}>{texts[state]}</StateBadge>
      </Group>
      <Progress value={done} size="lg" aria-label={texts.progress} animated={state === "running"} />
      <Facts
        of={[
          [texts.runSteps, `${step} / ${steps}`],
          [texts.runChecked, BigInt(checked).toLocaleString()],
          [texts.runFindings, findings],
          [texts.runAt, <Moment key="at" at={askedAt} />],
          ...(endedAt ? [[texts.runEnded, <Moment key="end" at={endedAt} />] as const] : []),
        ]}
      />
      <Text size="sm" c="dimmed">
        {fillText(texts.runOf, { who: askedBy })}
      </Text>
      {unfinished.length > 0 && (
        <>
          <Text size="sm">
            {texts.runUnfinished} {unfinished.join(", ")}
          </Text>
          <Code block>newday audit</Code>
        </>
      )}
    </Card>
  );
}
