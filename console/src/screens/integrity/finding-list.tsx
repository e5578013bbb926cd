import { Card, Group, SegmentedControl, Stack, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import type { Audit } from "@newday/sdk/admin";
import { EmptyState } from "../../components/empty-state.tsx";
import { Pager } from "../../components/pager.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { FindingCard } from "./finding-card.tsx";
import { INTEGRITY_TEXTS } from "./integrity-texts.ts";

interface FindingListProps {
  readonly audit: Audit;
  readonly state: string;
  readonly cursor: string | undefined;
}

/** What broke a rule; the state shown is part of the address. */
export function FindingList({ audit: { data, nextCursor }, state, cursor }: FindingListProps) {
  const texts = useTexts(INTEGRITY_TEXTS);
  const navigate = useNavigate();
  return (
    <Card withBorder component="section" className="section">
      <Group justify="space-between">
        <Title order={2} size="h4">
          {texts.findings}
        </Title>
        <SegmentedControl
          size="xs"
          aria-label={texts.state}
          value={state}
          onChange={(chosen) =>
            void navigate({ to: "/console/integrity", search: { state: chosen } })
          }
          data={(["open", "closed", "all"] as const).map((value) => ({
            value,
            label: texts[value],
          }))}
        />
      </Group>
      {data.length === 0 ? (
        <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
      ) : (
        <Stack>
          {data.map((finding) => (
            <FindingCard key={finding.id} finding={finding} />
          ))}
        </Stack>
      )}
      <Pager cursor={cursor} nextCursor={nextCursor} />
    </Card>
  );
}
