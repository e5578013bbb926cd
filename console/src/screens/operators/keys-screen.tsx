import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { callAdmin } from "../../api/admin-client.ts";
import type { OperatorKey } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { ActDialog } from "../../components/act-dialog.tsx";
import { ChangeView } from "../../components/change-view.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { ReasonField } from "../../components/reason-field.tsx";
import { ROLE_TEXTS } from "../../components/role-texts.ts";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { fillText } from "../../language/messages.ts";
import { KEYS_TEXTS } from "./keys-texts.ts";
import { MakeKeyDialog } from "./make-key-dialog.tsx";

/** `GET /api/admin/keys`, and their making and revocation. */
export function KeysScreen() {
  const texts = useTexts(KEYS_TEXTS);
  const query = useQuery(adminQuery("listOperatorKeys", {}));
  const [isMaking, setMaking] = useState(false);
  const [revoked, setRevoked] = useState<OperatorKey>();
  return (
    <Page
      title={texts.title}
      intro={texts.intro}
      actions={<Button onClick={() => setMaking(true)}>{texts.make}</Button>}
    >
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
          ) : (
            <KeysTable keys={data} onRevoke={setRevoked} />
          )
        }
      </Loaded>
      {isMaking && <MakeKeyDialog onClose={() => setMaking(false)} />}
      {revoked && <RevokeDialog revoked={revoked} onClose={() => setRevoked(undefined)} />}
    </Page>
  );
}

interface KeysTableProps {
  readonly keys: readonly OperatorKey[];
  readonly onRevoke: (key: OperatorKey) => void;
}

function KeysTable({ keys, onRevoke }: KeysTableProps) {
  const texts = useTexts(KEYS_TEXTS);
  const roles = useTexts(ROLE_TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.label, cell: ({ label }) => <strong className="breaking">{label}</strong> },
        { header: texts.role, cell: ({ role }) => roles[role] },
        { header: texts.state, cell: (key) => <KeyState of={key} /> },
        { header: texts.madeBy, cell: ({ madeBy }) => madeBy },
        { header: texts.created, cell: ({ createdAt }) => <Moment at={createdAt} /> },
        {
          header: texts.expires,
          cell: ({ expiresAt }) => (expiresAt ? <Moment at={expiresAt} /> : texts.never),
        },
        {
          header: texts.acts,
          cell: (key) =>
            key.revokedAt === null && (
              <Button size="compact-sm" variant="default" onClick={() => onRevoke(key)}>
                {texts.revoke}
              </Button>
            ),
        },
      ]}
    />
  );
}

function KeyState({ of: { revokedAt, expiresAt } }: { of: OperatorKey }) {
  const texts = useTexts(KEYS_TEXTS);
  if (revokedAt !== null) return <StateBadge tone="bad">{texts.revoked}</StateBadge>;
  if (expiresAt !== null && new Date(expiresAt) <= new Date())
    return <StateBadge tone="due">{texts.ended}</StateBadge>;
  return <StateBadge tone="good">{texts.valid}</StateBadge>;
}

function RevokeDialog({ revoked, onClose }: { revoked: OperatorKey; onClose: () => void }) {
  const texts = useTexts(KEYS_TEXTS);
  const [reason, setReason] = useState("");
  return (
    <ActDialog
      title={fillText(texts.revokeTitle, { label: revoked.label })}
      intro={texts.revokeIntro}
      act={(dryRun) =>
        callAdmin("postOperatorKeyRevocation", {
          params: { id: revoked.id },
          body: { reason },
          dryRun,
        })
      }
      showPreview={({ before, after }) => <ChangeView before={before} after={after} />}
      onClose={onClose}
    >
      <ReasonField value={reason} onChange={setReason} />
    </ActDialog>
  );
}
