import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { Platform } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { useAddressChange } from "../../components/address.ts";
import { AnchorLink } from "../../components/anchor-link.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { AddPlatformDialog } from "./add-platform-dialog.tsx";
import { PLATFORMS_TEXTS } from "./platforms-texts.ts";
import { PlatformStatus } from "./platform-status.tsx";

/** `GET /api/admin/platforms`; each leads to its page. */
export function PlatformsScreen() {
  const texts = useTexts(PLATFORMS_TEXTS);
  const { act } = useSearch({ from: "/signed-in/console/platforms" });
  const change = useAddressChange();
  const query = useQuery(adminQuery("listPlatforms", {}));
  return (
    <Page
      title={texts.title}
      intro={texts.intro}
      actions={<Button onClick={() => change({ act: "add" })}>{texts.add}</Button>}
    >
      <Loaded query={query}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title={texts.emptyTitle} command="newday platform add NAME">
              {texts.empty}
            </EmptyState>
          ) : (
            <PlatformsTable platforms={data} />
          )
        }
      </Loaded>
      {act === "add" && <AddPlatformDialog onClose={() => change({ act: undefined })} />}
    </Page>
  );
}

function PlatformsTable({ platforms }: { platforms: readonly Platform[] }) {
  const texts = useTexts(PLATFORMS_TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={platforms}
      keyOf={({ name }) => name}
      columns={[
        {
          header: texts.platform,
          cell: ({ name }) => (
            <AnchorLink to="/console/platforms/$name" params={{ name }} inherit>
              {name}
            </AnchorLink>
          ),
        },
        { header: texts.status, cell: (platform) => <PlatformStatus of={platform} /> },
        { header: texts.login, cell: ({ login }) => texts[login] },
        { header: texts.origins, cell: ({ origins }) => origins.join(", ") || texts.anyOrigin },
        { header: texts.since, cell: ({ createdAt }) => <Moment at={createdAt} /> },
      ]}
    />
  );
}
