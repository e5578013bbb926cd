import { TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import type { UserSummary } from "@newday/sdk/admin";
import { adminQuery } from "../../api/queries.ts";
import { DataTable } from "../../components/data-table.tsx";
import { EmptyState } from "../../components/empty-state.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Moment } from "../../components/moment.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { StateBadge } from "../../components/state-badge.tsx";
import { UserLink } from "../../components/user-link.tsx";
import { useTexts } from "../../language/language-provider.tsx";

const TEXTS = {
  title: { en: "Users", zh: "用户" },
  intro: {
    en: "Find a user of any platform by a part of the name or id.",
    zh: "按名称或 ID 的一部分查找任一平台的用户。",
  },
  search: { en: "Name or id", zh: "名称或 ID" },
  user: { en: "User", zh: "用户" },
  name: { en: "Name", zh: "名称" },
  platform: { en: "Platform", zh: "平台" },
  proof: { en: "Proof", zh: "验证" },
  verified: { en: "verified", zh: "已验证" },
  unverified: { en: "unverified", zh: "未验证" },
  since: { en: "Since", zh: "创建时间" },
  startTitle: { en: "Type to search.", zh: "输入以搜索。" },
  start: {
    en: "A user exists from the first login or payment on a platform on. For a first one, log in on the integration page.",
    zh: "用户在平台上首次登录或付款时产生。要产生首位用户，请在集成测试页登录。",
  },
  emptyTitle: { en: "No user matches.", zh: "没有符合条件的用户。" },
  empty: {
    en: "A part of the name or id is enough; upper and lower case find each other.",
    zh: "输入名称或 ID 的一部分即可，不区分大小写。",
  },
} as const;

/** A pause of a person who types; each search asks the database once. */
const PAUSE_MS = 250;
const LENGTH_MAX = 100;

/** `GET /api/admin/users`, as one types. */
export function UsersScreen() {
  const texts = useTexts(TEXTS);
  const { q = "", cursor } = useSearch({ from: "/signed-in/console/users" });
  return (
    <Page title={texts.title} intro={texts.intro}>
      <SearchField />
      {q === "" ? (
        <EmptyState title={texts.startTitle}>{texts.start}</EmptyState>
      ) : (
        <FoundUsers q={q} cursor={cursor} />
      )}
    </Page>
  );
}

function SearchField() {
  const texts = useTexts(TEXTS);
  const { q = "" } = useSearch({ from: "/signed-in/console/users" });
  const [typed, setTyped] = useState(q);
  const navigate = useNavigate();
  const find = useDebouncedCallback((value: string) => {
    void navigate({ to: "/console/users", search: { q: value.trim() }, replace: true });
  }, PAUSE_MS);
  return (
    <TextInput
      type="search"
      label={texts.search}
      maxLength={LENGTH_MAX}
      maw={420}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        find(event.currentTarget.value);
      }}
    />
  );
}

function FoundUsers({ q, cursor }: { q: string; cursor: string | undefined }) {
  const texts = useTexts(TEXTS);
  const query = useQuery({
    ...adminQuery("searchUsers", { query: { q, cursor } }),
    placeholderData: keepPreviousData,
  });
  return (
    <Loaded query={query}>
      {({ data, nextCursor }) => (
        <>
          {data.length === 0 ? (
            <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
          ) : (
            <UsersTable users={data} />
          )}
          <Pager cursor={cursor} nextCursor={nextCursor} />
        </>
      )}
    </Loaded>
  );
}

function UsersTable({ users }: { users: readonly UserSummary[] }) {
  const texts = useTexts(TEXTS);
  return (
    <DataTable
      label={texts.title}
      rows={users}
      keyOf={({ userId }) => userId}
      columns={[
        {
          header: texts.user,
          cell: ({ userId }) => <UserLink userId={userId} />,
        },
        { header: texts.name, cell: ({ displayName }) => displayName ?? "" },
        { header: texts.platform, cell: ({ platform }) => platform },
        {
          header: texts.proof,
          cell: ({ verifiedAt }) => (
            <StateBadge tone={verifiedAt ? "good" : "neutral"}>
              {verifiedAt ? texts.verified : texts.unverified}
            </StateBadge>
          ),
        },
        { header: texts.since, cell: ({ createdAt }) => <Moment at={createdAt} /> },
      ]}
    />
  );
}
