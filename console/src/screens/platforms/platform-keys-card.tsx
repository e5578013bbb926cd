import { Button, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { PlatformKey } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { useAddressChange } from "../../components/address.ts";
import { DataTable } from "../../components/data-table.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { SectionCard } from "../../components/section-card.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";

/** `GET /api/admin/platform-keys` of one platform. */
export function PlatformKeysCard({ platform }: { platform: string }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const change = useAddressChange();
  const query = useQuery(adminQuery("listPlatformKeys", { query: { platform } }));
  return (
    <SectionCard
      title={texts.keys}
      actions={
        <Button size="compact-sm" variant="default" onClick={() => change({ act: "make-key" })}>
          {texts.makeKey}
        </Button>
      }
    >
      <Text size="sm" c="dimmed">
        {texts.keysIntro}
      </Text>
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? <Text size="sm">{texts.noKeys}</Text> : <KeysTable keys={data} />
        }
      </Loaded>
    </SectionCard>
  );
}

function KeysTable({ keys }: { keys: readonly PlatformKey[] }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  const change = useAddressChange();
  return (
    <DataTable
      label={texts.keys}
      rows={keys}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.label, cell: ({ label }) => <strong className="breaking">{label}</strong> },
        { header: texts.scopes, cell: ({ scopes }) => scopes.join(", ") },
        { header: texts.status, cell: (key) => <KeyState of={key} /> },
        { header: texts.since, cell: ({ createdAt }) => <Moment at={createdAt} /> },
        {
          header: texts.acts,
          cell: ({ id, label, revokedAt }) =>
            revokedAt === null && (
              <Button
                size="compact-sm"
                variant="default"
                aria-label={`${texts.revoke} ${label}`}
                onClick={() => change({ act: "revoke-key", id })}
              >
                {texts.revoke}
              </Button>
            ),
        },
      ]}
    />
  );
}

function KeyState({ of: { revokedAt, expiresAt } }: { of: PlatformKey }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  if (revokedAt !== null) return <StateBadge tone="bad">{texts.revoked}</StateBadge>;
  if (expiresAt !== null && new Date(expiresAt) <= new Date())
    return <StateBadge tone="due">{texts.ended}</StateBadge>;
  return <StateBadge tone="good">{texts.valid}</StateBadge>;
}
