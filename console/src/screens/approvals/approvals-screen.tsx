import { Button, Code, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { Approval } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Doer } from "../../components/doer.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { APPROVAL_STATUS_TEXTS, APPROVALS_TEXTS } from "./approvals-texts.ts";
import { DecisionDialog, type Decision } from "./decision-dialog.tsx";

const TONES = {
  pending: "due",
  approved: "good",
  done: "good",
  expired: "neutral",
  rejected: "bad",
} as const;

/** `GET /api/admin/approvals`: acts above the limit wait here for a second person. */
export function ApprovalsScreen() {
  const texts = useTexts(APPROVALS_TEXTS);
  const { cursor } = useSearch({ from: "/signed-in/console/approvals" });
  const query = useQuery(adminQuery("listApprovals", { query: { cursor } }));
  return (
    <Page title={texts.title} intro={texts.intro}>
      <Loaded query={query}>
        {({ data, nextCursor }) => (
          <Stack>
            {data.length === 0 ? (
              <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
            ) : (
              <ApprovalsTable approvals={data} />
            )}
            <Pager cursor={cursor} nextCursor={nextCursor} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function ApprovalsTable({ approvals }: { approvals: readonly Approval[] }) {
  const texts = useTexts(APPROVALS_TEXTS);
  const statuses = useTexts(APPROVAL_STATUS_TEXTS);
  const [open, setOpen] = useState<{ approval: Approval; decision: Decision }>();
  return (
    <>
      <DataTable
        label={texts.title}
        rows={approvals}
        keyOf={({ id }) => id}
        columns={[
          { header: texts.askedAt, cell: ({ askedAt }) => <Moment at={askedAt} /> },
          { header: texts.askedBy, cell: ({ askedBy }) => <Doer by={askedBy} /> },
          { header: texts.what, cell: ({ what }) => <Code>{what}</Code> },
          {
            header: texts.subject,
            cell: ({ what, subject }) =>
              subject !== null && what.startsWith("user ") ? (
                <UserLink userId={subject} />
              ) : (
                <span className="breaking">{subject ?? texts.erased}</span>
              ),
          },
          { header: texts.reason, cell: ({ reason }) => reason ?? "" },
          {
            header: texts.status,
            cell: ({ status }) => <StateBadge tone={TONES[status]}>{statuses[status]}</StateBadge>,
          },
          {
            header: texts.decide,
            cell: (approval) => (
              <Decide
                approval={approval}
                onDecide={(decision) => setOpen({ approval, decision })}
              />
            ),
          },
        ]}
      />
      {open && <DecisionDialog {...open} onClose={() => setOpen(undefined)} />}
    </>
  );
}

interface DecideProps {
  readonly approval: Approval;
  readonly onDecide: (decision: Decision) => void;
}

function Decide({ approval: { status, isOwn, decidedBy }, onDecide }: DecideProps) {
  const texts = useTexts(APPROVALS_TEXTS);
  if (status !== "pending") return <Text size="sm">{decidedBy ?? ""}</Text>;
  return (
    <Group gap={4}>
      {isOwn ? (
        <Text size="sm" c="dimmed">
          {texts.own}
        </Text>
      ) : (
        <Button size="compact-sm" onClick={() => onDecide("approve")}>
          {texts.approve}
        </Button>
      )}
      <Button size="compact-sm" variant="default" onClick={() => onDecide("reject")}>
        {texts.reject}
      </Button>
    </Group>
  );
}
