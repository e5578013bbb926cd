import { Code, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { adminQuery } from "../../api/queries.ts";
import type { Act } from "@newday/sdk/admin";
import { ChangeView } from "../../components/change-view.tsx";
import { DataTable } from "../../components/data-table.tsx";
import { Doer } from "../../components/doer.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { FilterForm } from "../../components/filter-form.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";

const TEXTS = {
  title: { en: "Log of acts", zh: "操作日志" },
  intro: {
    en: "Who did what to whom and why, newest first. It cannot be edited.",
    zh: "谁在何时对谁做了什么、原因为何，最新的在前。日志不可修改。",
  },
  operator: { en: "Operator", zh: "操作人" },
  subject: { en: "Subject", zh: "对象" },
  at: { en: "Time", zh: "时间" },
  what: { en: "Act", zh: "操作" },
  reason: { en: "Reason", zh: "原因" },
  change: { en: "Change", zh: "更改" },
  emptyTitle: { en: "No act matches.", zh: "没有符合条件的操作。" },
  empty: {
    en: "Every act of an operator is recorded here: invitations, roles, keys, and whatever changes a user's money or things.",
    zh: "运维人员的每次操作都记录在此：邀请、角色、密钥，以及对用户资金或物品的任何更改。",
  },
} as const;

/** `GET /api/admin/acts`. */
export function ActsScreen() {
  const texts = useTexts(TEXTS);
  const search = useSearch({ from: "/signed-in/console/acts" });
  const query = useQuery(adminQuery("listActs", { query: search }));
  return (
    <Page title={texts.title} intro={texts.intro}>
      <FilterForm
        fields={[
          { name: "operator", label: texts.operator },
          { name: "subject", label: texts.subject },
        ]}
      />
      <Loaded query={query}>
        {({ data, nextCursor }) => (
          <Stack>
            {data.length === 0 ? (
              <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
            ) : (
              <ActsTable acts={data} />
            )}
            <Pager cursor={search.cursor} nextCursor={nextCursor} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function ActsTable({ acts }: { acts: readonly Act[] }) {
  const texts = useTexts(TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={acts}
      keyOf={({ id }) => id}
      columns={[
        { header: texts.at, cell: ({ at }) => <Moment at={at} /> },
        { header: texts.operator, cell: ({ operator }) => <Doer by={operator} /> },
        { header: texts.what, cell: ({ what }) => <Code>{what}</Code> },
        {
          header: texts.subject,
          cell: ({ what, subject }) => <Subject what={what} subject={subject} />,
        },
        { header: texts.reason, cell: ({ reason }) => reason ?? "" },
        {
          header: texts.change,
          cell: ({ before, after }) => (
            <details>
              <summary>{texts.change}</summary>
              <ChangeView before={before} after={after} />
            </details>
          ),
        },
      ]}
    />
  );
}

/** Of an act on a user, their page. */
function Subject({ what, subject }: Pick<Act, "what" | "subject">) {
  return what.startsWith("user ") ? (
    <UserLink userId={subject} />
  ) : (
    <span className="breaking">{subject}</span>
  );
}
