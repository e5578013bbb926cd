import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import type { ReplyOf } from "../../api/admin-client.ts";
import { adminQuery } from "../../api/queries.ts";
import { EmptyState } from "../../components/empty-state.tsx";
import { FilterForm } from "../../components/filter-form.tsx";
import { Loaded } from "../../components/loaded.tsx";
import { Page } from "../../components/page.tsx";
import { Pager } from "../../components/pager.tsx";
import { useTexts } from "../../language/language-provider.tsx";
import { ItemsTable } from "./items-table.tsx";
import { ITEM_STATE_TEXTS, ITEMS_TEXTS } from "./items-texts.ts";

type ItemStateName = keyof typeof ITEM_STATE_TEXTS;

/** `GET /api/admin/items`: by name or id, owner and state. */
export function ItemsScreen() {
  const texts = useTexts(ITEMS_TEXTS);
  const states = useTexts(ITEM_STATE_TEXTS);
  const { q, userId, state: asked, cursor } = useSearch({ from: "/signed-in/console/items" });
  const state = (Object.keys(ITEM_STATE_TEXTS) as ItemStateName[]).find((one) => one === asked);
  const isAsked = q !== undefined || userId !== undefined;
  const query = useQuery({
    ...adminQuery("searchItems", { query: { q, userId, state, cursor } }),
    placeholderData: keepPreviousData,
    // The list of all items of everybody is no page that the server reads.
    enabled: isAsked,
  });
  return (
    <Page title={texts.title} intro={texts.intro}>
      <FilterForm
        fields={[
          { name: "q", label: texts.search },
          { name: "userId", label: texts.userId },
          { name: "state", label: texts.state, choices: states },
        ]}
      />
      {isAsked ? (
        <FoundItems query={query} cursor={cursor} />
      ) : (
        <EmptyState title={texts.startTitle}>{texts.start}</EmptyState>
      )}
    </Page>
  );
}

interface FoundItemsProps {
  readonly query: UseQueryResult<ReplyOf<"searchItems">>;
  readonly cursor: string | undefined;
}

function FoundItems({ query, cursor }: FoundItemsProps) {
  const texts = useTexts(ITEMS_TEXTS);
  return (
    <Loaded query={query}>
      {({ data, nextCursor }) => (
        <>
          {data.length === 0 ? (
            <EmptyState title={texts.emptyTitle}>{texts.empty}</EmptyState>
          ) : (
            <ItemsTable items={data} />
          )}
          <Pager cursor={cursor} nextCursor={nextCursor} />
        </>
      )}
    </Loaded>
  );
}
