import { Button, Code, Group, Paper, Text, Title } from "@mantine/core";
import { useState } from "react";
import type { Finding } from "@newday/sdk/admin";
import { callAdmin } from "../../api/admin-client.ts";
import { ActDialog } from "../../components/act-dialog.tsx";
import { Facts } from "../../components/facts.tsx";
import { Moment } from "../../components/moment.tsx";
import { ReasonField } from "../../components/reason-field.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useLanguage, useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { INTEGRITY_TEXTS } from "./integrity-texts.ts";

/** One finding: the row, the rule, the evidence, and what to do. */
export function FindingCard({ finding }: { finding: Finding }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  const { language } = useLanguage();
  const [isClosing, setClosing] = useState(false);
  const { severity, subject, userId, frozen, foundAt, seenAt, closedAt, closedBy } = finding;
  const isZh = language === "zh";
  return (
    <Paper withBorder p="md" component="article" className="section">
      <Group justify="space-between">
        <Title order={3} size="h5" className="breaking">
          {subject}
        </Title>
        <Group gap="xs">
          {frozen && <StateBadge tone="bad">{texts.frozen}</StateBadge>}
          <StateBadge tone={closedAt ? "neutral" : "bad"}>
            {closedAt ? texts.closed : texts[severity]}
          </StateBadge>
        </Group>
      </Group>
      <Text size="sm">{isZh ? finding.ruleZh : finding.rule}</Text>
      <Facts
        of={[
          ...(userId ? [[texts.user, <UserLink key="user" userId={userId} />] as const] : []),
          [texts.foundAt, <Moment key="found" at={foundAt} />],
          [texts.seenAt, <Moment key="seen" at={seenAt} />],
          [texts.page, <Code key="page">{finding.page}</Code>],
          ...(closedAt
            ? ([
                [texts.closedAt, <Moment key="closed" at={closedAt} />],
                [closedBy ?? "", finding.closedReason ?? ""],
              ] as const)
            : []),
        ]}
      />
      <Text size="sm" fw={600}>
        {texts.evidence}
      </Text>
      <Code block>{JSON.stringify(finding.evidence, null, 2)}</Code>
      <Text size="sm" fw={600}>
        {texts.remedy}
      </Text>
      <Text size="sm">{isZh ? finding.remedyZh : finding.remedy}</Text>
      {!closedAt && (
        <Group>
          <Button size="compact-sm" variant="default" onClick={() => setClosing(true)}>
            {texts.close}
          </Button>
        </Group>
      )}
      {isClosing && <CloseDialog finding={finding} onClose={() => setClosing(false)} />}
    </Paper>
  );
}

function CloseDialog({ finding, onClose }: { finding: Finding; onClose: () => void }) {
  const texts = useTexts(INTEGRITY_TEXTS);
  const [reason, setReason] = useState("");
  const params = { id: finding.id };
  return (
    <ActDialog
      title={fillText(texts.closeTitle, { subject: finding.subject })}
      intro={texts.closeIntro}
      act={(dryRun) => callAdmin("postFindingClosing", { params, body: { reason }, dryRun })}
      showPreview={({ unfreezes }) => (
        <Text>{unfreezes ? texts.unfreezes : texts.staysFrozen}</Text>
      )}
      onClose={onClose}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ActDialog>
  );
}
